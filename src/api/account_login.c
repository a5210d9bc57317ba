/* SPDX-License-Identifier: Apache-2.0 */
/* account.*: by what an account is logged in to. */
#include "api/encode_login.h"
#include "api/handlers.h"
#include "core/accounts/login.h"
#include "core/accounts/login_email.h"
#include "core/accounts/outbox.h"

/* Of a number that logs in an address is never demanded (auth.sentCodeTypeSetUpEmailRequired is not
 * sent), and Passport is not served: only who is logged in sets one. */
static int check_purpose(struct call *call, const struct tl_object *purpose)
{
	if (!TL_AS(emailVerifyPurposeLoginChange, purpose))
		return rpc_error(call, 400, "EMAIL_NOT_ALLOWED");
	if (!call->user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	return 0;
}

int api_account_sendVerifyEmailCode(struct call *call,
	const struct tl_account_sendVerifyEmailCode *req, struct tl_account_sentEmailCode *reply)
{
	if (check_purpose(call, req->purpose) < 0 || login_email_send(call, req->email) < 0)
		return -1;
	reply->email_pattern = outbox_address_pattern(call->arena, req->email);
	reply->length = LOGIN_CODE_DIGITS;
	return 0;
}

int api_account_verifyEmail(
	struct call *call, const struct tl_account_verifyEmail *req, struct tl_object **reply)
{
	struct tl_account_emailVerified *out = TL_NEW(call->arena, account_emailVerified);
	struct bytes typed;

	if (check_purpose(call, req->purpose) < 0 ||
		typed_code(call, (struct bytes){0}, req->verification, &typed) < 0 ||
		login_email_verify(call, typed, &out->email) < 0)
		return -1;
	*reply = &out->o;
	return 0;
}

/* https://core.telegram.org/method/account.invalidateSignInCodes: whichever of them was shown to
 * somebody, all that are under way end. */
int api_account_invalidateSignInCodes(
	struct call *call, const struct tl_account_invalidateSignInCodes *req, bool *reply)
{
	login_invalidate_codes(call);
	*reply = true;
	return 0;
}
