/* SPDX-License-Identifier: Apache-2.0 */
/* Notification settings: packed, sealed under their owner. */
#include "core/dialogs/notify.h"

#include "base/pack.h"
#include "core/channels/channels.h"
#include "core/posts/topic_settings.h"
#include "store/home_settings.h"

enum {
	NOTIFY_HAS_PREVIEWS = 1,
	NOTIFY_PREVIEWS = 2,
	NOTIFY_HAS_SILENT = 4,
	NOTIFY_SILENT = 8,
	NOTIFY_HAS_MUTE = 16,
	NOTIFY_HAS_SOUND = 32,
	NOTIFY_HAS_STORIES_MUTED = 64,
	NOTIFY_STORIES_MUTED = 128,
	NOTIFY_HAS_STORIES_HIDE = 256,
	NOTIFY_STORIES_HIDE = 512,
};

struct bytes notify_encode(struct arena *arena, const struct notify_settings *s)
{
	struct pack p = pack_new(arena);

	pack_number(&p,
		(s->has_previews ? NOTIFY_HAS_PREVIEWS : 0) | (s->previews ? NOTIFY_PREVIEWS : 0) |
			(s->has_silent ? NOTIFY_HAS_SILENT : 0) | (s->silent ? NOTIFY_SILENT : 0) |
			(s->has_mute ? NOTIFY_HAS_MUTE : 0) |
			(s->has_sound ? NOTIFY_HAS_SOUND : 0) |
			(s->has_stories_muted ? NOTIFY_HAS_STORIES_MUTED : 0) |
			(s->stories_muted ? NOTIFY_STORIES_MUTED : 0) |
			(s->has_stories_hide ? NOTIFY_HAS_STORIES_HIDE : 0) |
			(s->stories_hide ? NOTIFY_STORIES_HIDE : 0),
		4);
	pack_number(&p, (uint32_t)s->mute_until_s, 4);
	pack_number(&p, s->sound, 1);
	pack_bytes(&p, s->sound_title);
	pack_bytes(&p, s->sound_data);
	pack_number(&p, (uint64_t)s->sound_file, 8);
	return pack_done(&p);
}

bool notify_decode(struct bytes packed, struct notify_settings *s)
{
	struct unpack u = unpack_of(packed);
	uint64_t flags = unpack_number(&u, 4);

	*s = (struct notify_settings){
		.has_previews = flags & NOTIFY_HAS_PREVIEWS,
		.previews = flags & NOTIFY_PREVIEWS,
		.has_silent = flags & NOTIFY_HAS_SILENT,
		.silent = flags & NOTIFY_SILENT,
		.has_mute = flags & NOTIFY_HAS_MUTE,
		.has_sound = flags & NOTIFY_HAS_SOUND,
		.has_stories_muted = flags & NOTIFY_HAS_STORIES_MUTED,
		.stories_muted = flags & NOTIFY_STORIES_MUTED,
		.has_stories_hide = flags & NOTIFY_HAS_STORIES_HIDE,
		.stories_hide = flags & NOTIFY_STORIES_HIDE,
	};
	s->mute_until_s = (int32_t)unpack_number(&u, 4);
	s->sound = (enum notify_sound)(unpack_number(&u, 1) & 3);
	s->sound_title = unpack_bytes(&u);
	s->sound_data = unpack_bytes(&u);
	s->sound_file = (int64_t)unpack_number(&u, 8);
	return unpack_complete(&u);
}

/* Three kinds of chats, a line that archived itself when the list was full already. */
#define NOTIFY_ROWS_MAX (2 * NOTIFY_EXCEPTIONS_MAX)

/* Of a kind of chats: in the place of a peer. */
static struct home_setting row_of(enum notify_scope scope, struct peer peer)
{
	if (scope == NOTIFY_CHAT)
		return (struct home_setting){
			.kind = HOME_SETTING_NOTIFY, .peer_kind = peer.kind, .peer = peer.id};
	return (struct home_setting){.kind = HOME_SETTING_NOTIFY, .peer = scope};
}

/* A chat has nothing of its own, a kind of chats is heard and shown. */
static struct notify_settings untouched(enum notify_scope scope)
{
	if (scope == NOTIFY_CHAT)
		return (struct notify_settings){0};
	return (struct notify_settings){.has_previews = true,
		.previews = true,
		.has_silent = true,
		.has_mute = true,
		.has_sound = true};
}

void notify_get(struct call *call, int64_t owner, enum notify_scope scope, struct peer peer,
	struct notify_settings *out)
{
	struct home_setting row = row_of(scope, peer);

	*out = untouched(scope);
	if (home_setting_get(call_home(call), call->store->vault, call->arena, owner, &row) &&
		!notify_decode(row.value, out))
		db_fail(call_home(call), "notification settings are malformed");
}

/* What is set of `from`, over what there was. */
static void merge(struct notify_settings *into, const struct notify_settings *from)
{
	if (from->has_previews)
		into->has_previews = true, into->previews = from->previews;
	if (from->has_silent)
		into->has_silent = true, into->silent = from->silent;
	if (from->has_mute)
		into->has_mute = true, into->mute_until_s = from->mute_until_s;
	if (from->has_stories_muted)
		into->has_stories_muted = true, into->stories_muted = from->stories_muted;
	if (from->has_stories_hide)
		into->has_stories_hide = true, into->stories_hide = from->stories_hide;
	if (!from->has_sound)
		return;
	into->has_sound = true;
	into->sound = from->sound;
	into->sound_title = from->sound_title;
	into->sound_data = from->sound_data;
	into->sound_file = from->sound_file;
}

