/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of each notice, and how good it was: table verdicts, a projection of the events
 * (src/desk/quality/accuracy.c). Plain rows; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_VERDICTS_H
#define STORE_SQUARE_DESK_VERDICTS_H

#include "store/db.h"

struct desk_verdict {
	int64_t notice, case_id;
	int64_t reporter;	/* a grant; 0: a sensor or a reader */
	struct bytes rule;	/* of a sensor; else empty */
	int64_t at, settled_at; /* 0: not yet */
	struct bytes outcome;	/* acted, not_acted, reversed; empty: not decided */
	struct bytes quality;	/* as a person judged it; empty: nobody did */
};

void desk_verdict_insert(struct db *db, const struct desk_verdict *row);
void desk_verdict_delete_all(struct db *db);
/* Of the case's notices: those with this outcome get another. at 0: settled_at stays. */
void desk_verdicts_turn(
	struct db *db, int64_t case_id, const char *from, struct bytes outcome, int64_t at);
void desk_verdict_judge(struct db *db, int64_t notice, struct bytes quality, int64_t at);

/* Rows of a verdict, the newest settled first: read with desk_verdict_read. rule empty: of the
 * reporter. */
struct query desk_verdicts_settled(
	struct db *db, int64_t reporter, struct bytes rule, int64_t since_s, int limit);
void desk_verdict_read(struct query *q, struct arena *arena, struct desk_verdict *out);
/* The names of rules that sent notices since. */
struct query desk_verdict_rules(struct db *db, int64_t since_s, int limit);

#endif
