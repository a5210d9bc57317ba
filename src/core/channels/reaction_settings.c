/* SPDX-License-Identifier: Apache-2.0 */
/* What groups allow, and what accounts like: two small sealed values. */
#include "base/pack.h"
#include "core/messages/box.h"
#include "core/chats/chat_load.h"
#include "core/messages/reactions.h"
#include "core/channels/roster.h"
#include "store/home_reactions.h"
#include "store/home_users.h"

#define SETTINGS_VERSION 1
#define RULES_VERSION 1

_Static_assert(REACTION_KINDS <= UINT8_MAX, "a kind is stored in a byte");

/* ---- Groups ---- */

static struct bytes rules_encode(struct arena *arena, const struct chat_reactions *rules)
{
	struct pack p = pack_new(arena);

	pack_number(&p, RULES_VERSION, 1);
	pack_number(&p, rules->mode, 1);
	pack_number(&p, (uint32_t)rules->unique_max, 4);
	pack_bytes(&p, bytes_of(rules->kinds, rules->kind_count));
	return pack_done(&p);
}

static int rules_decode(struct bytes stored, struct chat_reactions *out)
{
	struct unpack u = unpack_of(stored);
	struct bytes kinds;
	uint64_t mode;

	if (unpack_number(&u, 1) != RULES_VERSION)
		return -1;
	mode = unpack_number(&u, 1);
	out->unique_max = (int32_t)unpack_number(&u, 4);
	kinds = unpack_bytes(&u);
	if (!unpack_complete(&u) || mode > CHAT_REACTIONS_NONE || kinds.size > REACTION_KINDS)
		return -1;
	out->mode = (enum chat_reactions_mode)mode;
	out->kind_count = kinds.size;
	if (kinds.size)
		memcpy(out->kinds, kinds.data, kinds.size);
	return 0;
}

static void rules_of(struct call *call, const struct home_chat *row, struct chat_reactions *out)
{
	struct bytes stored = home_chat_reactions_get(
		call_home(call), call->store->vault, call->arena, row->id, row->salt);

	*out = (struct chat_reactions){.mode = CHAT_REACTIONS_ALL};
	if (stored.data && rules_decode(stored, out) < 0)
		db_fail(call_home(call), "the reactions of a group are malformed");
}

void chat_reactions_get(struct call *call, int64_t chat, struct chat_reactions *out)
{
	struct home_chat row;

	*out = (struct chat_reactions){.mode = CHAT_REACTIONS_NONE};
	if (home_chat_get(call_home(call), call->store->vault, call->arena, chat, &row))
		rules_of(call, &row, out);
}

int chat_reactions_set(struct call *call, int64_t chat, const struct chat_reactions *rules,
	struct update_set *answer)
{
	struct chat_reactions before;
	struct chat_context context;
	struct bytes encoded = rules_encode(call->arena, rules);

	if (chat_need_admin(call, chat, CHAT_ADMIN, &context) < 0)
		return -1;
	rules_of(call, &context.row, &before);
	if (bytes_equal(encoded, rules_encode(call->arena, &before)))
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	home_chat_reactions_put(
		call_home(call), call->store->vault, call->arena, chat, context.row.salt, encoded);
	chat_tell_changed(call, chat);
	*answer = (struct update_set){
		.updates = ARENA_NEW(call->arena, struct update), .update_count = 1};
	*answer->updates = (struct update){.kind = UPDATE_CHAT, .peer = {PEER_CHAT, chat}};
	roster_complete(call, call->user, answer);
	return 0;
}

/* ---- Accounts ---- */

static struct bytes settings_encode(struct arena *arena, const struct reaction_settings *s)
{
	struct pack p = pack_new(arena);

	pack_number(&p, SETTINGS_VERSION, 1);
	pack_number(&p, s->favourite, 1);
	pack_number(&p, s->of_messages, 1);
	pack_number(&p, s->of_stories, 1);
	pack_number(&p, s->of_votes, 1);
	pack_number(&p, s->show_previews, 1);
	pack_number(&p, s->sound, 1);
	pack_bytes(&p, s->sound_title);
	pack_bytes(&p, s->sound_data);
	pack_number(&p, (uint64_t)s->sound_id, 8);
	pack_bytes(&p, bytes_of(s->recent, s->recent_count));
	for (size_t i = 0; i < REACTION_KINDS; i++)
		pack_number(&p, s->uses[i], 4);
	return pack_done(&p);
}

