/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from bad notices (DSA Articles 22(6) and 23): a warning, then, if it goes on, that
 * notices of a flagger are not dealt with for a time. A person decides it, with reasons; it stands
 * in the desk's log, which is all that is kept of it. Authorities may be warned, not suspended:
 * what the law orders is dealt with.
 */
#ifndef DESK_STANDING_H
#define DESK_STANDING_H

#include "desk/quality/accuracy.h"

struct standing {
	int64_t warned_at, warned_until; /* 0: never; its notices go later until then */
	int64_t suspended_until;	 /* 0: not, or no more */
};

struct standing standing_of(
	struct db *db, struct arena *arena, const struct sop *sop, int64_t grant, int64_t now_s);
/* Adds `warned`, `suspended`, and what the SOP's figures suggest: `suggests`. */
void standing_describe(struct ask *ask, int64_t grant, const struct accuracy *a, json_t *item);

/* Refuses the notices of who is suspended; false: answered, and counted in public. */
bool standing_allows(struct ask *ask, struct reply *reply);

/* POST /api/flaggers/N/warn, suspend, resume; GET /api/flaggers/N/file: for the body that awarded
 * the status (?format=text: as plain text). */
void desk_flagger_warn(struct ask *ask, struct reply *reply);
void desk_flagger_suspend(struct ask *ask, struct reply *reply);
void desk_flagger_resume(struct ask *ask, struct reply *reply);
void desk_flagger_file(struct ask *ask, struct reply *reply);

#endif
