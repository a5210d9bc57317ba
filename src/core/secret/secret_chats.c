/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the life of a secret chat, as the header draws it. */
#include "core/secret/secret_chats.h"

#include "core/accounts/network_budget.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/strangers.h"
#include "core/bots/bots.h"
#include "core/changes.h"
#include "core/channels/roster.h"
#include "core/secret/secret_private.h"
#include "crypto/dh.h"
#include "store/home_contacts_bars.h"
#include "store/home_keys.h"
#include "store/home_secret_files.h"
#include "store/home_secret_queue.h"
#include "store/home_users.h"

#define HASH_KIND_SECRET 102 /* apart from the kinds of peers in vault_access_hash */
#define PURGED_PER_CALL 2000
#define SENT_KEPT_S (7 * 86400) /* a device that was killed while it sent comes back within it */

struct bytes secret_dh_prime(void)
{
	return bytes_of(dh_prime, DH_SIZE);
}

int secret_dh_generator(void)
{
	return DH_G;
}

int64_t secret_access_hash(const struct call *call, int64_t viewer, int32_t id)
{
	return vault_access_hash(call->store->vault, viewer, HASH_KIND_SECRET, id);
}

bool secret_own(struct call *call, int32_t id, struct home_secret_chat *out)
{
	return home_secret_chat_get(
		call_home(call), call->store->vault, call->arena, call->user, id, out);
}

bool secret_other(
	struct call *call, const struct home_secret_chat *chat, struct home_secret_chat *out)
{
	return home_secret_chat_get(call_home(call), call->store->vault, call->arena, chat->peer,
		       chat->peer_chat, out) &&
	       out->peer == chat->owner && out->peer_chat == chat->id;
}

/* ---- Telling ---- */

static struct secret_chat view_of(
	const struct call *call, const struct home_secret_chat *row, enum secret_chat_state state)
{
	return (struct secret_chat){
		.state = state,
		.id = row->id,
		.access_hash = secret_access_hash(call, row->owner, row->id),
		.admin = row->begun ? row->owner : row->peer,
		.participant = row->begun ? row->peer : row->owner,
		.date_s = row->created_at_s,
		.half = row->theirs,
		.fingerprint = row->fingerprint,
		.history_deleted = row->history_deleted,
	};
}

void secret_tell(struct call *call, int64_t owner, uint64_t key_id, struct update *update)
{
	struct update_set set = {.updates = update, .update_count = 1};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	roster_complete(call, owner, &set);
	effect->account = owner;
	effect->only_key = key_id;
	effect->set = effects_copy_set(call->effects, &set);
}

static void tell_chat(struct call *call, const struct home_secret_chat *row, uint64_t key_id,
	enum secret_chat_state state)
{
	const struct secret_chat view = view_of(call, row, state);
	struct update update = {.kind = UPDATE_SECRET_CHAT,
		.peer = {PEER_USER, row->peer},
		.date_s = call->now_s,
		.secret_chat = &view};

	secret_tell(call, row->owner, key_id, &update);
}

/* Every device of the owner but the call's own and, where that was asked for, those that want to
 * hear of no secret chats. */
static void tell_devices(
	struct call *call, const struct home_secret_chat *row, enum secret_chat_state state)
{
	struct home_login *logins;
	const size_t count = home_keys_of_user(
		call_home(call), call->store->vault, call->arena, row->owner, &logins);

	for (size_t i = 0; i < count; i++) {
		const bool own = row->owner == call->user && logins[i].key_id == call->key_id;

		if (!own && !(state == SECRET_CHAT_REQUESTED &&
				    (logins[i].refuses & REFUSES_SECRET_CHATS)))
			tell_chat(call, row, logins[i].key_id, state);
	}
}

static void note(struct call *call, const struct home_secret_chat *row)
{
	change_note(
		call, row->owner, CHANGE_SECRET_CHAT, (struct peer){PEER_USER, row->peer}, row->id);
}

/* How the call's device, which was away, has to see the chat. The device that accepted is told of
 * the request until it has used the chat: one that was killed in between accepts again, is refused,
 * and ends what it can't read. */
static bool state_for(
	struct call *call, const struct home_secret_chat *row, enum secret_chat_state *state)
{
	const bool bound = row->key_id == call->key_id;
	struct home_login own;

	switch (row->state) {
	case SECRET_REQUESTED:
		*state = SECRET_CHAT_REQUESTED;
		return home_keys_login(call_home(call), call->store->vault, call->arena,
			       call->key_id, &own) &&
		       !(own.refuses & REFUSES_SECRET_CHATS);
	case SECRET_WAITING:
		*state = SECRET_CHAT_WAITING;
		return bound;
	case SECRET_ACTIVE:
		if (!bound) {
			*state = SECRET_CHAT_DISCARDED;
			return !row->begun;
		}
		*state = row->begun ? SECRET_CHAT_ACTIVE : SECRET_CHAT_REQUESTED;
		return row->theirs.data != NULL;
	case SECRET_ENDED:
		*state = SECRET_CHAT_DISCARDED;
		return bound || !row->begun;
	}
	return false;
}

