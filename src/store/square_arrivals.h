/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels whose earlier posts came into the square because they became public: the sensors look
 * at those in slices, from the newest down. The messenger notes a channel, the desk takes it. Used
 * by both programs; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_ARRIVALS_H
#define STORE_SQUARE_ARRIVALS_H

#include "store/db.h"

struct square_arrival {
	int64_t channel;
	int32_t below; /* posts with lower ids were not looked at; 1: all were */
	int32_t upto;  /* posts up to this one have not come yet */
};

/* Its posts up to top_id come now, or as core/channels/move.h brings them. */
void square_arrival_note(struct db *db, int64_t channel, int32_t top_id);
void square_arrival_drop(struct db *db, int64_t channel);

/* One that has posts to look at, and is still public; false: there is none. */
bool square_arrival_next(struct db *db, struct square_arrival *out);
/* The newest of them. Returns their number, at most limit. */
size_t square_arrival_posts(
	struct db *db, const struct square_arrival *arrival, int32_t *ids, size_t limit);
/* Keeps `below`. */
void square_arrival_set(struct db *db, const struct square_arrival *arrival);

#endif
