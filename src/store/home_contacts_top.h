/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an account writes to most, by category: a score per peer, which only compares within the
 * category and never needs to be renewed with time (core/accounts/top_peers.h). Numbers only. */
#ifndef STORE_HOME_CONTACTS_TOP_H
#define STORE_HOME_CONTACTS_TOP_H

#include "store/db.h"

struct home_top {
	int32_t category, peer_kind;
	int64_t peer, score;
};

/* False: not rated yet. The first three of *top say which; score is filled in. *off: the account
 * wants no ratings. */
bool home_top_get(struct db *db, int64_t owner, struct home_top *top, bool *off);
void home_top_put(struct db *db, int64_t owner, const struct home_top *top);
void home_top_delete(struct db *db, int64_t owner, const struct home_top *top);
/* The highest first; returns how many of limit there are. */
size_t home_top_list(struct db *db, struct arena *arena, int64_t owner, int32_t category,
	size_t limit, struct home_top **out);
/* Keeps only so many, those with the highest score. */
void home_top_trim(struct db *db, int64_t owner, int32_t category, size_t keep);
void home_top_delete_all(struct db *db, int64_t owner);

bool home_top_is_off(struct db *db, int64_t owner);
void home_top_set_off(struct db *db, int64_t owner, bool off);

#endif
