/* SPDX-License-Identifier: Apache-2.0 */
/* Editing, deleting and reading in private chats: what changes both copies of a message. */
#include "core/private_messages.h"

#include <stdlib.h>

#include "core/box.h"
#include "core/entities.h"
#include "core/roster.h"
#include "store/home_calls.h"

/* ---- Editing ---- */

/* Writes new text over a copy, and makes the update about it. */
static void edit_copy(struct call *call, struct home_box *box, const struct home_message *row,
	const struct message *draft, struct update *update)
{
	struct message *message = ARENA_NEW(call->arena, struct message);

	box_message_from_row(box, row, message);
	message->text = draft->text;
	message->entities = draft->entities;
	message->entity_count = draft->entity_count;
	message->edit_date_s = call->now_s;
	home_message_set_body(box, row->id, call->now_s, message_body_encode(call->arena, message));
	*update = (struct update){
		.kind = UPDATE_EDIT_MESSAGE, .pts = box->pts, .pts_count = 1, .message = message};
	box_log(call, box, update);
}

static bool is_same_text(
	const struct home_box *box, const struct home_message *row, const struct message *draft)
{
	struct message now, then;

	box_message_from_row(box, row, &now);
	then = now;
	then.text = draft->text;
	then.entities = draft->entities;
	then.entity_count = draft->entity_count;
	return bytes_equal(
		message_body_encode(box->arena, &now), message_body_encode(box->arena, &then));
}

static int may_edit(struct call *call, const struct home_message *row, int64_t with)
{
	if (row->peer_kind != PEER_USER || row->peer != with || row->action != ACTION_NONE)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (row->author != call->user)
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	if (with != call->user && call->now_s > row->date_s + MESSAGE_EDIT_TIME_LIMIT_S)
		return rpc_error(call, 400, "MESSAGE_EDIT_TIME_EXPIRED");
	return 0;
}

int private_edit(struct call *call, int64_t with, struct message *draft, struct update_set *answer)
{
	struct update *update = arena_array(call->arena, 2, sizeof(*update));
	struct home_message row, twin;
	struct home_box own, theirs;
	bool both;

	*answer = (struct update_set){0};
	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (!home_message_get(&own, draft->id, &row))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (may_edit(call, &row, with) < 0 || entities_accept(call, draft) < 0)
		return -1;
	if (is_same_text(&own, &row, draft))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");

	both = with != call->user && box_open(call, with, &theirs) &&
	       home_message_by_twin(&theirs, row.twin, &twin);
	if (both && theirs.owner < own.owner)
		home_box_advance(&theirs, 1, 0);
	home_box_advance(&own, 1, 0);
	if (both && theirs.owner > own.owner)
		home_box_advance(&theirs, 1, 0);

	edit_copy(call, &own, &row, draft, &update[0]);
	if (both) {
		edit_copy(call, &theirs, &twin, draft, &update[1]);
		box_tell(call, with, 0, &update[1], 1);
	}
	answer->updates = update;
	answer->update_count = 1;
	roster_complete(call, call->user, answer);
	box_tell_set(call, call->user, call->session_id, answer);
	return 0;
}

/* ---- Deleting ---- */

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

static size_t collect(struct call *call, const struct home_box *own, const int32_t *ids,
	size_t count, bool revoke, struct doomed *doomed)
{
	struct home_box theirs = {0};
	bool open = false;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		struct doomed *d = &doomed[found];

		if (!home_message_get(own, ids[i], &d->row))
			continue;
		d->owner = own->owner;
		found++;
		if (!revoke || !d->row.twin)
			continue;
		if (theirs.owner != d->row.peer)
			open = box_open(call, d->row.peer, &theirs);
		if (open && home_message_by_twin(&theirs, d->row.twin, &doomed[found].row))
			doomed[found++].owner = theirs.owner;
	}
	qsort(doomed, found, sizeof(*doomed), doomed_order);
	return found;
}

/* The line of the chat list after one of its messages went. */
static void dialog_shrink(const struct home_box *box, const struct home_message *gone)
{
	struct home_page newest = {
		.peer_kind = gone->peer_kind, .peer = gone->peer, .below = INT32_MAX, .limit = 1};
	struct home_dialog dialog;
	struct home_messages left;

	home_dialog_get(box, gone->peer_kind, gone->peer, &dialog);
	dialog.message_count--;
	if (!gone->out && gone->id > dialog.read_inbox && dialog.unread > 0)
		dialog.unread--;
	if (dialog.top_id == gone->id) {
		home_messages_older(box, &newest, &left);
		dialog.top_id = left.count ? left.at[0].id : 0;
		dialog.top_date_s = left.count ? left.at[0].date_s : 0;
	}
	home_dialog_put(box, &dialog);
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
		dialog_shrink(&box, &doomed[i].row);
	}
	box_log(call, &box, update);
	box_tell(call, box.owner, own ? call->session_id : 0, update, 1);
	return box.pts;
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

