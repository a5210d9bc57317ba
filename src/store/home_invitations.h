/* SPDX-License-Identifier: Apache-2.0 */
/* Who may sign up where that is by invitation. Numbers and words are kept as keyed hashes, so the
 * list shows none. */
#ifndef STORE_HOME_INVITATIONS_H
#define STORE_HOME_INVITATIONS_H

#include "crypto/seal.h"
#include "store/db.h"

/* Stored: numbers never change. */
enum home_invitation_kind { INVITATION_NUMBER = 1, INVITATION_WORD = 2 };

struct home_invitation {
	uint8_t hash[VAULT_LOOKUP_SIZE]; /* of the number as of an account's, or of the word */
	enum home_invitation_kind kind;
	int64_t uses_left, created_at_s, expires_at_s;
};

#define HOME_INVITATIONS_MAX 10000 /* lines of the list */

/* In the place of one with the same hash. */
void home_invitation_put(struct db *db, const struct home_invitation *invitation);
/* Whether there is one of the kind that still holds. */
bool home_invitation_has(
	struct db *db, enum home_invitation_kind kind, const uint8_t *hash, int64_t now_s);
/* Whether any word still holds. */
bool home_invitation_words(struct db *db, int64_t now_s);
/* One use less; the last takes the row along. False: it did not hold. */
bool home_invitation_use(
	struct db *db, enum home_invitation_kind kind, const uint8_t *hash, int64_t now_s);
bool home_invitation_delete(struct db *db, const uint8_t *hash);
/* Those that hold, the newest first, in the arena. */
size_t home_invitations(
	struct db *db, struct arena *arena, int64_t now_s, struct home_invitation **out);

#endif
