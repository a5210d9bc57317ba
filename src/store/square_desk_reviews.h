/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Second looks at decisions: table reviews, a projection of the events
 * (src/desk/quality/quality.c), and what is counted from it and from rulings. Plain rows; a
 * transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_REVIEWS_H
#define STORE_SQUARE_DESK_REVIEWS_H

#include "store/square_desk_appeals.h"

struct desk_review {
	int64_t id, case_id;
	int32_t decision;
	int64_t reviewer, claimed_until;
	int64_t at; /* 0: not done */
	struct bytes category;
	int64_t person;		    /* who decided first */
	struct bytes first, second; /* the measures; second empty: not done */
};

bool desk_review_get(struct db *db, struct arena *arena, int64_t id, struct desk_review *out);
/* Inserts or replaces. */
void desk_review_put(struct db *db, const struct desk_review *row);
void desk_review_delete_all(struct db *db);
/* What the person has claimed and not done; 0: nothing. */
int64_t desk_review_open(struct db *db, int64_t person, int64_t now_s);
/* Is this case among it? */
bool desk_review_hides(struct db *db, int64_t case_id, int64_t person, int64_t now_s);

/* Was this decision ever handed to the person? Whoever let it lie has been able to look since. */
bool desk_review_was_offered(struct db *db, int64_t case_id, int32_t decision, int64_t person);

/* (case_id, seq) of decisions since that nobody looked at again or does now, oldest first. */
struct query desk_rulings_unreviewed(struct db *db, int64_t since_s, int64_t now_s, int limit);
/* (category, first, second, n) of what was done since. */
struct query desk_reviews_count(struct db *db, int64_t since_s);
/* (person, category, why, n) of decisions since, by person; why: as they were overturned, "-": they
 * were not. */
struct query desk_rulings_count(struct db *db, int64_t since_s);
/* (person, category, first, second, n): of whose decisions, by person. */
struct query desk_reviews_by_person(struct db *db, int64_t since_s);

#endif