static enum reaction_notify take_notify(struct unpack *u)
{
	uint64_t value = unpack_number(u, 1);

	if (value > REACTION_NOTIFY_ALL)
		u->failed = true;
	return u->failed ? REACTION_NOTIFY_NONE : (enum reaction_notify)value;
}

static void take_recent(struct unpack *u, struct reaction_settings *out)
{
	struct bytes recent = unpack_bytes(u);

	if (recent.size > REACTIONS_RECENT_MAX)
		u->failed = true;
	for (size_t i = 0; i < recent.size && !u->failed; i++) {
		if (recent.data[i] >= REACTION_KINDS)
			u->failed = true;
		out->recent[out->recent_count++] = recent.data[i];
	}
}

/* Kinds that came later have no uses yet: they are at the end, and may be missing. */
static int settings_decode(struct arena *arena, struct bytes stored, struct reaction_settings *out)
{
	struct unpack u = unpack_of(stored);
	uint64_t sound;

	*out = (struct reaction_settings){0};
	if (unpack_number(&u, 1) != SETTINGS_VERSION)
		return -1;
	out->favourite = (uint8_t)unpack_number(&u, 1);
	out->of_messages = take_notify(&u);
	out->of_stories = take_notify(&u);
	out->of_votes = take_notify(&u);
	out->show_previews = unpack_number(&u, 1) != 0;
	sound = unpack_number(&u, 1);
	out->sound_title = arena_bytes(arena, unpack_bytes(&u));
	out->sound_data = arena_bytes(arena, unpack_bytes(&u));
	out->sound_id = (int64_t)unpack_number(&u, 8);
	take_recent(&u, out);
	for (size_t i = 0; i < REACTION_KINDS && u.left; i++)
		out->uses[i] = (uint32_t)unpack_number(&u, 4);
	if (!unpack_complete(&u) || sound > REACTION_SOUND_RINGTONE ||
		out->favourite >= REACTION_KINDS)
		return -1;
	out->sound = (enum reaction_sound)sound;
	return 0;
}

void reaction_settings_get(struct call *call, struct reaction_settings *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct bytes stored = {0};

	*out = (struct reaction_settings){.of_messages = REACTION_NOTIFY_ALL,
		.of_stories = REACTION_NOTIFY_ALL,
		.of_votes = REACTION_NOTIFY_ALL,
		.show_previews = true};
	if (home_salt(call_home(call), call->user, salt))
		stored = home_reaction_settings_get(
			call_home(call), call->store->vault, call->arena, call->user, salt);
	if (stored.data && settings_decode(call->arena, stored, out) < 0)
		db_fail(call_home(call), "settings of reactions are malformed");
}

void reaction_settings_put(struct call *call, const struct reaction_settings *settings)
{
	uint8_t salt[VAULT_SALT_SIZE];

	if (home_salt(call_home(call), call->user, salt))
		home_reaction_settings_put(call_home(call), call->store->vault, call->arena,
			call->user, salt, settings_encode(call->arena, settings));
}

int reaction_set_favourite(struct call *call, struct bytes emoji)
{
	struct reaction_settings settings;
	int kind = reaction_kind_of(call->arena, emoji);

	if (kind < 0)
		return rpc_error(call, 400, "REACTION_INVALID");
	reaction_settings_get(call, &settings);
	settings.favourite = (uint8_t)kind;
	reaction_settings_put(call, &settings);
	return 0;
}

void reactions_clear_recent(struct call *call)
{
	struct update update = {.kind = UPDATE_RECENT_REACTIONS};
	struct reaction_settings settings;

	reaction_settings_get(call, &settings);
	settings.recent_count = 0;
	reaction_settings_put(call, &settings);
	box_tell(call, call->user, call->session_id, &update, 1);
}

/* A few dozen: by insertion, which keeps the order of those used equally. */
void reactions_top(struct call *call, uint8_t out[REACTION_KINDS])
{
	struct reaction_settings settings;

	reaction_settings_get(call, &settings);
	for (size_t i = 0; i < REACTION_KINDS; i++) {
		size_t at = i;

		for (; at > 0 && settings.uses[out[at - 1]] < settings.uses[i]; at--)
			out[at] = out[at - 1];
		out[at] = (uint8_t)i;
	}
}
