/* SPDX-License-Identifier: Apache-2.0 */
/* Channels that were deleted, with more to them than one call takes away: who was in them, who
 * wrote in them and what, wherever that is. A row here is written with the deletion. */
#ifndef STORE_HOME_DOOMED_H
#define STORE_HOME_DOOMED_H

#include "store/channel_rows.h"

void home_doomed_put(struct db *db, int64_t channel, bool broadcast);
/* One of them. False: none is left. */
bool home_doomed_next(struct db *db, int64_t *channel, bool *broadcast);
bool home_doomed_has(struct db *db, int64_t channel);
void home_doomed_done(struct db *db, int64_t channel);

/* The channel's own row: nobody finds it any more. In either database. */
void channel_rows_drop(struct db *db, int64_t channel);
/* Some of its posts and events. In either database. False: none are left. */
bool channel_rows_clear_some(struct db *db, int64_t channel, size_t limit);
/* Some of who wrote them. False: none are left. */
bool home_authors_clear_some(struct db *db, int64_t channel, size_t limit);

#endif
