/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The box of an account: its own sequence of messages and events with its own pts. Owns the pts,
 * the event log and the difference, so that what is pushed live and what is fetched later can't
 * disagree. What happens in private chats is core/private_messages.h.
 *
 * Several boxes change in one transaction: callers open them in the order of their owners
 * (box_open_pair), which is the order in which rows are locked.
 */
#ifndef CORE_BOX_H
#define CORE_BOX_H

#include "core/call.h"

/* pts of a box in which nothing has happened. Not 0: clients take that for "no state yet". */
#define BOX_PTS_FIRST 1
#define BOX_EVENTS_PER_SLICE 100

/* The box of a new account. Needs a write transaction, and the account's salt to be there. */
int box_create(struct call *call, int64_t owner);

/* A message of SERVICE_USER into the box of owner (formatting is found in it), pushed to the
 * owner's sessions. -1 with a fault when there is no such box. */
int box_service_message(struct call *call, int64_t owner, struct bytes text);

struct box_state {
	int32_t pts, qts, unread;
};

/* Of call->user. */
int box_state(struct call *call, struct box_state *out);

struct box_difference {
	bool too_long; /* further behind than the caller wants: start afresh at state.pts */
	bool slice;    /* more follows: ask again with state.pts */
	struct box_state state;
	/* UPDATE_NEW_MESSAGE first, then the others, with everybody they mention. */
	struct update_set set;
	size_t new_messages; /* how many of set.updates are UPDATE_NEW_MESSAGE */
};

/* What happened in the box of call->user after pts; pts_total_limit 0: no limit.
 * PERSISTENT_TIMESTAMP_INVALID when pts is not one that this box has had. */
int box_difference(
	struct call *call, int32_t pts, int32_t pts_total_limit, struct box_difference *out);

/* ---- For the rules of what goes into boxes ---- */

struct box {
	int64_t owner;
	int32_t pts, last_id;
	uint8_t salt[32];
	bool exists;
};

/* Reads and, in a write transaction, locks the box. box->exists says whether there is one. */
void box_open(struct call *call, int64_t owner, struct box *box);
/* Both, in the order of owners; b may be NULL. */
void box_open_pair(
	struct call *call, struct box *a, int64_t owner_a, struct box *b, int64_t owner_b);
/* Numbers the update (pts, pts_count) and writes it to the event log of the box; the box row is
 * written by box_save. */
void box_log(struct call *call, struct box *box, struct update *update);
void box_save(struct call *call, const struct box *box);

/* Appends an effect for all sessions of viewer but `except`, with everybody it mentions. */
void box_tell(struct call *call, int64_t viewer, uint64_t except_session,
	const struct update *updates, size_t count);

struct home_message;
/* A stored row as a message. A body that can't be read fails the transaction. */
int box_message_from_row(struct call *call, const struct home_message *row, struct message *out);

#endif
