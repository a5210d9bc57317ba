/* SPDX-License-Identifier: Apache-2.0 */
/* Owns when and how accounts end. Does not own what tables they leave: store/home_leftovers.c
 * does. */
#include "core/accounts/account_end.h"

#include "base/text.h"
#include "core/bots/bots.h"
#include "core/changes.h"
#include "core/channels/channels.h"
#include "core/chats/chats.h"
#include "core/accounts/contacts.h"
#include "core/accounts/phone.h"
#include "core/accounts/sessions.h"
#include "core/secret/secret_chats.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "store/home_affairs.h"
#include "store/home_calls.h"
#include "store/home_keys.h"
#include "store/home_leftovers.h"
#include "store/home_users.h"

#define DAY_S 86400
#define WORD_BYTES 12
/* Of one piece of upkeep: some ten milliseconds. */
#define DUE_MAX 8
#define LOOK_MAX 200
#define ROWS_MAX 2000

static void load(struct call *call, int64_t user, struct home_affairs *affairs)
{
	home_affairs_get(call_home(call), call->store->vault, call->arena, user, affairs);
}

static void save(struct call *call, const struct home_affairs *affairs)
{
	home_affairs_put(call_home(call), call->store->vault, call->arena, affairs);
}

/* ---- For how long ---- */

int account_ttl(struct call *call)
{
	struct home_affairs affairs;

	load(call, call->user, &affairs);
	return affairs.ttl_days;
}

int account_set_ttl(struct call *call, int32_t days)
{
	struct home_affairs affairs;

	if (days < ACCOUNT_TTL_DAYS_MIN || days > ACCOUNT_TTL_DAYS_MAX)
		return rpc_error(call, 400, "TTL_DAYS_INVALID");
	load(call, call->user, &affairs);
	affairs.ttl_days = days;
	save(call, &affairs);
	return 0;
}

/* When it was last seen, as exactly as anybody needs: within a day. */
static int64_t note_seen(struct call *call, const struct home_unseen *row)
{
	int64_t seen_s = row->seen_at_s > row->created_at_s ? row->seen_at_s : row->created_at_s;

	if (row->key_active_at_s > seen_s + DAY_S) {
		seen_s = row->key_active_at_s;
		home_affairs_set_seen(call_home(call), row->owner, seen_s);
	}
	return seen_s > row->key_active_at_s ? seen_s : row->key_active_at_s;
}

/* ---- Its end ---- */

static void end_logins(struct call *call, int64_t user)
{
	struct home_login *logins;
	size_t count;

	home_keys_end_pending(call_home(call), user);
	while ((count = home_keys_of_user(
			call_home(call), call->store->vault, call->arena, user, &logins)) > 0) {
		for (size_t i = 0; i < count; i++)
			session_end_login(call, user, logins[i].key_id);
	}
}

/* Whoever is shown the account looks at it again. */
static void tell_others(struct call *call, const int64_t *watchers, size_t count, int64_t user)
{
	struct peer peer = {PEER_USER, user};

	for (size_t i = 0; i < count; i++) {
		struct update update = {.kind = UPDATE_USER_NAME, .peer = peer};

		change_tell(call, watchers[i], 0, CHANGE_USER, peer, 0, &update);
	}
}

void account_end(struct call *call, int64_t user)
{
	struct db *db = call_home(call);
	struct home_user profile;
	struct code_phone phone;
	struct call as_itself = *call;
	int64_t *watchers;
	size_t count;

	if (!home_user_get(db, call->store->vault, call->arena, user, &profile) ||
		profile.deleted_at_s)
		return;
	phone.digits = profile.phone;
	phone_lookup(call->store->vault, phone.digits, phone.hash);
	as_itself.user = user; /* whoever asks: upkeep is nobody */
	count = user_watchers(&as_itself, &watchers);
	home_codes_expire(db, phone.hash, call->now_s);
	home_standing_delete(db, phone.hash);
	home_calls_forget(db, user);
	end_logins(call, user);
	secret_end_account(call, user);
	chats_leave_all(call, user);
	channels_leave_all(&as_itself);
	contacts_shred(call, user, phone.digits);
	user_username_drop(call, user);
	home_leftovers_drop(db, user);
	home_user_delete(db, user, call->now_s);
	/* Messages are many: they go in pieces. */
	home_affairs_set_delete_at(db, user, call->now_s);
	tell_others(call, watchers, count, user);
}

/* Bots work without being seen: they end when their owner says so. */
static bool is_abandoned(struct call *call, const struct home_unseen *row)
{
	const int64_t seen_s = note_seen(call, row);

	return seen_s + row->ttl_days * (int64_t)DAY_S < call->now_s && !bot_is(call, row->owner);
}

