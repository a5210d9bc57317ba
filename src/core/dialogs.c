/* SPDX-License-Identifier: Apache-2.0 */
/* The chat list: two sources, one order. */
#include "core/dialogs.h"

#include <stdlib.h>

#include "core/box.h"
#include "core/posts.h"
#include "core/roster.h"

/* What a list is put together from, before it is cut to a page. */
struct gathered {
	struct dialog *at;
	struct message **tops; /* tops[i] belongs to at[i]; NULL: none */
	size_t count;
};

/* Clients number all kinds of peers in one row: accounts above zero, groups and channels below it.
 */
static int64_t peer_number(struct peer peer)
{
	switch (peer.kind) {
	case PEER_USER:
		return peer.id;
	case PEER_CHAT:
		return -peer.id;
	case PEER_CHANNEL:
		return -1000000000000 - peer.id;
	case PEER_NONE:
		break;
	}
	return INT64_MIN;
}

/* Newest first, then by what clients call the chat's order: TDLib pages by exactly this, and asks
 * again without end when two channels of one second and one message id come the other way round.
 */
static int place_order(const struct dialog *a, const struct dialog *b)
{
	if (a->top_date_s != b->top_date_s)
		return a->top_date_s > b->top_date_s ? -1 : 1;
	if (a->top_id != b->top_id)
		return a->top_id > b->top_id ? -1 : 1;
	if (peer_number(a->peer) == peer_number(b->peer))
		return 0;
	return peer_number(a->peer) > peer_number(b->peer) ? -1 : 1;
}

static struct dialog private_dialog(const struct home_dialog *row)
{
	return (struct dialog){
		.peer = {(enum peer_kind)row->peer_kind, row->peer},
		.top_id = row->top_id,
		.top_date_s = row->top_date_s,
		.read_inbox = row->read_inbox,
		.read_outbox = row->read_outbox,
		.unread = row->unread,
		.pinned = row->pinned,
	};
}

static struct message *private_top(const struct home_box *box, int32_t id)
{
	struct message *message;
	struct home_message row;

	if (!id || !home_message_get(box, id, &row))
		return NULL;
	message = ARENA_NEW(box->arena, struct message);
	box_message_from_row(box, &row, message);
	return message;
}

static void gather(struct gathered *g, struct dialog dialog, struct message *top)
{
	g->at[g->count] = dialog;
	g->tops[g->count++] = top;
}

/* Sorts by place, insertion by insertion: both parts come sorted and are short. */
static void gathered_sort(struct gathered *g)
{
	for (size_t i = 1; i < g->count; i++) {
		struct dialog dialog = g->at[i];
		struct message *top = g->tops[i];
		size_t k = i;

		for (; k > 0 && place_order(&dialog, &g->at[k - 1]) < 0; k--) {
			g->at[k] = g->at[k - 1];
			g->tops[k] = g->tops[k - 1];
		}
		g->at[k] = dialog;
		g->tops[k] = top;
	}
}

static struct gathered gathered_new(struct arena *arena, size_t capacity)
{
	return (struct gathered){.at = arena_array(arena, capacity, sizeof(struct dialog)),
		.tops = arena_array(arena, capacity, sizeof(struct message *))};
}

/* The first `limit` of what was gathered, with their messages and everybody they mention. */
static void list_fill(
	struct call *call, const struct gathered *g, size_t limit, struct dialog_list *out)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	out->count = g->count < limit ? g->count : limit;
	out->at = g->at;
	out->tops = arena_array(call->arena, out->count, sizeof(*out->tops));
	for (size_t i = 0; i < out->count; i++) {
		roster_add(&roster, g->at[i].peer);
		if (!g->tops[i])
			continue;
		roster_add_message(&roster, g->tops[i]);
		out->tops[out->top_count++] = *g->tops[i];
	}
	roster_users(call, call->user, &roster, &out->users, &out->user_count);
	roster_channels(call, &roster, &out->channels, &out->channel_count);
}

static void add_private(
	const struct home_box *box, const struct home_dialog_page *page, struct gathered *g)
{
	struct home_dialog *rows;
	size_t count;

	home_dialogs_page(box, page, &rows, &count);
	for (size_t i = 0; i < count; i++)
		gather(g, private_dialog(&rows[i]), private_top(box, rows[i].top_id));
}

static struct dialog offset_place(const struct dialog_offset *offset)
{
	struct dialog place = {.top_date_s = INT64_MAX, .top_id = INT32_MAX, .peer = offset->peer};

	if (offset->date_s > 0) {
		place.top_date_s = offset->date_s;
		place.top_id = offset->id;
		/* "Nothing newer than this" when no line is named to go on from. */
		if (offset->id <= 0 && offset->peer.kind == PEER_NONE)
			place.top_id = INT32_MAX;
	}
	return place;
}

int dialogs_list(struct call *call, const struct dialog_offset *offset, enum dialog_pins pins,
	int32_t limit, struct dialog_list *out)
{
	struct dialog place = offset_place(offset);
	struct home_dialog_page page = {.date_s = place.top_date_s, .id = place.top_id};
	struct channel_dialog *channels = NULL;
	size_t channel_count = 0;
	struct home_box box;
	struct gathered g;

	*out = (struct dialog_list){0};
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	if (pins != DIALOGS_PINNED && channel_dialogs(call, &channels, &channel_count) < 0)
		return -1;
	limit = limit < 1 ? 20 : limit > DIALOGS_LIMIT_MAX ? DIALOGS_LIMIT_MAX : limit;
	page.limit = limit + 1;
	g = gathered_new(call->arena, 2 * (size_t)page.limit + channel_count);
	for (page.pinned = 0; page.pinned <= 1; page.pinned++) {
		if (pins == (page.pinned ? DIALOGS_NOT_PINNED : DIALOGS_PINNED))
			continue;
		add_private(&box, &page, &g);
		out->total += home_dialogs_count(&box, page.pinned);
	}
	for (size_t i = 0; i < channel_count; i++) {
		if (!channels[i].top)
			continue; /* clients bear no line without a message */
		out->total++;
		if (place_order(&channels[i].dialog, &place) > 0)
			gather(&g, channels[i].dialog, channels[i].top);
	}
	gathered_sort(&g);
	list_fill(call, &g, (size_t)limit, out);
	out->complete = (int64_t)out->count == out->total;
	return 0;
}

int dialogs_of_peers(
	struct call *call, const struct peer *peers, size_t count, struct dialog_list *out)
{
	struct gathered g = gathered_new(call->arena, count);
	struct home_box box;

	*out = (struct dialog_list){0};
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	for (size_t i = 0; i < count; i++) {
		struct channel_dialog channel;
		struct channel_view view;
		struct home_dialog row;

		if (peers[i].kind == PEER_USER) {
			box_dialog(&box, peers[i], &row);
			gather(&g, private_dialog(&row), private_top(&box, row.top_id));
		} else if (peers[i].kind == PEER_CHANNEL &&
			   channel_find(call, peers[i].id, &view)) {
			if (channel_dialog(call, peers[i].id, &channel) < 0)
				return -1;
			gather(&g, channel.dialog, channel.top);
		}
	}
	list_fill(call, &g, count, out);
	out->total = (int64_t)out->count;
	out->complete = true;
	return 0;
}
