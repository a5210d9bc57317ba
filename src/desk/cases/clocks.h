/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks of cases: how far the targets of the SOP are met, when a case waits, who is told when
 * its time runs out, how long its evidence stays. What was is in events; clock_projection makes
 * case_clocks of them.
 *
 *   open, escalated --pause--> waiting --resume, a claim, a notice, too long--> what it was
 *   open --a step of the ladder--> escalated --decide--> decided --appeal time over--> closed
 */
#ifndef DESK_CLOCKS_H
#define DESK_CLOCKS_H

#include "desk/desk.h"
#include "desk/cases/projections.h"

extern const struct projection clock_projection;

/* What a notice's event says about the clocks, beside its due time. */
void clock_note_notice(
	json_t *data, const struct sop *sop, const struct sop_clock *clock, int64_t now_s);
/* Ends the pause of a case that waits: its due time moves by as long as it lasted. why: who or what
 * ended it, one of claimed, noticed, clarified, resumed, over. text: what was answered, or absent.
 */
void clock_resume(struct db *db, struct arena *arena, struct desk_case *c, int64_t actor,
	int64_t now_s, const char *why, struct bytes text);
bool case_is_waiting(const struct desk_case *c);

/* Adds the SOP's version, the step of the ladder, what it waits for; all: the targets too. */
void clock_describe(struct ask *ask, const struct desk_case *c, json_t *body, bool all);

/* What time alone brings: pauses that end, steps of the ladder, evidence that goes, cases that are
 * closed. To be called about every second. Returns how many events it wrote. */
int desk_clocks_tick(struct desk *desk);

/* POST /api/cases/N/pause and resume; /api/notices/N/clarification by who sent the notice. */
void desk_case_pause(struct ask *ask, struct reply *reply);
void desk_case_resume(struct ask *ask, struct reply *reply);
void desk_notice_clarify(struct ask *ask, struct reply *reply);

#endif
