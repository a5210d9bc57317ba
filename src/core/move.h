/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel's way between home and square, with its posts. The databases commit one after the
 * other, the square first, so a crash can fall between:
 *
 *   to the square:  square gets the copy | home loses its own     crash at |: both have it, the
 *                                                                 square's holds
 *   to the home:    square marks its own | home gets the copy,    crash at |: only the marked copy
 *                   as leaving           | square's is deleted    is there: the move is done again
 *                                          by a later transaction
 *
 * move_repair puts this right at start; move_sweep does the late deletion while running.
 */
#ifndef CORE_MOVE_H
#define CORE_MOVE_H

#include "core/call.h"

struct channel_context;

#define MOVE_POSTS_MAX 20000 /* copied within one call: about a second. CHANNEL_TOO_BIG above */

/* context->row.username holds the new name. Afterwards the context is of the new place. */
int move_to_square(struct call *call, struct channel_context *context);
int move_to_home(struct call *call, struct channel_context *context);

/* At start, before any other call. Idempotent. Also brings the square's member counts up to the
 * home's. */
int move_repair(struct call *call);
/* From time to time: deletes left copies that are older than MOVE_GRACE_S. */
int move_sweep(struct call *call);

#define MOVE_GRACE_S 60 /* far longer than a batch of calls takes to commit */

#endif
