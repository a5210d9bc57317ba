/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The box of an account: its own sequence of messages and events with its own pts. Owns the pts,
 * the event log and the difference, so that what is pushed live and what is fetched later can't
 * disagree. What happens in chats is core/messages/messages.h.
 *
 * Several boxes may change in one transaction: home_box_advance locks a box's row, so callers
 * advance boxes in the order of their owners, and before they write anything else.
 */
#ifndef CORE_BOX_H
#define CORE_BOX_H

#include "core/call.h"
#include "store/home_dialogs.h"
#include "store/home_messages.h"

/* pts of a box in which nothing has happened. Not 0: clients take that for "no state yet". */
#define BOX_PTS_FIRST 1
#define BOX_EVENTS_PER_SLICE 100
/* How long what happened is kept for devices that are away, and how much of it (in pts). */
#define BOX_EVENTS_KEPT_S ((int64_t)90 * 86400)
#define BOX_EVENTS_KEPT 100000

/* The box of a new account. Needs a write transaction, and the account's salt to be there. */
int box_create(struct call *call, int64_t owner);

/* A message of SERVICE_USER into the box of owner (formatting is found in it), pushed to the
 * owner's sessions. -1 with a fault when there is no such box. */
int box_service_message(struct call *call, int64_t owner, struct bytes text);

struct box_state {
	int32_t pts, unread;
	int32_t qts; /* of the call's device; box_difference leaves it to the caller */
};

/* Of call->user. */
int box_state(struct call *call, struct box_state *out);

#define SINCE_NEVER INT64_MAX

struct box_difference {
	bool too_long; /* further behind than the caller wants, or than is kept: start afresh at
			  state.pts */
	bool slice;    /* more follows: ask again with state.pts */
	struct box_state state;
	/* UPDATE_NEW_MESSAGE first, then the others, with everybody they mention. */
	struct update_set set;
	size_t new_messages; /* how many of set.updates are UPDATE_NEW_MESSAGE */
};

/* What happened in the box of call->user after pts, and outside of its sequence since since_s (with
 * the last slice; SINCE_NEVER: not now); pts_total_limit 0: no limit. PERSISTENT_TIMESTAMP_INVALID
 * when pts is not one that this box has had. */
int box_difference(struct call *call, int32_t pts, int32_t pts_total_limit, int64_t since_s,
	struct box_difference *out);

/* Drops what no device will be told any more, of a bounded number of boxes after *cursor, which it
 * moves on. True: more is left of this round; after the last box it is 0 again. */
bool boxes_prune(struct call *call, int64_t *cursor);

/* What a row has, for filters that look for it. Bits; stored. */
enum message_content {
	CONTENT_URL = 1,
	CONTENT_PLACE = 2,
	CONTENT_CONTACT = 4,
	CONTENT_POLL = 8,
	CONTENT_BY_CLOCK = HOME_CONTENT_BY_CLOCK, /* was scheduled */
};
int32_t box_content(const struct message *message);

/* ---- For the rules of what goes into boxes ---- */

/* False: the account has no box. */
bool box_open(struct call *call, int64_t owner, struct home_box *box);

/* Puts a message into a box that home_box_advance has just moved by one pts and one id: fills id,
 * pts and what the reader's side needs, writes row, dialog and event. message: peer, from, out,
 * text …, action, random_id. update: the UPDATE_NEW_MESSAGE, pointing at message. Where the chat's
 * line goes by this is told by dialog_moved (core/dialogs/dialog_places.h), once the message was
 * told. */
enum box_move {
	LINE_STAYS,
	LINE_COMES_BACK,
	LINE_COMES_BACK_UNPINNED, /* it was pinned in the archive */
	LINE_GOES_AWAY
};
enum box_move box_deliver(struct call *call, const struct home_box *box, struct message *message,
	int64_t twin, struct update *update);
/* The same with the date that the message has: a copy of an old one. */
enum box_move box_deliver_dated(struct call *call, const struct home_box *box,
	struct message *message, int64_t twin, struct update *update);
/* The chat is in this folder from now on (the row says so already): an event of the box, and an
 * effect. Fills *update. */
void box_tell_folder(struct call *call, struct home_box *box, uint64_t except_session,
	struct peer peer, int32_t folder, struct update *update);
/* Writes the update, whose pts and pts_count are set, to the event log. */
void box_log(struct call *call, const struct home_box *box, const struct update *update);

/* Appends an effect for all sessions of viewer but `except`, with everybody it mentions. */
void box_tell(struct call *call, int64_t viewer, uint64_t except_session, struct update *updates,
	size_t count);
/* The same for a set that was completed for the viewer already. */
void box_tell_set(
	struct call *call, int64_t viewer, uint64_t except_session, const struct update_set *set);

/* A stored row as a message. A body that can't be read fails the transaction. */
void box_message_from_row(
	const struct home_box *box, const struct home_message *row, struct message *out);

/* The box's row of the chat with a peer. */
static inline bool box_dialog(const struct home_box *box, struct peer peer, struct home_dialog *out)
{
	return home_dialog_get(box, peer.kind, peer.id, out);
}

#endif