int private_delete(struct call *call, const int32_t *ids, size_t count, bool revoke, int32_t *pts,
	int32_t *pts_count)
{
	struct doomed *doomed;
	struct home_box own;
	int32_t *unique;
	size_t found;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	unique = arena_array(call->arena, count, sizeof(*unique));
	if (count)
		memcpy(unique, ids, count * sizeof(*unique));
	count = unique_ids(unique, count);
	doomed = arena_array(call->arena, count * 2 + 1, sizeof(*doomed));
	found = collect(call, &own, unique, count, revoke, doomed);
	*pts = own.pts;
	*pts_count = 0;
	for (size_t from = 0, to; from < found; from = to) {
		int32_t at;

		for (to = from + 1; to < found && doomed[to].owner == doomed[from].owner;)
			to++;
		at = delete_in_box(call, doomed + from, to - from);
		if (doomed[from].owner == call->user) {
			*pts = at;
			*pts_count = (int32_t)(to - from);
		}
	}
	return 0;
}

int private_delete_history(struct call *call, int64_t with, int32_t max_id, bool revoke,
	int32_t *pts, int32_t *pts_count, int32_t *left)
{
	struct home_page page = {.peer_kind = PEER_USER,
		.peer = with,
		.below = max_id > 0 && max_id < INT32_MAX ? max_id + 1 : INT32_MAX,
		.limit = HISTORY_LIMIT_MAX};
	int32_t ids[HISTORY_LIMIT_MAX];
	struct home_messages rows;
	struct home_box own;

	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	home_messages_older(&own, &page, &rows);
	for (size_t i = 0; i < rows.count; i++)
		ids[i] = rows.at[i].id;
	if (private_delete(call, ids, rows.count, revoke, pts, pts_count) < 0)
		return -1;
	page.limit = 1;
	home_messages_older(&own, &page, &rows);
	*left = rows.count ? 1 : 0;
	return 0;
}

/* ---- Reading ---- */

#define READ_TWINS_MAX 100 /* newest read messages looked at for one that the author still has */

/* What the author's copy of the newest read message is; 0: the author has none of them any more. */
static int32_t read_at_authors(const struct home_box *own, const struct home_box *theirs,
	int64_t with, int32_t above, int32_t max_id)
{
	struct home_page page = {.peer_kind = PEER_USER,
		.peer = with,
		.above = above,
		.below = max_id + 1,
		.limit = READ_TWINS_MAX};
	struct home_message row;
	struct home_messages read;

	home_messages_older(own, &page, &read);
	for (size_t i = 0; i < read.count; i++) {
		if (!read.at[i].out && home_message_by_twin(theirs, read.at[i].twin, &row))
			return row.id;
	}
	return 0;
}

static void tell_author(
	struct call *call, const struct home_box *box, struct home_dialog *dialog, int32_t max_id)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	dialog->read_outbox = max_id;
	home_dialog_put(box, dialog);
	*update = (struct update){.kind = UPDATE_READ_OUTBOX,
		.pts = box->pts,
		.pts_count = 1,
		.peer = {PEER_USER, call->user},
		.max_id = max_id};
	box_log(call, box, update);
	box_tell(call, box->owner, 0, update, 1);
}

static void tell_reader(
	struct call *call, const struct home_box *box, struct home_dialog *dialog, int32_t max_id)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	dialog->read_inbox = max_id;
	dialog->unread =
		home_messages_incoming(box, dialog->peer_kind, dialog->peer, max_id, INT32_MAX);
	home_dialog_put(box, dialog);
	*update = (struct update){.kind = UPDATE_READ_INBOX,
		.pts = box->pts,
		.pts_count = 1,
		.peer = {PEER_USER, dialog->peer},
		.max_id = max_id,
		.unread = dialog->unread};
	box_log(call, box, update);
	box_tell(call, box->owner, call->session_id, update, 1);
}

int private_read(struct call *call, int64_t with, int32_t max_id, int32_t *pts, int32_t *pts_count)
{
	struct peer me = {PEER_USER, call->user}, peer = {PEER_USER, with};
	struct home_dialog mine, theirs_of_me = {0};
	struct home_box own, theirs;
	int32_t at_author = 0;

	if (!box_open(call, call->user, &own))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*pts = own.pts;
	*pts_count = 0;
	if (!box_dialog(&own, peer, &mine))
		return 0;
	/* 0 from old clients: all of it. Nobody has read what isn't there yet. */
	if (max_id <= 0 || max_id > mine.top_id)
		max_id = mine.top_id;
	if (max_id <= mine.read_inbox)
		return 0;

	if (with != call->user && with != SERVICE_USER && box_open(call, with, &theirs)) {
		box_dialog(&theirs, me, &theirs_of_me);
		at_author = read_at_authors(&own, &theirs, with, mine.read_inbox, max_id);
		if (at_author <= theirs_of_me.read_outbox)
			at_author = 0;
	}
	if (at_author && theirs.owner < own.owner)
		home_box_advance(&theirs, 1, 0);
	home_box_advance(&own, 1, 0);
	if (at_author && theirs.owner > own.owner)
		home_box_advance(&theirs, 1, 0);

	tell_reader(call, &own, &mine, max_id);
	if (at_author)
		tell_author(call, &theirs, &theirs_of_me, at_author);
	*pts = own.pts;
	*pts_count = 1;
	return 0;
}
