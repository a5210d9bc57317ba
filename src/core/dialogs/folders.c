/* SPDX-License-Identifier: Apache-2.0 */
/* Folders, packed and sealed: names and members of a folder say much about a person. */
#include "core/dialogs/folders.h"

#include "base/pack.h"
#include "base/text.h"
#include "store/home_settings.h"

enum {
	FOLDER_CONTACTS = 1,
	FOLDER_NON_CONTACTS = 2,
	FOLDER_GROUPS = 4,
	FOLDER_BROADCASTS = 8,
	FOLDER_BOTS = 16,
	FOLDER_NO_MUTED = 32,
	FOLDER_NO_READ = 64,
	FOLDER_NO_ARCHIVED = 128,
	FOLDER_TITLE_STATIC = 256,
	FOLDER_HAS_COLOR = 512,
};

#define ALL_CHATS 0 /* the row that says where "all chats" stands */

/* ---- Stored form ---- */

static void put_peers(struct pack *p, const struct folder_peers *peers)
{
	pack_number(p, peers->count, 2);
	for (size_t i = 0; i < peers->count; i++) {
		pack_number(p, peers->at[i].kind, 1);
		pack_number(p, (uint64_t)peers->at[i].id, 8);
	}
}

struct bytes folder_encode(struct arena *arena, const struct chat_folder *f)
{
	struct pack p = pack_new(arena);

	pack_number(&p,
		(f->contacts ? FOLDER_CONTACTS : 0) | (f->non_contacts ? FOLDER_NON_CONTACTS : 0) |
			(f->groups ? FOLDER_GROUPS : 0) | (f->broadcasts ? FOLDER_BROADCASTS : 0) |
			(f->bots ? FOLDER_BOTS : 0) | (f->exclude_muted ? FOLDER_NO_MUTED : 0) |
			(f->exclude_read ? FOLDER_NO_READ : 0) |
			(f->exclude_archived ? FOLDER_NO_ARCHIVED : 0) |
			(f->title_static ? FOLDER_TITLE_STATIC : 0) |
			(f->has_color ? FOLDER_HAS_COLOR : 0),
		4);
	pack_number(&p, (uint32_t)f->color, 4);
	pack_bytes(&p, f->title);
	pack_bytes(&p, f->emoticon);
	put_peers(&p, &f->pinned);
	put_peers(&p, &f->included);
	put_peers(&p, &f->excluded);
	return pack_done(&p);
}

static void take_peers(struct unpack *u, struct arena *arena, struct folder_peers *peers)
{
	uint64_t count = unpack_number(u, 2);

	if (count > FOLDER_PEERS_MAX)
		u->failed = true;
	if (u->failed)
		return;
	peers->at = arena_array(arena, count, sizeof(*peers->at));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t kind = unpack_number(u, 1);
		int64_t id = (int64_t)unpack_number(u, 8);

		if (kind > PEER_CHANNEL)
			u->failed = true;
		if (!u->failed)
			peers->at[peers->count++] = (struct peer){(enum peer_kind)kind, id};
	}
}

bool folder_decode(struct arena *arena, struct bytes packed, struct chat_folder *f)
{
	struct unpack u = unpack_of(packed);
	uint64_t flags = unpack_number(&u, 4);

	f->contacts = flags & FOLDER_CONTACTS;
	f->non_contacts = flags & FOLDER_NON_CONTACTS;
	f->groups = flags & FOLDER_GROUPS;
	f->broadcasts = flags & FOLDER_BROADCASTS;
	f->bots = flags & FOLDER_BOTS;
	f->exclude_muted = flags & FOLDER_NO_MUTED;
	f->exclude_read = flags & FOLDER_NO_READ;
	f->exclude_archived = flags & FOLDER_NO_ARCHIVED;
	f->title_static = flags & FOLDER_TITLE_STATIC;
	f->has_color = flags & FOLDER_HAS_COLOR;
	f->color = (int32_t)unpack_number(&u, 4);
	f->title = unpack_bytes(&u);
	f->emoticon = unpack_bytes(&u);
	take_peers(&u, arena, &f->pinned);
	take_peers(&u, arena, &f->included);
	take_peers(&u, arena, &f->excluded);
	return unpack_complete(&u);
}

/* ---- Rules ---- */

static size_t rows_list(struct call *call, int64_t owner, struct home_setting **rows)
{
	return home_settings_list(call_home(call), call->store->vault, call->arena, owner,
		HOME_SETTING_FOLDER, FOLDERS_MAX + 1, rows);
}

size_t folders_list(struct call *call, struct chat_folder **out, size_t *all_at)
{
	struct home_setting *rows;
	size_t count = rows_list(call, call->user, &rows), found = 0;

	*all_at = 0;
	*out = arena_array(call->arena, count, sizeof(**out));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].peer == ALL_CHATS) {
			*all_at = found;
			continue;
		}
		(*out)[found] = (struct chat_folder){.id = (int32_t)rows[i].peer};
		if (!folder_decode(call->arena, rows[i].value, &(*out)[found]))
			db_fail(call_home(call), "a folder is malformed");
		else
			found++;
	}
	return found;
}