bool notify_says_nothing(const struct notify_settings *s)
{
	return !s->has_previews && !s->has_silent && !s->has_mute && !s->has_sound &&
	       !s->has_stories_muted && !s->has_stories_hide;
}

static void tell(struct call *call, int64_t owner, enum notify_scope scope, struct peer peer)
{
	const uint64_t except = owner == call->user ? call->session_id : 0;
	struct notify_settings *settings = ARENA_NEW(call->arena, struct notify_settings);
	struct update update = {
		.kind = UPDATE_NOTIFY, .peer = peer, .scope = scope, .notify = settings};

	notify_get(call, owner, scope, peer, settings);
	change_tell(call, owner, except, CHANGE_NOTIFY, peer, (int64_t)scope, &update);
}

static void put(struct call *call, int64_t owner, struct home_setting *row,
	const struct notify_settings *settings)
{
	row->value = notify_encode(call->arena, settings);
	row->changed_at_s = call->now_s;
	home_setting_put(call_home(call), call->store->vault, call->arena, owner, row);
}

/* What stock clients leave out they want as if it had never been set. */
int notify_set(struct call *call, enum notify_scope scope, struct peer peer,
	const struct notify_settings *settings)
{
	struct home_setting row = row_of(scope, peer);
	struct notify_settings now = untouched(scope);

	if (scope != NOTIFY_CHAT) {
		peer = (struct peer){0};
	} else if (notify_says_nothing(settings)) {
		/* A chat without anything of its own is no exception. */
		if (home_setting_delete(call_home(call), call->user, &row))
			tell(call, call->user, scope, peer);
		return 0;
	} else if (!home_setting_get(
			   call_home(call), call->store->vault, call->arena, call->user, &row) &&
		   home_settings_count(call_home(call), call->user, HOME_SETTING_NOTIFY) >=
			   NOTIFY_EXCEPTIONS_MAX) {
		return rpc_error(call, 400, "SETTINGS_INVALID");
	}
	merge(&now, settings);
	put(call, call->user, &row, &now);
	tell(call, call->user, scope, peer);
	return 0;
}

void notify_mute(struct call *call, int64_t owner, struct peer peer)
{
	struct home_setting row = row_of(NOTIFY_CHAT, peer);
	struct notify_settings settings;

	notify_get(call, owner, NOTIFY_CHAT, peer, &settings);
	settings.has_mute = true;
	settings.mute_until_s = INT32_MAX;
	put(call, owner, &row, &settings);
	tell(call, owner, NOTIFY_CHAT, peer);
}

void notify_reset(struct call *call)
{
	struct home_setting *rows;
	size_t count = home_settings_list(call_home(call), call->store->vault, call->arena,
		call->user, HOME_SETTING_NOTIFY, NOTIFY_ROWS_MAX, &rows);

	for (size_t i = 0; i < count; i++) {
		struct peer peer = {(enum peer_kind)rows[i].peer_kind, rows[i].peer};

		home_setting_delete(call_home(call), call->user, &rows[i]);
		if (peer.kind == PEER_NONE)
			tell(call, call->user, (enum notify_scope)rows[i].peer, (struct peer){0});
		else
			tell(call, call->user, NOTIFY_CHAT, peer);
	}
	topics_notify_reset(call);
}

enum notify_scope notify_scope_of(struct call *call, struct peer peer)
{
	struct channel_view view;

	if (peer.kind == PEER_USER)
		return NOTIFY_USERS;
	if (peer.kind == PEER_CHANNEL && channel_find(call, peer.id, &view) &&
		view.channel->broadcast)
		return NOTIFY_BROADCASTS;
	return NOTIFY_GROUPS;
}

bool notify_is_muted(struct call *call, int64_t owner, struct peer peer)
{
	struct notify_settings s;

	notify_get(call, owner, NOTIFY_CHAT, peer, &s);
	if (!s.has_mute)
		notify_get(call, owner, notify_scope_of(call, peer), peer, &s);
	return s.mute_until_s > call->now_s;
}

size_t notify_exceptions(struct call *call, struct peer **peers, struct notify_settings **settings)
{
	struct home_setting *rows;
	size_t count = home_settings_list(call_home(call), call->store->vault, call->arena,
		call->user, HOME_SETTING_NOTIFY, NOTIFY_ROWS_MAX, &rows);
	size_t found = 0;

	*peers = arena_array(call->arena, count, sizeof(**peers));
	*settings = arena_array(call->arena, count, sizeof(**settings));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].peer_kind == PEER_NONE ||
			!notify_decode(rows[i].value, &(*settings)[found]))
			continue;
		(*peers)[found++] = (struct peer){(enum peer_kind)rows[i].peer_kind, rows[i].peer};
	}
	return found;
}

bool notify_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct notify_settings *settings = ARENA_NEW(call->arena, struct notify_settings);
	struct peer peer = {(enum peer_kind)change->peer_kind, change->peer};

	notify_get(call, call->user, (enum notify_scope)change->item, peer, settings);
	*update = (struct update){.kind = UPDATE_NOTIFY,
		.peer = peer,
		.scope = (enum notify_scope)change->item,
		.notify = settings};
	return true;
}
