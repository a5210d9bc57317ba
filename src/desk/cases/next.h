/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The next best case for one person: points for each reason, the same for the same facts, and shown
 * with the case. Two people never get the same one: it is claimed in the transaction in which it is
 * found.
 */
#ifndef DESK_NEXT_H
#define DESK_NEXT_H

#include "desk/desk.h"
#include "store/square_desk_work.h"

enum next_reason {
	NEXT_DUE,      /* how much of its clock is used */
	NEXT_LANE,     /* authorities before flaggers before readers before sensors */
	NEXT_HARM,     /* of the category */
	NEXT_REACH,    /* subscribers */
	NEXT_NOTICES,  /* how many complain */
	NEXT_LANGUAGE, /* does the person read it */
	NEXT_REGION,   /* does the person know it */
	NEXT_STANDING, /* how often who sent the notice was right */
	NEXT_SECOND,   /* somebody has worked on it and waits for a second person */
	NEXT_REASONS
};

struct next_person {
	struct bytes langs, regions; /* as typed; empty: nothing is known */
};

struct next_case {
	const struct desk_work *work;
	int64_t harm;	  /* 0 to 100 */
	int64_t standing; /* of who sent the notice: -100 to 100; 0: not known */
	int64_t now_s;
};

/* Pure. Fills in the points of each reason; their sum. */
int64_t next_score(const struct next_person *person, const struct next_case *facts,
	int64_t points[NEXT_REASONS]);

/* Is this language one of "id,en-GB"? By its first part. Pure. */
bool next_reads(struct bytes langs, struct bytes language);

/* POST /api/next */
void desk_next(struct ask *ask, struct reply *reply);

#endif
