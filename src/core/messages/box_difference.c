/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened in a box since a pts, from its event log. Messages are told as they are now: one
 * that is gone again is left out (its deletion follows in the log), and several edits of one
 * message are told once. https://core.telegram.org/api/updates#recovering-gaps
 */
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/channels/roster.h"
#include "store/home_events.h"

static bool told_before(const struct box_difference *d, enum update_kind kind, int32_t id)
{
	for (size_t i = 0; i < d->set.update_count; i++) {
		const struct update *u = &d->set.updates[i];

		if (u->kind == kind && u->message && u->message->id == id)
			return true;
	}
	return false;
}

/* New or edited. False: there is nothing to tell. */
static bool tell_message(const struct home_box *box, const struct box_difference *d,
	const struct home_event *event, struct update *update)
{
	struct home_message row;

	update->kind = event->kind == HOME_EVENT_NEW ? UPDATE_NEW_MESSAGE : UPDATE_EDIT_MESSAGE;
	if (told_before(d, update->kind, event->message) ||
		!home_message_get(box, event->message, &row))
		return false;
	/* An edit of a message that is new to the client is told by the new message. */
	if (update->kind == UPDATE_EDIT_MESSAGE &&
		told_before(d, UPDATE_NEW_MESSAGE, event->message))
		return false;
	update->message = ARENA_NEW(box->arena, struct message);
	box_message_from_row(box, &row, update->message);
	return !update->message->damaged;
}

static bool tell_event(const struct home_box *box, const struct box_difference *d,
	const struct home_event *event, struct update *update)
{
	struct home_dialog dialog;

	*update = (struct update){.pts = event->pts,
		.pts_count = event->pts_count,
		.peer = {(enum peer_kind)event->peer_kind, event->peer},
		.max_id = event->message};
	switch (event->kind) {
	case HOME_EVENT_NEW:
	case HOME_EVENT_EDIT:
		return tell_message(box, d, event, update);
	case HOME_EVENT_DELETE:
		update->kind = UPDATE_DELETE_MESSAGES;
		update->ids = event->ids;
		update->id_count = event->id_count;
		return true;
	case HOME_EVENT_READ_INBOX:
		update->kind = UPDATE_READ_INBOX;
		box_dialog(box, update->peer, &dialog);
		update->unread = dialog.unread;
		return true;
	case HOME_EVENT_READ_OUTBOX:
		update->kind = UPDATE_READ_OUTBOX;
		return true;
	case HOME_EVENT_PINNED:
	case HOME_EVENT_UNPINNED:
		update->kind = UPDATE_PINNED;
		update->pinned = event->kind == HOME_EVENT_PINNED;
		update->ids = event->ids;
		update->id_count = event->id_count;
		return true;
	case HOME_EVENT_FOLDER:
		update->kind = UPDATE_FOLDER_PEER;
		update->folder = event->message;
		return true;
	case HOME_EVENT_CONTENTS:
		update->kind = UPDATE_CONTENTS_READ;
		update->ids = event->ids;
		update->id_count = event->id_count;
		return true;
	}
	db_fail(box->db, "an event of an unknown kind");
	return false;
}

/* Which of the new messages is which that a device still waits to be told of: its connection may
 * have ended between the commit and the answer. Without, clients show such a message as another
 * one, and take the late answer for a message that is deleted by now. */
static void tell_message_ids(struct box_difference *d)
{
	for (size_t i = 0; i < d->new_messages; i++) {
		const struct message *message = d->set.updates[i].message;

		if (message->random_id)
			d->set.updates[d->set.update_count++] =
				(struct update){.kind = UPDATE_MESSAGE_ID,
					.max_id = message->id,
					.random_id = message->random_id};
	}
}

/* Two rounds, as clients take the new messages before the other updates. */
static void tell_events(struct box_difference *d, const struct home_box *box,
	const struct home_event *events, size_t count)
{
	d->set.updates = arena_array(box->arena, 2 * count, sizeof(*d->set.updates));
	for (int others = 0; others <= 1; others++) {
		for (size_t i = 0; i < count; i++) {
			struct update *update = &d->set.updates[d->set.update_count];

			if ((events[i].kind != HOME_EVENT_NEW) == others &&
				tell_event(box, d, &events[i], update))
				d->set.update_count++;
		}
		if (!others) {
			d->new_messages = d->set.update_count;
			tell_message_ids(d);
		}
	}
}

/* What follows pts is not all there any more. */
static bool is_forgotten(
	const struct home_box *box, int32_t pts, const struct home_event *events, size_t count)
{
	if (pts < BOX_PTS_FIRST)
		pts = BOX_PTS_FIRST;
	if (pts >= box->pts || (count && events[0].pts - events[0].pts_count <= pts))
		return false;
	return !home_events_reach(box, pts);
}

int box_difference(struct call *call, int32_t pts, int32_t pts_total_limit, int64_t since_s,
	struct box_difference *out)
{
	struct home_event *events;
	struct home_box box;
	size_t count;

	*out = (struct box_difference){0};
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	/* Stock clients answer this fault by asking for the state afresh. */
	if (pts < 0 || pts > box.pts)
		return rpc_error(call, 400, "PERSISTENT_TIMESTAMP_INVALID");
	out->state = (struct box_state){.pts = box.pts, .unread = home_dialogs_unread(&box)};
	out->set.date_s = call->now_s;
	if (pts_total_limit > 0 && (int64_t)pts + pts_total_limit < box.pts) {
		out->too_long = true;
		return 0;
	}
	home_events_after(&box, pts, BOX_EVENTS_PER_SLICE + 1, &events, &count);
	if (is_forgotten(&box, pts, events, count)) {
		out->too_long = true;
		return 0;
	}
	if (count > BOX_EVENTS_PER_SLICE) {
		count = BOX_EVENTS_PER_SLICE;
		out->slice = true;
		out->state.pts = events[count - 1].pts;
	}
	tell_events(out, &box, events, count);
	if (!out->slice && since_s != SINCE_NEVER)
		changes_missed(call, since_s, &out->set);
	roster_complete(call, call->user, &out->set);
	return 0;
}
