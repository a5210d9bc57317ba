/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of Saved Messages: rows of the box that say which part they are filed under. */
#include "core/dialogs/saved_dialogs.h"

#include "core/messages/box.h"
#include "store/home_settings.h"

static int open_own(struct call *call, struct home_box *box)
{
	return box_open(call, call->user, box) ? 0 : rpc_error(call, 401, "USER_DEACTIVATED");
}

static struct home_setting pin_row(struct peer part)
{
	return (struct home_setting){
		.kind = HOME_SETTING_SAVED_PIN, .peer_kind = part.kind, .peer = part.id};
}

static size_t pins(struct call *call, struct home_setting **rows)
{
	return home_settings_list(call_home(call), call->store->vault, call->arena, call->user,
		HOME_SETTING_SAVED_PIN, SAVED_PINNED_MAX, rows);
}

static bool is_pinned(const struct home_setting *rows, size_t count, struct peer part)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].peer_kind == (int32_t)part.kind && rows[i].peer == part.id)
			return true;
	}
	return false;
}

static struct peer part_of(const struct home_setting *row)
{
	return (struct peer){(enum peer_kind)row->peer_kind, row->peer};
}

static bool newest(const struct home_box *box, struct peer part, struct home_messages *rows)
{
	struct home_page page = {.peer_kind = part.kind,
		.peer = part.id,
		.of = PAGE_OF_SAVED,
		.below = INT32_MAX,
		.limit = 1};

	home_messages_older(box, &page, rows);
	return rows->count > 0;
}

static bool has_message(const struct home_box *box, struct peer part)
{
	struct home_messages rows;

	return newest(box, part, &rows);
}

/* Appends the part, if a message is in it. */
static void take(const struct home_box *box, struct peer part, bool pinned, struct saved_list *out)
{
	struct home_messages rows;

	if (!newest(box, part, &rows))
		return;
	out->at[out->count] =
		(struct saved_dialog){.peer = part, .top_id = rows.at[0].id, .pinned = pinned};
	box_message_from_row(box, &rows.at[0], &out->tops[out->count++]);
}

static void list_init(struct call *call, size_t capacity, struct saved_list *out)
{
	*out = (struct saved_list){.at = arena_array(call->arena, capacity, sizeof(*out->at)),
		.tops = arena_array(call->arena, capacity, sizeof(*out->tops))};
}

int saved_dialogs(struct call *call, int32_t offset_id, int32_t limit, bool without_pinned,
	struct saved_list *out)
{
	struct home_setting *pinned;
	size_t pinned_count = pins(call, &pinned), count;
	struct home_saved_part *parts;
	struct home_box box;

	if (open_own(call, &box) < 0)
		return -1;
	limit = limit < 1 ? 20 : limit > HISTORY_LIMIT_MAX ? HISTORY_LIMIT_MAX : limit;
	list_init(call, (size_t)limit, out);
	count = home_messages_saved_parts(&box, &parts);
	for (size_t i = 0; i < count && out->count < (size_t)limit; i++) {
		struct peer part = {(enum peer_kind)parts[i].kind, parts[i].peer};
		bool is = is_pinned(pinned, pinned_count, part);

		if ((offset_id <= 0 || parts[i].top_id < offset_id) && !(without_pinned && is))
			take(&box, part, is, out);
	}
	out->total = (int64_t)count;
	/* A part keeps its pin while nothing is in it. */
	for (size_t i = 0; i < pinned_count && without_pinned; i++)
		out->total -= has_message(&box, part_of(&pinned[i]));
	return 0;
}

int saved_dialogs_of(
	struct call *call, const struct peer *peers, size_t count, struct saved_list *out)
{
	struct home_setting *pinned;
	size_t pinned_count = pins(call, &pinned);
	struct home_box box;

	if (open_own(call, &box) < 0)
		return -1;
	list_init(call, count, out);
	for (size_t i = 0; i < count; i++)
		take(&box, peers[i], is_pinned(pinned, pinned_count, peers[i]), out);
	out->total = (int64_t)out->count;
	return 0;
}

