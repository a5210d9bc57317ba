/* SPDX-License-Identifier: Apache-2.0 */
/* The chat list: two sources, one order. */
#include "core/dialogs/dialogs.h"

#include <stdlib.h>

#include "core/messages/box.h"
#include "core/dialogs/dialog_places.h"
#include "core/dialogs/drafts.h"
#include "core/messages/history_ttl.h"
#include "core/dialogs/notify.h"
#include "core/posts/posts.h"
#include "core/channels/roster.h"
#include "store/home_scheduled.h"

#define TOPS_LOOKED_AT_MAX 20 /* below one that can't be read */

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
		.pin = row->pinned,
		.folder = row->folder,
		.unread_mark = row->unread_mark,
	};
}

/* The newest that can be read; nearly always the one at the top. */
static struct message *private_top(const struct home_box *box, const struct home_dialog *dialog)
{
	struct home_page page = {.peer_kind = dialog->peer_kind,
		.peer = dialog->peer,
		.below = dialog->top_id,
		.limit = TOPS_LOOKED_AT_MAX};
	struct message *message;
	struct home_messages rows;
	struct home_message row;

	if (!dialog->top_id || !home_message_get(box, dialog->top_id, &row))
		return NULL;
	message = ARENA_NEW(box->arena, struct message);
	box_message_from_row(box, &row, message);
	if (!message->damaged)
		return message;
	home_messages_older(box, &page, &rows);
	for (size_t i = 0; i < rows.count && message->damaged; i++)
		box_message_from_row(box, &rows.at[i], message);
	return message;
}

void dialog_complete(struct call *call, const struct home_box *box, struct dialog *dialog)
{
	struct home_page page = {.peer_kind = dialog->peer.kind, .peer = dialog->peer.id};

	dialog->notify = ARENA_NEW(call->arena, struct notify_settings);
	notify_get(call, call->user, NOTIFY_CHAT, dialog->peer, dialog->notify);
	dialog->draft = draft_get(call, dialog->peer, 0);
	if (dialog->peer.kind == PEER_CHANNEL)
		return;
	dialog->period_s = history_ttl(call, call->user, dialog->peer);
	page.of = PAGE_OF_MENTIONS;
	dialog->unread_mentions = home_messages_count(box, &page);
	page.of = PAGE_OF_REACTIONS;
	dialog->unread_reactions = home_messages_count(box, &page);
}

static void gather(struct gathered *g, struct dialog dialog, struct message *top)
{
	g->at[g->count] = dialog;
	if (top)
		g->at[g->count].top_id = top->id;
	g->tops[g->count++] = top;
}

static bool is_newer(const struct dialog *a, const struct dialog *b)
{
	return place_order(a, b) < 0;
}

/* Pins stand in the order that their owner gave them, those of the archive last. */
static bool is_pinned_above(const struct dialog *a, const struct dialog *b)
{
	return a->folder != b->folder ? a->folder < b->folder : a->pin > b->pin;
}

