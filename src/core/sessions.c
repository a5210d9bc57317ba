/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the list of logins and their ending. Does not own logging in: core/login.c does. */
#include "core/sessions.h"

/* Apart from the kinds of peers in vault_access_hash. */
#define HASH_KIND_SESSION 100

int64_t session_hash(const struct call *call, uint64_t key_id)
{
	if (key_id == call->key_id)
		return 0;
	return vault_access_hash(
		call->store->vault, call->user, HASH_KIND_SESSION, (int64_t)key_id);
}

size_t sessions_list(struct call *call, struct home_login **out)
{
	return home_keys_of_user(call_home(call), call->store->vault, call->arena, call->user, out);
}

static void end_login(struct call *call, uint64_t key_id)
{
	struct effect *effect = effects_append(call->effects, EFFECT_LOGOUT);

	effect->account = call->user;
	effect->key_id = key_id;
	home_keys_set_user(call_home(call), key_id, 0, call->now_s);
}

void session_end_own(struct call *call)
{
	end_login(call, call->key_id);
}

static int check_not_fresh(struct call *call, const struct home_login *logins, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (logins[i].key_id == call->key_id &&
			logins[i].login_at_s + SESSION_FRESH_S > call->now_s)
			return rpc_error(call, 406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
	}
	return 0;
}

int session_end(struct call *call, int64_t hash)
{
	struct home_login *logins;
	size_t count = sessions_list(call, &logins);

	for (size_t i = 0; hash && i < count; i++) {
		if (session_hash(call, logins[i].key_id) != hash)
			continue;
		if (check_not_fresh(call, logins, count) < 0)
			return -1;
		end_login(call, logins[i].key_id);
		return 0;
	}
	return rpc_error(call, 400, "HASH_INVALID");
}

int sessions_end_others(struct call *call)
{
	struct home_login *logins;
	size_t count = sessions_list(call, &logins);

	if (check_not_fresh(call, logins, count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (logins[i].key_id != call->key_id)
			end_login(call, logins[i].key_id);
	}
	return 0;
}
