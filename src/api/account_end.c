/* SPDX-License-Identifier: Apache-2.0 */
/* account.*: another number, and the end of the account. */
#include "api/encode_login.h"
#include "api/encode_session.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "core/accounts/account_end.h"
#include "core/accounts/change_phone.h"
#include "core/accounts/users.h"

int api_account_sendChangePhoneCode(struct call *call,
	const struct tl_account_sendChangePhoneCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (change_phone_send(call, req->phone_number, &sent) < 0)
		return -1;
	*reply = encode_sent_code(call, &sent);
	return 0;
}

int api_account_changePhone(
	struct call *call, const struct tl_account_changePhone *req, struct tl_object **reply)
{
	struct user *user = ARENA_NEW(call->arena, struct user);

	if (change_phone(call, req->phone_number, req->phone_code_hash, req->phone_code) < 0)
		return -1;
	if (user_view(call, call->user, user) < 0)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	*reply = encode_user(call->arena, user);
	return 0;
}

/* The reason is for a service that reads reasons: nobody does here. */
int api_account_deleteAccount(
	struct call *call, const struct tl_account_deleteAccount *req, bool *reply)
{
	struct password_answer answer = decode_password_answer(req->password);

	*reply = true;
	return account_delete(call, &answer);
}

int api_account_getAccountTTL(struct call *call, const struct tl_account_getAccountTTL *req,
	struct tl_accountDaysTTL *reply)
{
	reply->days = account_ttl(call);
	return 0;
}

int api_account_setAccountTTL(
	struct call *call, const struct tl_account_setAccountTTL *req, bool *reply)
{
	const struct tl_accountDaysTTL *ttl = TL_AS(accountDaysTTL, req->ttl);

	*reply = true;
	return account_set_ttl(call, ttl ? ttl->days : 0);
}

int api_account_sendConfirmPhoneCode(struct call *call,
	const struct tl_account_sendConfirmPhoneCode *req, struct tl_object **reply)
{
	struct login_sent sent;

	if (account_keep_send(call, req->hash, &sent) < 0)
		return -1;
	*reply = encode_sent_code(call, &sent);
	return 0;
}

int api_account_confirmPhone(
	struct call *call, const struct tl_account_confirmPhone *req, bool *reply)
{
	*reply = true;
	return account_keep(call, req->phone_code_hash, req->phone_code);
}
