/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the account: account.*Authorization*, and the
 * ends of sessions in auth.*. */
#include "api/encode_session.h"
#include "api/handlers.h"

/* https://core.telegram.org/method/account.getAuthorizations */
int api_account_getAuthorizations(struct call *call, const struct tl_account_getAuthorizations *req,
	struct tl_account_authorizations *reply)
{
	struct session *list;
	size_t count = sessions_list(call, &list);

	reply->authorization_ttl_days = sessions_ttl_days(call);
	reply->authorizations = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_authorization *line = TL_NEW(call->arena, authorization);

		encode_session(&list[i], line);
		reply->authorizations.at[i] = &line->o;
	}
	return 0;
}

/* https://core.telegram.org/method/account.resetAuthorization */
int api_account_resetAuthorization(
	struct call *call, const struct tl_account_resetAuthorization *req, bool *reply)
{
	*reply = true;
	return session_end(call, req->hash);
}

/* https://core.telegram.org/method/auth.resetAuthorizations */
int api_auth_resetAuthorizations(
	struct call *call, const struct tl_auth_resetAuthorizations *req, bool *reply)
{
	*reply = true;
	return sessions_end_others(call);
}

/* https://core.telegram.org/method/account.changeAuthorizationSettings */
int api_account_changeAuthorizationSettings(
	struct call *call, const struct tl_account_changeAuthorizationSettings *req, bool *reply)
{
	const struct session_change change = {
		.hash = req->hash,
		.confirm = req->confirmed,
		.has_secret_chats = req->has_encrypted_requests_disabled,
		.refuses_secret_chats = req->encrypted_requests_disabled,
		.has_calls = req->has_call_requests_disabled,
		.refuses_calls = req->call_requests_disabled,
	};

	*reply = true;
	return session_change(call, &change);
}

/* https://core.telegram.org/method/account.setAuthorizationTTL */
int api_account_setAuthorizationTTL(
	struct call *call, const struct tl_account_setAuthorizationTTL *req, bool *reply)
{
	*reply = true;
	return sessions_set_ttl(call, req->authorization_ttl_days);
}

/* https://core.telegram.org/method/auth.logOut */
int api_auth_logOut(
	struct call *call, const struct tl_auth_logOut *req, struct tl_auth_loggedOut *reply)
{
	session_end_own(call, &reply->future_auth_token);
	return 0;
}