bool secret_chat_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct secret_chat *view = ARENA_NEW(call->arena, struct secret_chat);
	struct home_secret_chat row;
	enum secret_chat_state state;

	if (!secret_own(call, (int32_t)change->item, &row) || !state_for(call, &row, &state))
		return false;
	*view = view_of(call, &row, state);
	*update = (struct update){.kind = UPDATE_SECRET_CHAT,
		.peer = {PEER_USER, row.peer},
		.date_s = change->changed_at_s,
		.secret_chat = view};
	return true;
}

/* ---- Asking ---- */

/* Clients leave zeros in front away. */
static int check_half(struct call *call, struct bytes half)
{
	uint8_t padded[DH_SIZE] = {0};

	if (!half.size || half.size > DH_SIZE)
		return rpc_error(call, 400, "DH_G_A_INVALID");
	memcpy(padded + DH_SIZE - half.size, half.data, half.size);
	return dh_public_is_sound(padded) ? 0 : rpc_error(call, 400, "DH_G_A_INVALID");
}

static int check_peer(struct call *call, int64_t to)
{
	struct home_regard regard;

	if (to == call->user || to == SERVICE_USER)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (!home_user_exists(call_home(call), to))
		return rpc_error(call, 400, "INPUT_USER_DEACTIVATED");
	if (bot_is(call, to))
		return rpc_error(call, 400, "USER_IS_BOT");
	home_regard_get(call_home(call), call->user, to, &regard);
	if (regard.has_blocked)
		return rpc_error(call, 400, "YOU_BLOCKED_USER");
	if (regard.is_blocked)
		return rpc_error(call, 403, "USER_IS_BLOCKED");
	return 0;
}

/* Chats with strangers count as conversations begun with them. */
static int charge(struct call *call, int64_t to)
{
	bool stranger;

	if (home_secret_chats_count(call_home(call), call->user) >= HOME_SECRET_CHATS_MAX ||
		home_secret_chats_count(call_home(call), to) >= HOME_SECRET_CHATS_MAX ||
		home_secret_chats_with(call_home(call), call->user, to) >= SECRET_CHATS_WITH_ONE)
		return rpc_error(call, 400, "PEER_FLOOD");
	if (account_budget_take(call, "secret_chats", SECRET_CHATS_PER_DAY) < 0 ||
		stranger_check(call, to, &stranger) < 0)
		return -1;
	if (stranger)
		peer_settings_written(call, to, true);
	return 0;
}

static int32_t free_id(struct call *call, int64_t owner, int32_t wanted)
{
	while (!wanted || home_secret_chat_exists(call_home(call), owner, wanted))
		wanted = (int32_t)random_below(call->env->random, INT32_MAX);
	return wanted;
}

/* A client that missed the answer asks again; what became of it meanwhile is the answer. */
static int ask_again(struct call *call, const struct home_secret_chat *row, int64_t to,
	struct bytes g_a, struct secret_chat *out)
{
	if (row->key_id != call->key_id || row->peer != to || !row->begun ||
		row->state == SECRET_ENDED || !bytes_equal(row->own, g_a))
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	*out = view_of(
		call, row, row->state == SECRET_ACTIVE ? SECRET_CHAT_ACTIVE : SECRET_CHAT_WAITING);
	return 0;
}

int secret_request(
	struct call *call, int64_t to, int32_t id, struct bytes g_a, struct secret_chat *out)
{
	struct home_secret_chat own = {.owner = call->user,
					.id = id,
					.peer = to,
					.state = SECRET_WAITING,
					.begun = true,
					.key_id = call->key_id,
					.own = g_a,
					.created_at_s = call->now_s},
				other = {.owner = to,
					.peer = call->user,
					.peer_chat = id,
					.state = SECRET_REQUESTED,
					.theirs = g_a,
					.created_at_s = call->now_s},
				before;

	if (!id)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (check_half(call, g_a) < 0)
		return -1;
	if (secret_own(call, id, &before))
		return ask_again(call, &before, to, g_a, out);
	if (check_peer(call, to) < 0 || charge(call, to) < 0)
		return -1;
	own.peer_chat = other.id = free_id(call, to, id);
	home_secret_chat_insert(call_home(call), call->store->vault, call->arena, &own);
	home_secret_chat_insert(call_home(call), call->store->vault, call->arena, &other);
	note(call, &other);
	tell_devices(call, &other, SECRET_CHAT_REQUESTED);
	*out = view_of(call, &own, SECRET_CHAT_WAITING);
	return 0;
}

/* ---- Accepting ---- */

static int accept_again(struct call *call, const struct home_secret_chat *row, struct bytes g_b,
	int64_t fingerprint, struct secret_chat *out)
{
	if (row->key_id != call->key_id || row->fingerprint != fingerprint || !row->own.data ||
		!bytes_equal(row->own, g_b))
		return rpc_error(call, 400, "ENCRYPTION_ALREADY_ACCEPTED");
	*out = view_of(call, row, SECRET_CHAT_ACTIVE);
	return 0;
}

