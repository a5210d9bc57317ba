/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the list of logins, their settings, beginning and ending. Does not own how somebody proves
 * who he is: core/accounts/login.c and core/accounts/password.c do. */
#include "core/accounts/sessions.h"

#include "base/text.h"
#include "core/accounts/apps.h"
#include "core/bots/bots.h"
#include "core/messages/box.h"
#include "core/secret/secret_chats.h"
#include "core/words.h"
#include "crypto/token.h"
#include "store/home_passwords.h"

/* Apart from the kinds of peers in vault_access_hash. */
#define HASH_KIND_SESSION 100
#define UNUSED_MAX 200 /* ended in one job of upkeep */

int64_t session_hash(const struct call *call, int64_t user, uint64_t key_id)
{
	return vault_access_hash(call->store->vault, user, HASH_KIND_SESSION, (int64_t)key_id);
}

/* ---- Beginning ---- */

/* The login stands even when the box can't take the message. */
static void announce_in_box(struct call *call, int64_t user, const struct home_login *login)
{
	const struct word_value values[] = {
		{"when", bytes_from_str(text_rfc3339(call->arena, call->now_s))},
		{"device", app_describe(call->arena, &login->device)}};

	if (words_letter(call, user, WORD_NEW_LOGIN, values, 2) < 0)
		call->fault = (struct fault){0};
}

/* device absent: it is confirmed. */
static void tell_of_login(
	struct call *call, int64_t user, uint64_t key_id, struct bytes device, int64_t date_s)
{
	struct update update = {.kind = UPDATE_NEW_AUTHORIZATION,
		.random_id = session_hash(call, user, key_id),
		.device = device,
		.date_s = date_s};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = user;
	effect->except_session = call->session_id;
	effect->set = effects_copy_set(call->effects, &set);
}

void session_begin(struct call *call, int64_t user, bool tell)
{
	struct db *db = call_home(call);
	bool announced = tell && home_keys_count(db, user) > 0;
	struct home_login login;
	struct effect *effect;

	if (announced &&
		home_keys_login(db, call->store->vault, call->arena, call->key_id, &login)) {
		announce_in_box(call, user, &login);
		tell_of_login(call, user, call->key_id, app_describe(call->arena, &login.device),
			call->now_s);
	}
	home_keys_set_user(db, call->key_id, user, call->now_s);
	if (announced)
		home_keys_set_confirm_at(db, call->key_id, call->now_s + SESSION_CONFIRM_S);
	effect = effects_append(call->effects, EFFECT_LOGIN);
	effect->account = user;
	effect->is_bot = bot_is(call, user);
	effect->key_id = call->key_id;
}

/* ---- The list ---- */

size_t sessions_list(struct call *call, struct session **out)
{
	struct db *db = call_home(call);
	struct home_login *logins, *pending;
	size_t count = home_keys_of_user(db, call->store->vault, call->arena, call->user, &logins);
	size_t pending_count = home_keys_pending_of(db, call->store->vault, call->arena, call->user,
		call->now_s - SESSION_PENDING_LIFE_S, &pending);
	struct session *list = arena_array(call->arena, count + pending_count + 1, sizeof(*list));

	for (size_t i = 0; i < count + pending_count; i++) {
		struct session *session = &list[i];

		session->login = i < count ? logins[i] : pending[i - count];
		session->password_pending = i >= count;
		session->unconfirmed = session->login.confirm_at_s > call->now_s;
		if (session->login.key_id != call->key_id)
			session->hash = session_hash(call, call->user, session->login.key_id);
	}
	*out = list;
	return count + pending_count;
}

static const struct session *find(struct call *call, int64_t hash)
{
	struct session *list;
	size_t count = sessions_list(call, &list);

	for (size_t i = 0; i < count; i++) {
		if (list[i].hash == hash)
			return &list[i];
	}
	rpc_error(call, 400, "HASH_INVALID");
	return NULL;
}

/* ---- Ending ---- */

void session_end_login(struct call *call, int64_t user, uint64_t key_id)
{
	struct effect *effect = effects_append(call->effects, EFFECT_LOGOUT);

	effect->except_session = call->session_id;
	effect->account = user;
	effect->key_id = key_id;
	home_keys_set_user(call_home(call), key_id, 0, call->now_s);
	secret_end_device(call, user, key_id);
}

