/* SPDX-License-Identifier: Apache-2.0 */
/* auth.*: logging in and out. https://core.telegram.org/api/auth */
#include "api/encode_user.h"
#include "api/handlers.h"
#include "core/login.h"
#include "core/sessions.h"
#include "core/users.h"

static struct tl_object *encode_sent(struct call *call, const struct login_sent *sent)
{
	struct tl_auth_sentCode *out = TL_NEW(call->arena, auth_sentCode);

	if (sent->to_app) {
		struct tl_auth_sentCodeTypeApp *app = TL_NEW(call->arena, auth_sentCodeTypeApp);

		app->length = LOGIN_CODE_DIGITS;
		out->type = &app->o;
	} else {
		struct tl_auth_sentCodeTypeSms *sms = TL_NEW(call->arena, auth_sentCodeTypeSms);

		sms->length = LOGIN_CODE_DIGITS;
		out->type = &sms->o;
	}
	out->phone_code_hash = sent->hash;
	return &out->o;
}

/* call->user is still nobody: the account sees itself. */
static int encode_authorization(struct call *call, int64_t id, struct tl_object **reply)
{
	struct tl_auth_authorization *out = TL_NEW(call->arena, auth_authorization);
	struct user *user = ARENA_NEW(call->arena, struct user);

	if (user_view_for(call, id, id, user) < 0)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	out->user = encode_user(call->arena, user);
	*reply = &out->o;
	return 0;
}

int api_auth_sendCode(
	struct call *call, const struct tl_auth_sendCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (login_send_code(call, req->phone_number, &sent) < 0)
		return -1;
	*reply = encode_sent(call, &sent);
	return 0;
}

int api_auth_resendCode(
	struct call *call, const struct tl_auth_resendCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (login_resend_code(call, req->phone_number, req->phone_code_hash, &sent) < 0)
		return -1;
	*reply = encode_sent(call, &sent);
	return 0;
}

int api_auth_cancelCode(struct call *call, const struct tl_auth_cancelCode *req, bool *reply)
{
	*reply = true;
	return login_cancel_code(call, req->phone_number, req->phone_code_hash);
}

int api_auth_signIn(struct call *call, const struct tl_auth_signIn *req, struct tl_object **reply)
{
	int64_t user;

	if (login_sign_in(call, req->phone_number, req->phone_code_hash, req->phone_code, &user) <
		0)
		return -1;
	if (user == 0) {
		*reply = &TL_NEW(call->arena, auth_authorizationSignUpRequired)->o;
		return 0;
	}
	return encode_authorization(call, user, reply);
}

int api_auth_signUp(struct call *call, const struct tl_auth_signUp *req, struct tl_object **reply)
{
	int64_t user;

	if (login_sign_up(call, req->phone_number, req->phone_code_hash, req->first_name,
		    req->last_name, &user) < 0)
		return -1;
	return encode_authorization(call, user, reply);
}

int api_auth_logOut(
	struct call *call, const struct tl_auth_logOut *req, struct tl_auth_loggedOut *reply)
{
	session_end_own(call);
	return 0;
}

/* A new temporary key replaces the old one when it is bound, so there is none to drop.
 * TDLib repeats the call for ever unless it hears true. */
int api_auth_dropTempAuthKeys(
	struct call *call, const struct tl_auth_dropTempAuthKeys *req, bool *reply)
{
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

int api_auth_resetAuthorizations(
	struct call *call, const struct tl_auth_resetAuthorizations *req, bool *reply)
{
	*reply = true;
	return sessions_end_others(call);
}