int secret_accept(struct call *call, int32_t id, struct bytes g_b, int64_t fingerprint,
	struct secret_chat *out)
{
	struct db *db = call_home(call);
	struct home_secret_chat own, other;

	if (!secret_own(call, id, &own) || own.begun)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (own.state == SECRET_ACTIVE)
		return accept_again(call, &own, g_b, fingerprint, out);
	if (own.state == SECRET_ENDED || !secret_other(call, &own, &other))
		return rpc_error(call, 400, "ENCRYPTION_ALREADY_DECLINED");
	if (check_half(call, g_b) < 0)
		return -1;
	own.key_id = call->key_id;
	own.own = other.theirs = g_b;
	own.fingerprint = other.fingerprint = fingerprint;
	if (!home_secret_chat_accept(db, call->store->vault, call->arena, &own))
		return rpc_error(call, 400, "ENCRYPTION_ALREADY_ACCEPTED");
	if (!home_secret_chat_accept(db, call->store->vault, call->arena, &other))
		return rpc_error(call, 400, "ENCRYPTION_ALREADY_DECLINED");
	note(call, &own);
	note(call, &other);
	tell_chat(call, &other, other.key_id, SECRET_CHAT_ACTIVE);
	tell_devices(call, &own, SECRET_CHAT_DISCARDED);
	*out = view_of(call, &own, SECRET_CHAT_ACTIVE);
	return 0;
}

/* ---- Ending ---- */

void secret_end_other(struct call *call, const struct home_secret_chat *chat, bool history)
{
	struct db *db = call_home(call);
	struct home_secret_chat other;

	if (!secret_other(call, chat, &other) || other.state == SECRET_ENDED)
		return;
	home_secret_chat_end(db, other.owner, other.id, history, call->now_s);
	other.history_deleted = history;
	note(call, &other);
	if (!other.key_id) {
		tell_devices(call, &other, SECRET_CHAT_DISCARDED);
		return;
	}
	/* What was sent before is still received, unless it is to be deleted. */
	if (history) {
		home_secret_queue_drop_chat(db, other.owner, other.key_id, other.id);
		home_secret_files_drop_chat(db, other.owner, other.id);
	}
	tell_chat(call, &other, other.key_id, SECRET_CHAT_DISCARDED);
}

static int check_discard(struct call *call, const struct home_secret_chat *own)
{
	if (own->key_id && own->key_id != call->key_id)
		return own->begun ? rpc_error(call, 400, "ENCRYPTION_ID_INVALID")
				  : rpc_error(call, 400, "ENCRYPTION_ALREADY_ACCEPTED");
	if (own->state == SECRET_ENDED)
		return rpc_error(call, 400, "ENCRYPTION_ALREADY_DECLINED");
	return 0;
}

int secret_discard(struct call *call, int32_t id, bool history)
{
	struct db *db = call_home(call);
	struct home_secret_chat own;

	if (!id)
		return rpc_error(call, 400, "CHAT_ID_EMPTY");
	if (!secret_own(call, id, &own))
		return rpc_error(call, 400, "ENCRYPTION_ID_INVALID");
	if (check_discard(call, &own) < 0)
		return -1;
	secret_end_other(call, &own, history);
	if (own.key_id) {
		/* No other device of the account ever heard of it. */
		home_secret_queue_drop_chat(db, own.owner, own.key_id, own.id);
		home_secret_files_drop_chat(db, own.owner, own.id);
		home_secret_chat_delete(db, own.owner, own.id);
		return 0;
	}
	home_secret_chat_end(db, own.owner, own.id, false, call->now_s);
	note(call, &own);
	tell_devices(call, &own, SECRET_CHAT_DISCARDED);
	return 0;
}

static void end_all(struct call *call, int64_t user, uint64_t key_id)
{
	struct home_secret_chat *chats;
	const size_t count =
		home_secret_chats_of(call_home(call), call->arena, user, key_id, &chats);

	for (size_t i = 0; i < count; i++)
		secret_end_other(call, &chats[i], false);
}

void secret_end_device(struct call *call, int64_t user, uint64_t key_id)
{
	end_all(call, user, key_id);
	home_secret_files_drop_device(call_home(call), user, key_id);
	home_secret_chats_drop(call_home(call), user, key_id);
	home_secret_device_drop(call_home(call), user, key_id);
}

void secret_end_account(struct call *call, int64_t user)
{
	end_all(call, user, 0);
}

bool secret_chats_purge(struct call *call)
{
	const bool more = home_secret_chats_purge(
		call_home(call), call->now_s - SECRET_ENDED_KEPT_S, PURGED_PER_CALL);

	return home_secret_sent_purge(
		       call_home(call), call->now_s - SENT_KEPT_S, PURGED_PER_CALL) ||
	       more;
}
