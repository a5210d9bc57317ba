/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work that cases are, as queues and routing ask for it: tables case_work, a row for each case,
 * and work_deeds, what each person did to cases. Both are projections of the events
 * (src/desk/cases/work.c). Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_WORK_H
#define STORE_SQUARE_DESK_WORK_H

#include "store/db.h"

/* Where a case is to be looked for; stored. */
enum work_queue { QUEUE_WORK, QUEUE_WAITING, QUEUE_DECIDED, QUEUE_APPEALED, QUEUE_CLOSED };
/* What a case needs beside a decision; stored. */
enum work_second { SECOND_NOT, SECOND_APPROVES, SECOND_LEAD };

struct desk_work {
	int64_t case_id;
	enum work_queue queue; /* open and escalated ones are work */
	struct bytes state;
	int64_t priority, clock_at, due_at;
	struct bytes lane, category;
	struct bytes language; /* of the subject, "id"; empty: not known */
	struct bytes country;  /* of the authority that sent a notice; empty: none did */
	int64_t members;       /* subscribers, as of the last notice */
	int64_t notices;
	int64_t reporter; /* the grant that sent the notice of the leading lane; 0: none */
	int64_t claimed_by, claimed_until;
	int64_t taken_at;	 /* when who holds it got it */
	int64_t snoozed_until;	 /* 0: not */
	int64_t asked_by;	 /* who waits for a second opinion; 0: nobody */
	enum work_second second; /* of two people */
	bool blind;		 /* who approves does not see what was proposed */
	int64_t proposed_by;	 /* 0: nothing is proposed */
	int64_t opposed_by;	 /* who did not agree; a lead decides */
	int64_t proposal_seq;	 /* the event */
	int64_t language_by;	 /* who said which language; 0: a machine */
};

bool desk_work_get(struct db *db, struct arena *arena, int64_t case_id, struct desk_work *out);
/* Inserts or replaces. */
void desk_work_put(struct db *db, const struct desk_work *row);
void desk_work_delete_all(struct db *db);

/* Lists, at most limit rows behind the row that `after` names (its priority, due_at, case_id);
 * desk_work_next() reads them. */
struct query desk_work_by_priority(
	struct db *db, enum work_queue queue, const struct desk_work *after, int limit);
struct query desk_work_by_due(
	struct db *db, enum work_queue queue, const struct desk_work *after, int limit);
/* Whatever the queue, newest first. after->case_id 0: from the start. */
struct query desk_work_newest(struct db *db, const struct desk_work *after, int limit);
/* At work and held by this person, those whose claims are over as well. */
struct query desk_work_of(struct db *db, int64_t person);
bool desk_work_next(struct query *q, struct arena *arena, struct desk_work *out);

/* Free at now_s, in one category: those due first (language absent: of any), or of the highest
 * priority. For desk_work_next(). */
struct query desk_work_free_due(
	struct db *db, struct bytes category, struct bytes language, int64_t now_s, int limit);
struct query desk_work_free_priority(
	struct db *db, struct bytes category, struct bytes language, int64_t now_s, int limit);
/* Of the categories that are at work the next by name; absent: there are no more. */
struct bytes desk_work_category_after(struct db *db, struct arena *arena, struct bytes category);

/* Rows of (lane, category, language, cases, unclaimed, overdue, oldest due) of what is at work. */
struct query desk_work_queues(struct db *db, int64_t now_s);
/* Rows of (category, cases) of what waits. */
struct query desk_work_waiting(struct db *db);
/* Claims of the person that hold. */
int64_t desk_work_held(struct db *db, int64_t person, int64_t now_s);

/* ---- What people did ---- */

struct work_deed {
	int64_t person, at, case_id;
	int32_t seq;	   /* of the event */
	struct bytes kind; /* of the event */
	struct bytes category;
	int64_t took_s; /* of a decision: since its claim; else 0 */
};

void work_deed_put(struct db *db, const struct work_deed *row);
void work_deeds_delete_all(struct db *db);
/* Of one person since then, oldest first; at most limit. */
struct query work_deeds_of(struct db *db, int64_t person, int64_t since_s, int limit);
bool work_deed_next(struct query *q, struct arena *arena, struct work_deed *out);

#endif
