/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels of the square whose earlier posts go into the index once more (square_search.h), because
 * it has learnt to say more of a post than when they were written: from the newest down, piece by
 * piece. Which ones, a step says that changes what the index holds (square_steps.c); where it has
 * come to is kept with the work, so that a restart goes on there.
 */
#ifndef STORE_SQUARE_REINDEX_H
#define STORE_SQUARE_REINDEX_H

#include "base/arena.h"
#include "store/db.h"

/* At most limit posts of one channel. True: there are more. */
bool square_reindex_step(struct db *db, struct arena *arena, size_t limit);
void square_reindex_drop(struct db *db, int64_t channel);

#endif
