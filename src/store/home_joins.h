/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who came into a group or channel by a link, and who asked to: one row for an account in a place,
 * which goes when it leaves. How many wait in a place is counted, not looked up. Home data for
 * public channels too.
 */
#ifndef STORE_HOME_JOINS_H
#define STORE_HOME_JOINS_H

#include "store/home_invite_links.h"

struct home_join {
	int64_t user;
	bool by_link;			 /* else it asked in a public channel */
	uint8_t hash[VAULT_LOOKUP_SIZE]; /* of the link */
	bool waits;			 /* for an admin */
	int64_t date_s;
	int64_t approved_by; /* 0: nobody had to */
};

/* false: none. */
bool home_join_find(struct db *db, struct arena *arena, struct home_place place, int64_t user,
	struct home_join *out);
/* In the place of the account's earlier one. Keeps the count of who waits, here and of the link. */
void home_join_put(
	struct db *db, struct arena *arena, struct home_place place, const struct home_join *join);
/* Keeps the counts, too. Nothing happens where there is none. */
void home_join_delete(struct db *db, struct arena *arena, struct home_place place, int64_t user);
/* All who wait: none of them does any more. link NULL: whichever. */
void home_joins_dismiss(struct db *db, struct home_place place, const uint8_t *link);

/* Behind this line; date 0: from the newest. */
struct home_join_mark {
	int64_t date_s, user;
};

/* Those of a link (NULL: all of the place, who wait alone), the newest first; at most limit, in the
 * arena. */
size_t home_joins(struct db *db, struct arena *arena, struct home_place place, const uint8_t *link,
	bool waits, const struct home_join_mark *mark, size_t limit, struct home_join **out);
/* How many wait in a place. */
int64_t home_joins_waiting(struct db *db, struct home_place place);
/* How many places an account waits in, counted up to limit. */
int64_t home_joins_of_user(struct db *db, int64_t user, int64_t limit);
/* For the end of an account: takes its rows and links along, and them out of the counts. */
void home_joins_drop_account(struct db *db, int64_t user);

#endif