void session_end_own(struct call *call, struct bytes *token)
{
	struct db *db = call_home(call);
	uint8_t hash[TOKEN_HASH_SIZE];
	char text[TOKEN_TEXT_SIZE];

	*token = (struct bytes){0};
	if (home_password_is_set(db, call->user)) {
		token_new(text);
		*token = arena_bytes(call->arena, bytes_from_str(text));
		bytes_wipe(text, sizeof(text));
		token_hash(*token, hash);
		home_logout_token_insert(
			db, call->user, hash, call->now_s, call->now_s + SESSION_TOKEN_LIFE_S);
	}
	session_end_login(call, call->user, call->key_id);
}

bool session_was_here(
	struct call *call, int64_t user, const struct bytes *tokens, size_t token_count)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	for (size_t i = 0; i < token_count && i < SESSION_TOKENS_MAX; i++) {
		token_hash(tokens[i], hash);
		if (home_logout_token_holds(call_home(call), user, hash, call->now_s))
			return true;
	}
	return false;
}

void session_drop_temp_keys(struct call *call, const int64_t *spared, size_t count)
{
	struct effect *effect = effects_append(call->effects, EFFECT_TEMP_KEYS_GONE);

	if (count > SESSION_SPARED_MAX)
		count = SESSION_SPARED_MAX;
	effect->key_id = call->key_id;
	effect->spared = arena_array(&call->effects->arena, count + 1, sizeof(*effect->spared));
	for (size_t i = 0; i < count; i++)
		effect->spared[i] = (uint64_t)spared[i];
	effect->spared[count] = call->temp_key_id;
	effect->spared_count = count + 1;
}

bool session_is_fresh(struct call *call, struct home_login *own)
{
	return home_keys_login(
		       call_home(call), call->store->vault, call->arena, call->key_id, own) &&
	       own->login_at_s + SESSION_FRESH_S > call->now_s;
}

static int check_not_fresh(struct call *call)
{
	struct home_login own;

	if (!session_is_fresh(call, &own))
		return 0;
	words_notice(call, WORD_FRESH_LOGIN);
	return rpc_error(call, 406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
}

int session_end(struct call *call, int64_t hash)
{
	const struct session *session = hash ? find(call, hash) : NULL;

	if (!session)
		return rpc_error(call, 400, "HASH_INVALID");
	if (check_not_fresh(call) < 0)
		return -1;
	session_end_login(call, call->user, session->login.key_id);
	return 0;
}

int sessions_end_others(struct call *call)
{
	struct session *list;
	size_t count = sessions_list(call, &list);

	if (check_not_fresh(call) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (list[i].hash)
			session_end_login(call, call->user, list[i].login.key_id);
	}
	home_logout_tokens_revoke(call_home(call), call->user);
	return 0;
}

/* ---- Settings ---- */

/* Who logged in a moment ago can vouch neither for himself nor for others who did. */
static bool may_confirm(struct call *call)
{
	const struct session *own = find(call, 0);

	return own && !own->unconfirmed;
}

int session_change(struct call *call, const struct session_change *change)
{
	const struct session *session = find(call, change->hash);
	unsigned refuses;

	if (!session)
		return -1;
	if (session->password_pending ||
		(change->confirm && session->unconfirmed && !may_confirm(call)))
		return rpc_error(call, 400, "HASH_INVALID");
	refuses = session->login.refuses;
	if (change->has_secret_chats)
		refuses = (refuses & ~REFUSES_SECRET_CHATS) |
			  (change->refuses_secret_chats ? REFUSES_SECRET_CHATS : 0);
	if (change->has_calls)
		refuses = (refuses & ~REFUSES_CALLS) | (change->refuses_calls ? REFUSES_CALLS : 0);
	home_keys_set_refuses(call_home(call), session->login.key_id, refuses);
	if (change->confirm && session->unconfirmed) {
		home_keys_set_confirm_at(call_home(call), session->login.key_id, 0);
		tell_of_login(call, call->user, session->login.key_id, (struct bytes){0}, 0);
	}
	return 0;
}

int sessions_ttl_days(struct call *call)
{
	return home_keys_ttl(call_home(call), call->user);
}

int sessions_set_ttl(struct call *call, int days)
{
	if (days < 1 || days > SESSION_TTL_DAYS_MAX)
		return rpc_error(call, 400, "TTL_DAYS_INVALID");
	if (check_not_fresh(call) < 0)
		return -1;
	home_keys_set_ttl(call_home(call), call->user, days);
	return 0;
}

bool sessions_end_unused(struct call *call)
{
	struct home_unused *unused = arena_array(call->arena, UNUSED_MAX, sizeof(*unused));
	size_t count = home_keys_unused(call_home(call), call->now_s, unused, UNUSED_MAX);

	for (size_t i = 0; i < count; i++)
		session_end_login(call, unused[i].user_id, unused[i].key_id);
	return count == UNUSED_MAX;
}
