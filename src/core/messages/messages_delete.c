/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting: from the own box, or everybody's copies. */
#include "core/messages/messages.h"

#include <stdlib.h>

#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/dialogs/dialog_places.h"
#include "core/dialogs/drafts.h"
#include "core/messages/history_ttl.h"
#include "store/home_calls.h"

/* A copy that goes. */
struct doomed {
	int64_t owner;
	struct home_message row;
};

static int doomed_order(const void *a, const void *b)
{
	const struct doomed *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return x->row.id < y->row.id ? -1 : x->row.id > y->row.id;
}

/* Everybody's copies, not only the own one. */
static int may_revoke(struct call *call, const struct home_message *row)
{
	if (row->peer_kind != PEER_CHAT || row->author == call->user ||
		chat_role_of(call, row->peer, call->user) == CHAT_OUT)
		return 0;
	if (chat_may(call, row->peer, call->user, CHAT_DELETE_OTHERS) == 0)
		return 0;
	call->fault = (struct fault){0};
	return rpc_error(call, 403, "MESSAGE_DELETE_FORBIDDEN");
}

struct collection {
	struct doomed *at;
	size_t count, capacity;
};

static void doom(struct call *call, struct collection *c, const struct home_box *box,
	const struct home_message *row)
{
	if (c->count == c->capacity) {
		size_t capacity = c->capacity ? c->capacity * 2 : 64;
		struct doomed *at = arena_array(call->arena, capacity, sizeof(*at));

		if (c->count)
			memcpy(at, c->at, c->count * sizeof(*at));
		c->at = at;
		c->capacity = capacity;
	}
	c->at[c->count++] = (struct doomed){.owner = box->owner, .row = *row};
}

/* The copies of others. The circle is kept from row to row: most are of one chat. A chat that can't
 * be opened any more (its account is gone) has no others. */
static int doom_twins(struct call *call, struct collection *c, struct circle *circle,
	const struct home_message *row)
{
	struct peer chat = {(enum peer_kind)row->peer_kind, row->peer};
	struct home_message copy;

	if (may_revoke(call, row) < 0)
		return -1;
	if ((circle->chat.kind != chat.kind || circle->chat.id != chat.id) &&
		circle_open_reaching(call, chat, circle) < 0) {
		call->fault = (struct fault){0};
		*circle = (struct circle){.chat = chat};
	}
	for (size_t i = 0; i < circle->count; i++) {
		const struct home_box *box = &circle->boxes[i];

		if (box->owner != call->user && home_message_by_twin(box, row->twin, &copy))
			doom(call, c, box, &copy);
	}
	return 0;
}

static int collect(struct call *call, const struct home_box *own, const int32_t *ids, size_t count,
	bool revoke, struct collection *c)
{
	struct circle circle = {0};
	struct home_message row;

	for (size_t i = 0; i < count; i++) {
		if (!home_message_get(own, ids[i], &row))
			continue;
		doom(call, c, own, &row);
		if (revoke && row.twin && doom_twins(call, c, &circle, &row) < 0)
			return -1;
	}
	return 0;
}

/* The line of the chat list after one of its messages went. */
static void dialog_shrink(
	struct call *call, const struct home_box *box, const struct home_message *gone)
{
	struct home_page newest = {
		.peer_kind = gone->peer_kind, .peer = gone->peer, .below = INT32_MAX, .limit = 1};
	struct home_dialog dialog;
	struct home_messages left;

	home_dialog_get(box, gone->peer_kind, gone->peer, &dialog);
	dialog.message_count--;
	if (home_message_is_news(gone) && gone->id > dialog.read_inbox && dialog.unread > 0)
		dialog.unread--;
	if (dialog.top_id == gone->id) {
		home_messages_older(box, &newest, &left);
		dialog.top_id = left.count ? left.at[0].id : 0;
		dialog.top_date_s = left.count ? left.at[0].date_s : 0;
	}
	home_dialog_put(box, &dialog);
	if (!dialog.top_id)
		dialog_emptied(call, box->owner,
			(struct peer){(enum peer_kind)gone->peer_kind, gone->peer});
}

/* Where no message is left, its random id must still tell that a repeated packet is one. */
static void spend_random_id(struct call *call, int64_t owner, const struct home_message *row)
{
	if (row->random_id && row->date_s > call->now_s - HOME_CALLS_KEEP_S)
		home_spent_add(call_home(call), owner, row->random_id, row->date_s);
}

/* All of one owner: rows go, one event for them, its sessions are told. Returns the box's pts. */
static int32_t delete_in_box(struct call *call, const struct doomed *doomed, size_t count)
{
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct home_box box;
	bool own = doomed[0].owner == call->user;

	if (!box_open(call, doomed[0].owner, &box))
		return 0;
	home_box_advance(&box, (int32_t)count, 0);
	*update = (struct update){.kind = UPDATE_DELETE_MESSAGES,
		.pts = box.pts,
		.pts_count = (int32_t)count,
		.ids = arena_array(call->arena, count, sizeof(int32_t)),
		.id_count = count};
	for (size_t i = 0; i < count; i++) {
		update->ids[i] = doomed[i].row.id;
		spend_random_id(call, box.owner, &doomed[i].row);
		home_message_delete(&box, doomed[i].row.id);
		dialog_shrink(call, &box, &doomed[i].row);
	}
	/* An answer may have it in it, if it was edited. */
	home_calls_forget_told(box.db, box.owner);
	box_log(call, &box, update);
	box_tell(call, box.owner, own ? call->session_id : 0, update, 1);
	return box.pts;
}

