/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: the reader's mark, and the authors' marks of how far they were read. */
#include "core/messages/messages.h"

#include "core/messages/circle.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/read_dates.h"

#define READ_LOOKED_AT_MAX 100 /* newest read messages whose authors are told */

#define READ_RECOUNT_MAX 10000

/* An author whose messages were read, and up to which of his ids. */
struct told_author {
	struct home_box *box;
	struct home_dialog dialog;
	int32_t max_id;
};

/* Newest first: the first of an author's that he still has is the one that he is told. */
static size_t find_authors(struct call *call, const struct circle *circle, int32_t above,
	int32_t max_id, struct told_author *authors)
{
	struct home_page page = {.peer_kind = circle->chat.kind,
		.peer = circle->chat.id,
		.above = above,
		.below = max_id + 1,
		.limit = READ_LOOKED_AT_MAX};
	struct home_messages read;
	struct home_message copy;
	size_t count = 0;

	home_messages_older(circle->own, &page, &read);
	for (size_t b = 0; b < circle->count; b++) {
		struct told_author *a = &authors[count];
		size_t i = 0;

		if (&circle->boxes[b] == circle->own)
			continue;
		*a = (struct told_author){.box = &circle->boxes[b]};
		for (; i < read.count && !a->max_id; i++) {
			if (!read.at[i].out && read.at[i].author == a->box->owner &&
				home_message_by_twin(a->box, read.at[i].twin, &copy))
				a->max_id = copy.id;
		}
		box_dialog(a->box, circle_peer(call, circle, a->box->owner), &a->dialog);
		count += a->max_id > a->dialog.read_outbox;
	}
	return count;
}

static void tell_author(struct call *call, struct told_author *author)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	author->dialog.read_outbox = author->max_id;
	home_dialog_put(author->box, &author->dialog);
	*update = (struct update){.kind = UPDATE_READ_OUTBOX,
		.pts = author->box->pts,
		.pts_count = 1,
		.peer = {(enum peer_kind)author->dialog.peer_kind, author->dialog.peer},
		.max_id = author->max_id};
	box_log(call, author->box, update);
	box_tell(call, author->box->owner, 0, update, 1);
}

/* Counted afresh, which mends what may have gone wrong; where that would be much, what was read now
 * is taken off. */
static int32_t unread_after(
	const struct home_box *box, const struct home_dialog *dialog, int32_t max_id)
{
	int32_t left;

	if (dialog->unread <= READ_RECOUNT_MAX)
		return home_messages_news(box, dialog->peer_kind, dialog->peer, max_id, INT32_MAX);
	left = dialog->unread -
	       home_messages_news(box, dialog->peer_kind, dialog->peer, dialog->read_inbox, max_id);
	return left > 0 ? left : 0;
}

static void tell_reader(
	struct call *call, const struct home_box *box, struct home_dialog *dialog, int32_t max_id)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	dialog->unread = unread_after(box, dialog, max_id);
	dialog->read_inbox = max_id;
	home_dialog_put(box, dialog);
	*update = (struct update){.kind = UPDATE_READ_INBOX,
		.pts = box->pts,
		.pts_count = 1,
		.peer = {(enum peer_kind)dialog->peer_kind, dialog->peer},
		.max_id = max_id,
		.unread = dialog->unread};
	box_log(call, box, update);
	box_tell(call, box->owner, call->session_id, update, 1);
}

int messages_read(
	struct call *call, struct peer in, int32_t max_id, int32_t *pts, int32_t *pts_count)
{
	struct told_author *authors;
	struct home_dialog mine;
	struct circle circle;
	size_t count;

	/* What somebody who is gone has written can be read all the same. */
	if (circle_open(call, in, &circle) < 0) {
		call->fault = (struct fault){0};
		if (circle_open_alone(call, in, &circle) < 0)
			return -1;
	}
	*pts = circle.own->pts;
	*pts_count = 0;
	if (!box_dialog(circle.own, in, &mine))
		return 0;
	/* 0 from old clients: all of it. Nobody has read what isn't there yet. */
	if (max_id <= 0 || max_id > mine.top_id)
		max_id = mine.top_id;
	if (max_id <= mine.read_inbox)
		return dialog_mark_unread(call, in, false);
	authors = arena_array(call->arena, circle.count, sizeof(*authors));
	count = find_authors(call, &circle, mine.read_inbox, max_id, authors);
	for (size_t b = 0, a = 0; b < circle.count; b++) {
		bool is_author = a < count && authors[a].box == &circle.boxes[b];

		if (is_author || &circle.boxes[b] == circle.own)
			home_box_advance(&circle.boxes[b], 1, 0);
		a += is_author;
	}
	read_date_note(call, &circle, max_id);
	tell_reader(call, circle.own, &mine, max_id);
	for (size_t a = 0; a < count; a++)
		tell_author(call, &authors[a]);
	*pts = circle.own->pts;
	*pts_count = 1;
	/* Who reads takes the mark away: clients do by themselves. */
	return dialog_mark_unread(call, in, false);
}
