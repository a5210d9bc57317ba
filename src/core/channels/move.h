/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel's way between home and square. What it is, public or private, changes at once: its row
 * is in the other database from then on, and so is every new post. The posts that were there follow
 * in slices, the newest first; until then they are read, edited and deleted where they are
 * (store/channel_rows.h, channel_rest).
 *
 * The databases commit one after the other, the square first, so a crash can fall between:
 *
 *   to the square:  square gets the row | home's is marked as away   crash at |: both have it, the
 *                                                                    square's holds
 *   to the home:    square marks its own | home gets the row         crash at |: only the marked
 * one as leaving           |                           is there: it is done again a slice: copies
 * and the mark of how far they reach are one commit of one database the end:        what was copied
 * is deleted by a later transaction, MOVE_GRACE_S after the last slice: the copies are on disk by
 * then, and no reader looks there any more
 *
 * A channel of one slice needs no such end in the home: it is gone with the call.
 * Of a channel on its way home the desk, search and pages see nothing from the first moment, and
 * nothing new enters the square: before anything is written about a post that is still there,
 * move_reach brings it home.
 */
#ifndef CORE_MOVE_H
#define CORE_MOVE_H

#include "core/call.h"

struct channel_context;

/* context->row.username holds the new name. Afterwards the context is of the new place. Its owner
 * is told in words what it means. FLOOD_WAIT while the last move is not quite over. */
int move_to_square(struct call *call, struct channel_context *context);
int move_to_home(struct call *call, struct channel_context *context);

/* Before something is written about a post of the channel: on the way home, it and all newer ones
 * come home first. 420 FLOOD_WAIT: they are more than MOVE_REACH slices; so many seconds later it
 * has come by itself. */
MUST_CHECK int move_reach(struct call *call, struct channel_context *context, int32_t post);
/* The same for a post of another channel; none, or no channel: nothing is to be done. */
MUST_CHECK int move_reach_in(struct call *call, int64_t channel, int32_t post);

/* Deletes the channel's row, posts and events on both sides. */
void move_forget(struct call *call, int64_t channel);

/* At start, before any other call. Idempotent. Also brings the square's member counts up to the
 * home's. */
int move_repair(struct call *call);
/* One slice. True: there is more to be moved. */
bool move_step(struct call *call);
/* From time to time: deletes what was moved away MOVE_GRACE_S ago or earlier, a slice at a time.
 * -1: the store refused. *more: call again. */
int move_sweep(struct call *call, bool *more);

#ifndef MOVE_SLICE     /* tests take less */
#define MOVE_SLICE 500 /* posts moved or deleted in one call: some ten milliseconds */
#endif
#define MOVE_REACH 4 /* slices that a call may move for the sake of one post */
#define MOVE_GRACE_S                                                                               \
	60 /* far longer than a batch of calls takes to commit, or a reader to read                \
	    */

#endif
