/* SPDX-License-Identifier: Apache-2.0 */
/* What core/channels/similar.c counts: who is in a channel, and in which others he is. Bounded
 * samples. */
#ifndef STORE_HOME_OVERLAP_H
#define STORE_HOME_OVERLAP_H

#include "store/db.h"

/* Members of the channel with numbers from `from` on, in order. Returns their number. */
size_t home_overlap_members(
	struct db *db, int64_t channel, int64_t from, int64_t *users, size_t limit);
/* The highest number among its members; 0: it has none. */
int64_t home_overlap_last(struct db *db, int64_t channel);
/* Channels that the account is in. Returns their number. */
size_t home_overlap_channels(struct db *db, int64_t user, int64_t *channels, size_t limit);

#endif