int saved_dialogs_pinned(struct call *call, struct saved_list *out)
{
	struct home_setting *rows;
	size_t count = pins(call, &rows);
	struct home_box box;

	if (open_own(call, &box) < 0)
		return -1;
	list_init(call, count, out);
	for (size_t i = 0; i < count; i++)
		take(&box, part_of(&rows[i]), true, out);
	out->total = (int64_t)out->count;
	return 0;
}

int saved_history(struct call *call, struct peer part, const struct post_range *range,
	struct message_list *out)
{
	return messages_saved(call, part, range, out);
}

int saved_history_delete(struct call *call, struct peer part, const struct clearing *clearing,
	int32_t *pts, int32_t *pts_count, int32_t *left)
{
	const struct peer saved = {PEER_USER, call->user};
	struct home_page page = {.peer_kind = part.kind,
		.peer = part.id,
		.of = PAGE_OF_SAVED,
		.limit = HISTORY_LIMIT_MAX};
	int32_t ids[HISTORY_LIMIT_MAX];
	struct home_messages rows;
	struct home_box box;

	if (open_own(call, &box) < 0 || clearing_bounds(call, &box, saved, clearing, &page) < 0)
		return -1;
	home_messages_older(&box, &page, &rows);
	for (size_t i = 0; i < rows.count; i++)
		ids[i] = rows.at[i].id;
	if (messages_delete(call, ids, rows.count, false, pts, pts_count) < 0)
		return -1;
	page.limit = 1;
	home_messages_older(&box, &page, &rows);
	*left = rows.count ? 1 : 0;
	return 0;
}

/* ---- Pins ---- */

bool saved_pins_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct home_setting *rows;
	size_t count = pins(call, &rows);

	*update = (struct update){.kind = UPDATE_SAVED_PINS,
		.peers = arena_array(call->arena, count, sizeof(*update->peers)),
		.peer_count = count};
	for (size_t i = 0; i < count; i++)
		update->peers[i] = part_of(&rows[i]);
	return true;
}

static void tell(struct call *call)
{
	struct update update;

	saved_pins_change(call, NULL, &update);
	change_tell(call, call->user, call->session_id, CHANGE_SAVED_PINS, (struct peer){0}, 0,
		&update);
}

static void put(struct call *call, struct peer part, int32_t position)
{
	struct home_setting row = pin_row(part);

	row.position = position;
	row.changed_at_s = call->now_s;
	home_setting_put(call_home(call), call->store->vault, call->arena, call->user, &row);
}

int saved_pin(struct call *call, struct peer part, bool pinned)
{
	struct home_setting *rows, row = pin_row(part);
	size_t count = pins(call, &rows);

	if (pinned == is_pinned(rows, count, part))
		return 0;
	if (!pinned)
		home_setting_delete(call_home(call), call->user, &row);
	else if (count >= SAVED_PINNED_MAX)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	else
		put(call, part, count ? rows[0].position + 1 : 1);
	tell(call);
	return 0;
}

static bool is_among(const struct peer *parts, size_t count, struct peer part)
{
	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == part.kind && parts[i].id == part.id)
			return true;
	}
	return false;
}

int saved_reorder(struct call *call, const struct peer *parts, size_t count, bool force)
{
	struct home_setting *rows;
	size_t before = pins(call, &rows), kept = 0;

	for (size_t i = 0; i < before && !force; i++)
		kept += !is_among(parts, count, part_of(&rows[i]));
	if (count + kept > SAVED_PINNED_MAX)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	/* Those that are not named go, or move below. */
	for (size_t i = 0; i < before; i++) {
		if (force)
			home_setting_delete(call_home(call), call->user, &rows[i]);
		else
			put(call, part_of(&rows[i]), (int32_t)(before - i));
	}
	for (size_t i = 0; i < count; i++)
		put(call, parts[i], (int32_t)(before + count - i));
	tell(call);
	return 0;
}
