/* SPDX-License-Identifier: Apache-2.0 */
/* auth.*: logging in and out. https://core.telegram.org/api/auth */
#include "api/encode_login.h"
#include "api/handlers.h"
#include "core/accounts/invitations.h"
#include "core/accounts/login.h"
#include "core/accounts/login_email.h"
#include "core/accounts/sessions.h"
#include "core/accounts/terms.h"
#include "core/words.h"

/* A device that was logged in before, and kept its token, needs no code.
 * https://core.telegram.org/api/auth#future-auth-tokens */
static int send_code_to_known(
	struct call *call, const struct tl_auth_sendCode *req, struct tl_object **reply)
{
	const struct tl_codeSettings *settings = TL_AS(codeSettings, req->settings);
	struct tl_auth_sentCodeSuccess *success;
	int64_t user = 0;

	if (!settings || settings->logout_tokens.count == 0)
		return 0;
	if (login_return(call, req->phone_number, settings->logout_tokens.at,
		    settings->logout_tokens.count, &user) < 0)
		return -1;
	if (!user)
		return 0;
	success = TL_NEW(call->arena, auth_sentCodeSuccess);
	*reply = &success->o;
	return encode_authorization(call, user, &success->authorization);
}

int api_auth_sendCode(
	struct call *call, const struct tl_auth_sendCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	*reply = NULL;
	if (send_code_to_known(call, req, reply) < 0)
		return -1;
	if (*reply)
		return 0;
	if (login_send_code(call, req->phone_number, &sent) < 0)
		return -1;
	*reply = encode_sent_code(call, &sent);
	return 0;
}

int api_auth_resendCode(
	struct call *call, const struct tl_auth_resendCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (login_resend_code(call, req->phone_number, req->phone_code_hash, &sent) < 0)
		return -1;
	*reply = encode_sent_code(call, &sent);
	return 0;
}

int api_auth_cancelCode(struct call *call, const struct tl_auth_cancelCode *req, bool *reply)
{
	*reply = true;
	return login_cancel_code(call, req->phone_number, req->phone_code_hash);
}

int api_auth_resetLoginEmail(
	struct call *call, const struct tl_auth_resetLoginEmail *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (login_email_reset(call, req->phone_number, req->phone_code_hash, &sent) < 0)
		return -1;
	*reply = encode_sent_code(call, &sent);
	return 0;
}

/* Which network loses messages is not collected: that it was said is all. */
int api_auth_reportMissingCode(
	struct call *call, const struct tl_auth_reportMissingCode *req, bool *reply)
{
	*reply = true;
	return 0;
}

/* Absent: no word is needed. */
static struct bytes word_hint(struct call *call, struct bytes written)
{
	struct code_phone phone;

	if (code_phone_take(call, written, &phone) < 0 || !signup_needs_word(call, &phone))
		return (struct bytes){0};
	return words_say(
		call, words_language_of_phone(call, phone.digits), WORD_INVITE_WORD, NULL, 0);
}

int api_auth_signIn(struct call *call, const struct tl_auth_signIn *req, struct tl_object **reply)
{
	struct bytes typed;
	int64_t user;

	if (typed_code(call, req->phone_code, req->email_verification, &typed) < 0 ||
		login_sign_in(call, req->phone_number, req->phone_code_hash, typed, &user) < 0)
		return -1;
	if (user == 0) {
		struct tl_auth_authorizationSignUpRequired *more =
			TL_NEW(call->arena, auth_authorizationSignUpRequired);

		more->terms_of_service = encode_terms(call, word_hint(call, req->phone_number));
		*reply = &more->o;
		return 0;
	}
	return encode_authorization(call, user, reply);
}

int api_auth_signUp(struct call *call, const struct tl_auth_signUp *req, struct tl_object **reply)
{
	const struct login_newcomer newcomer = {
		req->first_name, req->last_name, req->no_joined_notifications};
	int64_t user;

	if (login_sign_up(call, req->phone_number, req->phone_code_hash, &newcomer, &user) < 0)
		return -1;
	/* Stock clients show them before they call this. */
	terms_accept(call, user);
	return encode_authorization(call, user, reply);
}

/* TDLib repeats the call for ever unless it hears true.
 * https://core.telegram.org/method/auth.dropTempAuthKeys */
int api_auth_dropTempAuthKeys(
	struct call *call, const struct tl_auth_dropTempAuthKeys *req, bool *reply)
{
	session_drop_temp_keys(call, req->except_auth_keys.at, req->except_auth_keys.count);
	*reply = true;
	return 0;
}

int api_auth_exportAuthorization(struct call *call, const struct tl_auth_exportAuthorization *req,
	struct tl_auth_exportedAuthorization *reply)
{
	if (req->dc_id < 1 || req->dc_id > 5)
		return rpc_error(call, 400, "DC_ID_INVALID");
	reply->id = call->user;
	reply->bytes = login_export(call);
	return 0;
}

int api_auth_importAuthorization(
	struct call *call, const struct tl_auth_importAuthorization *req, struct tl_object **reply)
{
	if (login_import(call, req->id, req->bytes) < 0)
		return -1;
	return encode_authorization(call, req->id, reply);
}