/* One event per box. *pts and *pts_count: of the box of call->user, if it is one of them. */
static void delete_all(struct call *call, struct collection *c, int32_t *pts, int32_t *pts_count)
{
	if (c->count)
		qsort(c->at, c->count, sizeof(*c->at), doomed_order);
	for (size_t from = 0, to; from < c->count; from = to) {
		int32_t at;

		for (to = from + 1; to < c->count && c->at[to].owner == c->at[from].owner;)
			to++;
		at = delete_in_box(call, c->at + from, to - from);
		if (pts && c->at[from].owner == call->user) {
			*pts = at;
			*pts_count = (int32_t)(to - from);
		}
	}
}

static size_t unique_ids(int32_t *ids, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < kept && ids[k] != ids[i])
			k++;
		if (k == kept)
			ids[kept++] = ids[i];
	}
	return kept;
}

int messages_delete(struct call *call, const int32_t *ids, size_t count, bool revoke, int32_t *pts,
	int32_t *pts_count)
{
	struct collection c = {0};
	struct home_box own;
	int32_t *unique;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	unique = arena_array(call->arena, count, sizeof(*unique));
	if (count)
		memcpy(unique, ids, count * sizeof(*unique));
	count = unique_ids(unique, count);
	/* Of a private chat there are two copies each. */
	if (collect(call, &own, unique, count, revoke, &c) < 0 ||
		(c.count > 2 * count && circle_charge(call, c.count) < 0))
		return -1;
	*pts = own.pts;
	*pts_count = 0;
	delete_all(call, &c, pts, pts_count);
	return 0;
}

static int check_clearing(struct call *call, struct peer in, const struct clearing *clearing)
{
	if (!clearing->min_date_s && !clearing->max_date_s)
		return 0;
	if (in.kind != PEER_USER)
		return rpc_error(call, 400, "CHAT_REVOKE_DATE_UNSUPPORTED");
	if (clearing->min_date_s < 0)
		return rpc_error(call, 400, "MIN_DATE_INVALID");
	if (clearing->max_date_s < 0 ||
		(clearing->max_date_s && clearing->max_date_s <= clearing->min_date_s))
		return rpc_error(call, 400, "MAX_DATE_INVALID");
	return 0;
}

/* Dates are no columns of an index: they are places among the ids. */
int clearing_bounds(struct call *call, const struct home_box *own, struct peer in,
	const struct clearing *clearing, struct home_page *page)
{
	int32_t at;

	if (check_clearing(call, in, clearing) < 0)
		return -1;
	page->below = clearing->max_id > 0 && clearing->max_id < INT32_MAX ? clearing->max_id + 1
									   : INT32_MAX;
	if (clearing->min_date_s) {
		at = home_messages_id_at(own, in.kind, in.id, clearing->min_date_s + 1);
		page->above = at ? at - 1 : INT32_MAX;
	}
	if (clearing->max_date_s) {
		at = home_messages_id_at(own, in.kind, in.id, clearing->max_date_s);
		if (at && at < page->below)
			page->below = at;
	}
	return 0;
}

/* The chat stays in the list: by a line that clients don't show. */
static int keep_line(struct call *call, struct peer in)
{
	struct message line = {.action = ACTION_HISTORY_CLEAR};
	const uint64_t session = call->session_id;
	struct update_set answer;
	struct circle alone;
	int result;

	if (circle_open_alone(call, in, &alone) < 0)
		return -1;
	/* The answer has no place for it: this session is told like the others. */
	call->session_id = 0;
	result = message_act_in(call, &alone, &line, &answer);
	call->session_id = session;
	return result;
}

int messages_clear(struct call *call, struct peer in, const struct clearing *clearing, int32_t *pts,
	int32_t *pts_count, int32_t *left)
{
	struct home_page page = {.peer_kind = in.kind, .peer = in.id, .limit = HISTORY_LIMIT_MAX};
	int32_t ids[HISTORY_LIMIT_MAX];
	struct home_messages rows;
	struct home_dialog line;
	struct home_box own;

	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (clearing_bounds(call, &own, in, clearing, &page) < 0)
		return -1;
	home_messages_older(&own, &page, &rows);
	for (size_t i = 0; i < rows.count; i++)
		ids[i] = rows.at[i].id;
	/* Of a group everybody keeps an own copy. */
	if (messages_delete(call, ids, rows.count, clearing->revoke && in.kind == PEER_USER, pts,
		    pts_count) < 0)
		return -1;
	*left = rows.count == HISTORY_LIMIT_MAX;
	if (clearing->keep_chat && rows.count && !*left)
		return keep_line(call, in);
	if (!clearing->keep_chat && box_dialog(&own, in, &line) && !line.top_id)
		draft_clear(call, 0, in, 0);
	return 0;
}

/* ---- What has lived its time ---- */

#define EXPIRED_AT_ONCE 500

bool messages_expire(struct call *call)
{
	struct home_expired *expired;
	struct collection c = {0};
	size_t count = home_messages_expired(
		call_home(call), call->arena, call->now_s, EXPIRED_AT_ONCE, &expired);

	for (size_t i = 0; i < count; i++) {
		struct home_message row;
		struct home_box box;

		/* Every copy has its own time, so each box is looked at by itself. What is left of
		 * an account that is gone can't be opened. */
		if (!box_open(call, expired[i].owner, &box))
			home_message_delete(&(struct home_box){.db = call_home(call),
						    .owner = expired[i].owner},
				expired[i].id);
		else if (home_message_get(&box, expired[i].id, &row))
			doom(call, &c, &box, &row);
	}
	delete_all(call, &c, NULL, NULL);
	return count == EXPIRED_AT_ONCE;
}
