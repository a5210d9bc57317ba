/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the events of a case say about its clocks, beside the due time that is in cases: table
 * case_clocks, a projection (src/desk/cases/clocks.c). Also what of cases and evidence the desk
 * looks for as time goes by. A transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_CLOCKS_H
#define STORE_SQUARE_DESK_CLOCKS_H

#include "store/db.h"

struct desk_clock {
	int64_t case_id;
	int64_t sop; /* the version that judges the case: of its clock, then of its decision */
	int64_t acknowledge_due, acknowledged_at; /* 0: not yet */
	int64_t notify_s;			  /* from the decision */
	int64_t notify_due, notified_at;	  /* 0: no decision yet; not yet */
	int64_t paused_at, paused_until;	  /* 0: the clock runs */
	struct bytes reason, question;		  /* of the pause; never absent */
	int64_t paused_s;			  /* of all pauses that have ended */
	int64_t step;				  /* of the ladder, the last taken; 0: none */
	bool evidence;				  /* there is some */
};

bool desk_clock_get(struct db *db, struct arena *arena, int64_t case_id, struct desk_clock *out);
/* Inserts or replaces. */
void desk_clock_put(struct db *db, const struct desk_clock *row);
void desk_clock_delete_all(struct db *db);

/* The case whose pause ended first; 0: none has ended. */
int64_t desk_clock_pause_over(struct db *db, int64_t now_s);

/* Cases at work that have not taken the step though they should: when so much of their clock is
 * used, or (percent 0) when they are overdue for so long. Their ids, at most max; returns how many.
 */
int desk_clock_steps_due(struct db *db, int64_t step, int64_t used_percent, int64_t overdue_s,
	int64_t now_s, int64_t *ids, int max);

/* A case after this one that was decided, and not changed since, before then_s, and is neither at
 * work nor appealed. *decided_at. 0: there are no more. */
int64_t desk_clock_evidence_next(struct db *db, int64_t after, int64_t then_s, int64_t *decided_at);
/* Deletes the evidence of a case. Returns how many items. */
int64_t desk_evidence_delete(struct db *db, int64_t case_id);
/* Decided cases that nobody can appeal any more. */
int desk_clock_closable(struct db *db, int64_t decided_before_s, int64_t *ids, int max);

#endif
