/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes with the history of chats: after what time its messages destroy themselves, and when an
 * owner read how far. core/messages/history_ttl.h and core/messages/read_dates.h have the rules.
 */
#ifndef STORE_HOME_HISTORY_H
#define STORE_HOME_HISTORY_H

#include "store/db.h"

/* peer_kind and peer 0: for chats that the owner begins. Of a basic group the group is the owner.
 * 0: never. */
int32_t home_history_ttl_get(struct db *db, int64_t owner, int32_t peer_kind, int64_t peer);
void home_history_ttl_put(
	struct db *db, int64_t owner, int32_t peer_kind, int64_t peer, int32_t period_s);

/* The owner read the chat up to max_id. */
void home_read_date_put(struct db *db, int64_t owner, int32_t peer_kind, int64_t peer,
	int32_t max_id, int64_t read_at_s);
/* When id was read; 0: it is not known (any more). */
int64_t home_read_date_get(
	struct db *db, int64_t owner, int32_t peer_kind, int64_t peer, int32_t id);
/* Drops at most so many rows from before before_s. True: there may be more. */
bool home_read_dates_purge(struct db *db, int64_t before_s, int rows);

#endif
