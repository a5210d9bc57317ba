/* SPDX-License-Identifier: Apache-2.0 */
/* Which public channels are like which: an order, without a number of anybody or of how many. Made
 * by core/channels/similar.c. */
#ifndef STORE_SQUARE_SIMILAR_H
#define STORE_SQUARE_SIMILAR_H

#include "store/db.h"

/* In place of what was there; the most alike first. */
void square_similar_set(
	struct db *db, int64_t channel, const int64_t *others, size_t count, int64_t now_s);
/* Both what is like it and what it is like. */
void square_similar_drop(struct db *db, int64_t channel);
/* Returns their number. */
size_t square_similar_list(struct db *db, int64_t channel, int64_t *others, size_t limit);
/* A public broadcast channel whose list was made before that time, or never; 0: there is none. */
int64_t square_similar_due(struct db *db, int64_t before_s);

#endif