/* Insertion by insertion: both parts come sorted and are short. */
static void gathered_sort(
	struct gathered *g, bool (*above)(const struct dialog *a, const struct dialog *b))
{
	for (size_t i = 1; i < g->count; i++) {
		struct dialog dialog = g->at[i];
		struct message *top = g->tops[i];
		size_t k = i;

		for (; k > 0 && above(&dialog, &g->at[k - 1]); k--) {
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
static void list_fill(struct call *call, const struct home_box *box, const struct gathered *g,
	size_t limit, struct dialog_list *out)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	out->count = g->count < limit ? g->count : limit;
	out->at = g->at;
	out->tops = arena_array(call->arena, out->count + 1, sizeof(*out->tops));
	for (size_t i = 0; i < out->count; i++) {
		dialog_complete(call, box, &g->at[i]);
		roster_add(&roster, g->at[i].peer);
		if (g->at[i].draft)
			roster_add_message(&roster, g->at[i].draft);
		if (!g->tops[i])
			continue;
		roster_add_message(&roster, g->tops[i]);
		out->tops[out->top_count++] = *g->tops[i];
	}
	if (out->archive.top) {
		roster_add(&roster, out->archive.top->peer);
		roster_add_message(&roster, out->archive.top);
		out->tops[out->top_count++] = *out->archive.top;
	}
	roster_view(call, &roster, &out->seen);
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

static bool is_at_top(const struct dialog_offset *offset)
{
	return offset->date_s <= 0 && offset->id <= 0 && offset->peer.kind == PEER_NONE;
}

static void add_rows(const struct home_box *box, const struct home_dialog *rows, size_t count,
	struct gathered *g)
{
	for (size_t i = 0; i < count; i++)
		gather(g, private_dialog(&rows[i]), private_top(box, &rows[i]));
}

/* A part of what is gathered stands behind another. */
static void append(struct gathered *to, const struct gathered *from)
{
	for (size_t i = 0; i < from->count; i++)
		gather(to, from->at[i], from->tops[i]);
}

/* ---- A page ---- */

/* What a page is put together from. */
struct page {
	struct call *call;
	struct home_box box;
	struct dialog place; /* lines below this one */
	int32_t limit;
	struct channel_dialog *channels;
	size_t channel_count;
	struct gathered pinned, others;
	int64_t total; /* of those that are not pinned */
};

/* Those of one folder. Clients bear no line without a message. */
static void page_take(struct page *p, int32_t folder)
{
	const struct home_dialog_page page = {.date_s = p->place.top_date_s,
		.id = p->place.top_id,
		.folder = folder,
		.limit = p->limit + 1};
	struct home_dialog *rows;
	size_t count;

	home_dialogs_pinned(&p->box, folder, DIALOGS_LIMIT_MAX, &rows, &count);
	add_rows(&p->box, rows, count, &p->pinned);
	home_dialogs_page(&p->box, &page, &rows, &count);
	add_rows(&p->box, rows, count, &p->others);
	p->total += home_dialogs_count(&p->box, folder);
	for (size_t i = 0; i < p->channel_count; i++) {
		const struct channel_dialog *channel = &p->channels[i];

		if (!channel->top || channel->dialog.folder != folder)
			continue;
		if (channel->dialog.pin) {
			gather(&p->pinned, channel->dialog, channel->top);
			continue;
		}
		p->total++;
		if (place_order(&channel->dialog, &p->place) > 0)
			gather(&p->others, channel->dialog, channel->top);
	}
}

static int page_open(
	struct call *call, const struct dialog_offset *offset, int32_t limit, struct page *p)
{
	size_t room;

	*p = (struct page){.call = call, .place = offset_place(offset), .limit = limit};
	if (!box_open(call, call->user, &p->box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	if (channel_dialogs(call, &p->channels, &p->channel_count) < 0)
		return -1;
	room = (size_t)2 * (DIALOGS_LIMIT_MAX + 1) + p->channel_count; /* of two folders */
	p->pinned = gathered_new(call->arena, room);
	p->others = gathered_new(call->arena, room);
	return 0;
}

/* ---- The archive's own line ---- */

static void count_unread(struct page *p, const struct dialog *line, struct dialog_archive *out)
{
	const bool muted = notify_is_muted(p->call, p->call->user, line->peer);

	out->chats[muted]++;
	out->messages[muted] += line->unread;
}

/* The newest of the lines that are there. */
static void note_newest(struct dialog_archive *out, struct message *top)
{
	if (top && (!out->top || top->date_s > out->top->date_s))
		out->top = top;
}

static void archive_fill(struct page *from, struct dialog_archive *out)
{
	struct page p = *from;
	struct home_dialog *rows;
	size_t count;

	p.place = (struct dialog){.top_date_s = INT64_MAX, .top_id = INT32_MAX};
	p.limit = 0;
	p.pinned = gathered_new(p.call->arena, DIALOGS_LIMIT_MAX + p.channel_count);
	p.others = gathered_new(p.call->arena, 1 + p.channel_count);
	page_take(&p, FOLDER_ARCHIVE);
	for (size_t i = 0; i < p.pinned.count; i++)
		note_newest(out, p.pinned.tops[i]);
	for (size_t i = 0; i < p.others.count; i++)
		note_newest(out, p.others.tops[i]);
	home_dialogs_unread_in(&p.box, FOLDER_ARCHIVE, ARCHIVE_UNREAD_MAX, &rows, &count);
	for (size_t i = 0; i < count; i++) {
		struct dialog line = private_dialog(&rows[i]);

		count_unread(&p, &line, out);
	}
	for (size_t i = 0; i < p.channel_count; i++) {
		const struct dialog *line = &p.channels[i].dialog;

		if (line->folder == FOLDER_ARCHIVE && line->unread)
			count_unread(&p, line, out);
	}
}

int dialogs_list(struct call *call, int32_t folder, const struct dialog_offset *offset,
	enum dialog_pins pins, int32_t limit, struct dialog_list *out)
{
	const bool with_pins = pins == DIALOGS_PINNED || (pins == DIALOGS_ALL && is_at_top(offset));
	struct gathered all;
	struct page p;

	*out = (struct dialog_list){0};
	if (folder < FOLDER_ANY || folder > FOLDER_ARCHIVE)
		return rpc_error(call, 400, "FOLDER_ID_INVALID");
	limit = limit < 1 ? 20 : limit > DIALOGS_LIMIT_MAX ? DIALOGS_LIMIT_MAX : limit;
	if (page_open(call, offset, limit, &p) < 0)
		return -1;
	for (int32_t one = FOLDER_LIST; one <= FOLDER_ARCHIVE; one++) {
		if (folder == FOLDER_ANY || folder == one)
			page_take(&p, one);
	}
	gathered_sort(&p.pinned, is_pinned_above);
	gathered_sort(&p.others, is_newer);
	all = gathered_new(call->arena, p.pinned.count + p.others.count);
	if (with_pins)
		append(&all, &p.pinned);
	if (pins != DIALOGS_PINNED)
		append(&all, &p.others);
	/* It stands among the pins of the list. */
	if (with_pins && folder == FOLDER_LIST)
		archive_fill(&p, &out->archive);
	list_fill(call, &p.box, &all,
		pins == DIALOGS_PINNED ? all.count : (size_t)limit + (all.count - p.others.count),
		out);
	out->total = (pins == DIALOGS_PINNED ? 0 : p.total) +
		     (pins == DIALOGS_NOT_PINNED ? 0 : (int64_t)p.pinned.count);
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

		if (peers[i].kind == PEER_USER || peers[i].kind == PEER_CHAT) {
			box_dialog(&box, peers[i], &row);
			gather(&g, private_dialog(&row), private_top(&box, &row));
		} else if (peers[i].kind == PEER_CHANNEL &&
			   channel_find(call, peers[i].id, &view)) {
			if (channel_dialog(call, peers[i].id, &channel) < 0)
				return -1;
			gather(&g, channel.dialog, channel.top);
		}
	}
	list_fill(call, &box, &g, count, out);
	out->total = (int64_t)out->count;
	out->complete = true;
	return 0;
}

/* Messages are pinned in each box by itself, but together. */
void dialog_glance(struct call *call, struct peer peer, struct dialog_glance *out)
{
	const struct home_page page = {.peer_kind = peer.kind,
		.peer = peer.id,
		.of = PAGE_OF_PINNED,
		.below = INT32_MAX,
		.limit = 1};
	struct home_messages rows;
	struct home_dialog dialog;
	struct home_box box;

	*out = (struct dialog_glance){0};
	if (!box_open(call, call->user, &box))
		return;
	home_messages_older(&box, &page, &rows);
	out->pinned_id = rows.count ? rows.at[0].id : 0;
	if (box_dialog(&box, peer, &dialog))
		out->folder = dialog.folder;
	out->has_scheduled = home_scheduled_count(&box, peer.kind, peer.id) > 0;
}
