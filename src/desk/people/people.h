/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People of the desk, as the operator keeps them. A person is a grant without a token, so that
 * events, cases and the audit know people and machines by one row of numbers. The role is for good:
 * who gets another one is ended and added again, so that what was done under the old one can be
 * judged by it. Each change is in the desk's log.
 */
#ifndef DESK_PEOPLE_H
#define DESK_PEOPLE_H

#include "crypto/token.h"
#include "desk/sop/sop.h"
#include "store/square_desk_grants.h"
#include "store/square_desk_people.h"

#define PERSON_SECRET_DAYS 7

/* As typed. Absent: as it is (when adding: empty). */
struct person_words {
	struct bytes role, name, sign_in, langs, country;
	struct bytes categories, countries; /* of cases and of measures; empty: no limit */
	struct bytes regions, shifts;
	struct bytes of; /* number of the authority or flagger that an officer acts for */
};

/* All inside a writing transaction. secret: what the person signs in with first, shown once. */
MUST_CHECK int person_add(struct db *db, struct arena *arena, const struct sop *sop,
	const struct person_words *words, int64_t now_s, char secret[TOKEN_TEXT_SIZE], int64_t *id,
	struct err *err);
MUST_CHECK int person_set(struct db *db, struct arena *arena, const struct sop *sop, int64_t id,
	const struct person_words *words, int64_t now_s, struct err *err);
/* For who lost password or authenticator: both go, all sessions end, and a new secret is made. */
MUST_CHECK int person_renew(struct db *db, struct arena *arena, int64_t id, int64_t now_s,
	char secret[TOKEN_TEXT_SIZE], struct err *err);
/* For good. The number goes on to name what was done. */
MUST_CHECK int person_end(
	struct db *db, struct arena *arena, int64_t id, int64_t now_s, struct err *err);

#endif