bool accounts_look(struct call *call, int64_t *cursor)
{
	struct home_unseen *rows = arena_array(call->arena, LOOK_MAX, sizeof(*rows));
	size_t count = home_unseen_after(call_home(call), *cursor, rows, LOOK_MAX), ended = 0;

	for (size_t i = 0; i < count && ended < DUE_MAX; i++) {
		*cursor = rows[i].owner;
		/* Now, not by a note for later: its owner might come back in between. */
		if (is_abandoned(call, &rows[i])) {
			account_end(call, rows[i].owner);
			ended++;
		}
	}
	if (count == LOOK_MAX || ended == DUE_MAX)
		return true;
	*cursor = HOME_INSTALLATION;
	return false;
}

bool accounts_end_due(struct call *call)
{
	struct db *db = call_home(call);
	int64_t due[DUE_MAX];
	size_t count = home_affairs_due(db, call->now_s, due, DUE_MAX);
	bool more = count == DUE_MAX;

	for (size_t i = 0; i < count; i++) {
		if (home_user_exists(db, due[i])) {
			account_end(call, due[i]);
			more = true;
		} else if (home_leftovers_purge(db, due[i], ROWS_MAX)) {
			more = true;
		} else {
			home_affairs_delete(db, due[i]);
		}
	}
	return more;
}

/* ---- At its owner's word ---- */

static void tell_wait(struct call *call, int64_t user, struct bytes word)
{
	struct home_user profile;
	struct word_value values[] = {{"phone", {0}}, {"hash", word}};

	if (!home_user_get(call_home(call), call->store->vault, call->arena, user, &profile))
		return;
	values[0].value = profile.phone;
	if (words_letter(call, user, WORD_DELETE_WAIT, values, ARRAY_LEN(values)) < 0)
		call->fault = (struct fault){0};
}

/* 0: the week is over. */
static int wait_a_week(struct call *call, int64_t user)
{
	struct home_affairs affairs;
	uint8_t word[WORD_BYTES];

	load(call, user, &affairs);
	if (!affairs.delete_at_s) {
		random_fill(call->env->random, word, sizeof(word));
		affairs.delete_word =
			bytes_from_str(text_base64url(call->arena, bytes_of(word, sizeof(word))));
		affairs.delete_at_s = call->now_s + ACCOUNT_DELETE_WAIT_S;
		save(call, &affairs);
		tell_wait(call, user, affairs.delete_word);
		call->keep_writes = true;
	}
	if (affairs.delete_at_s <= call->now_s)
		return 0;
	return rpc_error_number(call, 420, "2FA_CONFIRM_WAIT_", affairs.delete_at_s - call->now_s);
}

int account_delete(struct call *call, const struct password_answer *answer)
{
	int64_t user = password_subject(call);

	if (!user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	if (password_is_set(call, user)) {
		if (answer->given ? password_verify(call, user, answer) < 0
				  : wait_a_week(call, user) < 0)
			return -1;
	}
	account_end(call, user);
	return 0;
}

/* ---- Stopping it ---- */

static int take_own_phone(struct call *call, struct code_phone *phone)
{
	struct home_user profile;

	if (!home_user_get(
		    call_home(call), call->store->vault, call->arena, call->user, &profile) ||
		profile.deleted_at_s)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	phone->digits = profile.phone;
	phone_lookup(call->store->vault, phone->digits, phone->hash);
	return 0;
}

int account_keep_send(struct call *call, struct bytes word, struct login_sent *out)
{
	struct home_affairs affairs;
	struct code_phone phone;

	load(call, call->user, &affairs);
	if (!affairs.delete_word.size || word.size != affairs.delete_word.size ||
		!bytes_equal_secret(word.data, affairs.delete_word.data, word.size))
		return rpc_error(call, 400, "HASH_INVALID");
	if (take_own_phone(call, &phone) < 0)
		return -1;
	return code_send(call, &phone, CODE_CONFIRM_PHONE, call->user, false, out);
}

int account_keep(struct call *call, struct bytes hash, struct bytes typed)
{
	struct home_affairs affairs;
	struct code_phone phone;
	struct home_code code;

	if (take_own_phone(call, &phone) < 0)
		return -1;
	if (code_find(call, &phone, CODE_CONFIRM_PHONE, call->user, hash, &code) < 0 ||
		code_check(call, &phone, &code, typed) < 0)
		return -1;
	code_expire(call, &code);
	load(call, call->user, &affairs);
	affairs.delete_at_s = 0;
	affairs.delete_word = (struct bytes){0};
	save(call, &affairs);
	return 0;
}
