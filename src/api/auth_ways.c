/* SPDX-License-Identifier: Apache-2.0 */
/* auth.*: ways in without a code: by a QR code, and by a bot's token. */
#include "api/encode_login.h"
#include "api/encode_session.h"
#include "api/handlers.h"
#include "core/accounts/login_bot.h"
#include "core/accounts/login_qr.h"

static int encode_qr(struct call *call, const struct login_qr *qr, struct tl_object **reply)
{
	struct tl_auth_loginTokenSuccess *success;
	struct tl_auth_loginToken *token;

	if (qr->user) {
		success = TL_NEW(call->arena, auth_loginTokenSuccess);
		*reply = &success->o;
		return encode_authorization(call, qr->user, &success->authorization);
	}
	token = TL_NEW(call->arena, auth_loginToken);
	token->token = qr->token;
	token->expires = (int32_t)qr->expires_at_s;
	*reply = &token->o;
	return 0;
}

int api_auth_exportLoginToken(
	struct call *call, const struct tl_auth_exportLoginToken *req, struct tl_object **reply)
{
	struct login_qr qr;

	if (login_qr_export(call, req->except_ids.at, req->except_ids.count, &qr) < 0)
		return -1;
	return encode_qr(call, &qr, reply);
}

int api_auth_importLoginToken(
	struct call *call, const struct tl_auth_importLoginToken *req, struct tl_object **reply)
{
	struct login_qr qr;

	if (login_qr_import(call, req->token, &qr) < 0)
		return -1;
	return encode_qr(call, &qr, reply);
}

/* The device as the list of sessions will show it. */
int api_auth_acceptLoginToken(struct call *call, const struct tl_auth_acceptLoginToken *req,
	struct tl_authorization *reply)
{
	struct session session;
	struct home_login login;

	if (login_qr_accept(call, req->token, &login) < 0)
		return -1;
	session = (struct session){
		.login = login, .hash = session_hash(call, call->user, login.key_id)};
	encode_session(&session, reply);
	return 0;
}

int api_auth_importBotAuthorization(struct call *call,
	const struct tl_auth_importBotAuthorization *req, struct tl_object **reply)
{
	int64_t bot;

	if (login_bot(call, req->bot_auth_token, &bot) < 0)
		return -1;
	return encode_authorization(call, bot, reply);
}