static void tell(struct call *call)
{
	struct update update = {.kind = UPDATE_FOLDERS};

	change_tell(
		call, call->user, call->session_id, CHANGE_FOLDERS, (struct peer){0}, 0, &update);
}

bool folders_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_FOLDERS};
	return true;
}

static int check(struct call *call, const struct chat_folder *f)
{
	if (f->id < FOLDER_ID_MIN || f->id > FOLDER_ID_MAX)
		return rpc_error(call, 400, "FILTER_ID_INVALID");
	if (!text_is_utf8(f->title) || !text_trim(f->title).size ||
		text_utf16_length(f->title) > FOLDER_TITLE_MAX)
		return rpc_error(call, 400, "FILTER_TITLE_EMPTY");
	if (!f->contacts && !f->non_contacts && !f->groups && !f->broadcasts && !f->bots &&
		!f->included.count && !f->pinned.count)
		return rpc_error(call, 400, "FILTER_INCLUDE_EMPTY");
	if (f->included.count + f->pinned.count > FOLDER_PEERS_MAX ||
		f->excluded.count > FOLDER_PEERS_MAX)
		return rpc_error(call, 400, "FILTER_INCLUDE_TOO_MUCH");
	return 0;
}

/* "All chats" has a row once it was moved, and is none of them. */
static size_t has_all(const struct home_setting *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].peer == ALL_CHATS)
			return 1;
	}
	return 0;
}

int folder_put(struct call *call, const struct chat_folder *folder)
{
	struct home_setting row = {.kind = HOME_SETTING_FOLDER, .peer = folder->id}, *rows;
	size_t count = rows_list(call, call->user, &rows);

	if (check(call, folder) < 0)
		return -1;
	/* A new one goes to the end. */
	if (!home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row)) {
		if (count - has_all(rows, count) >= FOLDERS_MAX)
			return rpc_error(call, 400, "DIALOG_FILTERS_TOO_MUCH");
		row.position = count ? rows[count - 1].position - 1 : 0;
	}
	row.value = folder_encode(call->arena, folder);
	row.changed_at_s = call->now_s;
	home_setting_put(call_home(call), call->store->vault, call->arena, call->user, &row);
	tell(call);
	return 0;
}

int folder_delete(struct call *call, int32_t id)
{
	struct home_setting row = {.kind = HOME_SETTING_FOLDER, .peer = id};

	if (id < FOLDER_ID_MIN || !home_setting_delete(call_home(call), call->user, &row))
		return rpc_error(call, 400, "FILTER_ID_INVALID");
	tell(call);
	return 0;
}

int folders_reorder(struct call *call, const int32_t *ids, size_t count)
{
	struct home_setting row = {.kind = HOME_SETTING_FOLDER, .changed_at_s = call->now_s};

	if (count > FOLDERS_MAX + 1)
		return rpc_error(call, 400, "FILTER_ID_INVALID");
	for (size_t i = 0; i < count; i++) {
		row.peer = ids[i];
		row.position = (int32_t)(count - i);
		if (ids[i] == ALL_CHATS)
			home_setting_put(
				call_home(call), call->store->vault, call->arena, call->user, &row);
		else
			home_setting_set_position(call_home(call), call->user, &row);
	}
	tell(call);
	return 0;
}

static bool names(const struct folder_peers *peers, struct peer peer)
{
	for (size_t i = 0; i < peers->count; i++) {
		if (peers->at[i].kind == peer.kind && peers->at[i].id == peer.id)
			return true;
	}
	return false;
}

bool folder_names(struct call *call, int64_t owner, struct peer peer)
{
	struct home_setting *rows;
	size_t count = rows_list(call, owner, &rows);

	for (size_t i = 0; i < count; i++) {
		struct chat_folder folder = {0};

		if (rows[i].peer != ALL_CHATS &&
			folder_decode(call->arena, rows[i].value, &folder) &&
			(names(&folder.pinned, peer) || names(&folder.included, peer)))
			return true;
	}
	return false;
}

bool folder_tags_get(struct call *call)
{
	struct home_setting row = {.kind = HOME_SETTING_FOLDER_TAGS};

	return home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row);
}

void folder_tags_set(struct call *call, bool enabled)
{
	struct home_setting row = {.kind = HOME_SETTING_FOLDER_TAGS, .changed_at_s = call->now_s};

	if (enabled)
		home_setting_put(
			call_home(call), call->store->vault, call->arena, call->user, &row);
	else
		home_setting_delete(call_home(call), call->user, &row);
	tell(call);
}
