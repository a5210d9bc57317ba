/* SPDX-License-Identifier: Apache-2.0 */
/* When something of an account changed last that is no event of its box. One row per thing, however
 * often it changes. Not sealed: it says what changed, not how it is. core/changes.h has the rules.
 */
#ifndef STORE_HOME_CHANGES_H
#define STORE_HOME_CHANGES_H

#include "base/arena.h"
#include "store/db.h"

struct home_change {
	int32_t kind;	   /* enum change_kind */
	int32_t peer_kind; /* 0: about no peer */
	int64_t peer;
	int64_t item; /* of the kind: a message id, a folder, a privacy key … */
	int64_t changed_at_s;
};

void home_change_put(struct db *db, int64_t owner, const struct home_change *change);
/* At or after since_s, the newest first, at most limit, in the arena. */
size_t home_changes_since(struct db *db, struct arena *arena, int64_t owner, int64_t since_s,
	int32_t limit, struct home_change **out);
/* When the one of the kind that is about no peer changed; 0: never. */
int64_t home_change_at(struct db *db, int64_t owner, int32_t kind);
void home_changes_forget(struct db *db, int64_t owner);
/* Forgets those of an owner before before_s, at most `rows`; returns how many. */
int64_t home_changes_purge(struct db *db, int64_t owner, int64_t before_s, int64_t rows);

#endif
