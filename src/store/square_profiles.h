/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public faces of accounts and bots: what each says of itself to everybody, kept while it bears
 * a public name and no longer. Table profiles. The messenger writes them
 * (core/accounts/public_face.h); the desk reads them as subjects (square_desk_cases.h). Numbers of
 * accounts are positive here; where a column `channel` names what an order, a case or a report is
 * about, an account is there below zero. A transaction runs around every call.
 */
#ifndef STORE_SQUARE_PROFILES_H
#define STORE_SQUARE_PROFILES_H

#include "store/db.h"

struct profile_row {
	int64_t id;
	struct bytes username;	   /* as typed */
	struct bytes title, about; /* names; about only where everybody may read it */
	bool is_bot;
	int64_t since_s; /* public since then */
	/* What the orders that hold amount to, as of a channel; absent: nothing. */
	bool restricted_everywhere;
	struct bytes restricted_countries, restriction_text, restriction_reason, label_text;
};

bool square_profile_get(struct db *db, struct arena *arena, int64_t id, struct profile_row *out);
/* Inserts, or replaces all but since_s. */
void square_profile_put(struct db *db, const struct profile_row *row);
void square_profile_delete(struct db *db, int64_t id);

/* The face of the account changes with this transaction, and its name is `username` then (empty:
 * none). Forgets changes from before old_s. */
void square_profile_note_change(
	struct db *db, int64_t id, struct bytes username, int64_t now_s, int64_t old_s);
struct profile_change {
	int64_t id;
	struct bytes username;
};
/* The changes that were not forgotten, behind the account; returns their number. */
size_t square_profile_changes(struct db *db, struct arena *arena, int64_t after,
	struct profile_change *out, size_t limit);

/* Accounts that bear public names, in the order of these, behind `after`, which moves on to the
 * last. Returns their number, at most limit. */
size_t square_profiles_named(struct db *db, struct arena *arena, int peer_kind, struct bytes *after,
	int64_t *ids, size_t limit);
/* Once for each database: the first to ask gets true. */
bool square_profiles_begin(struct db *db);

#endif
