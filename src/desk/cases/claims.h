/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: who works on a case, for how long. A claim is a lease that its holder renews; it ends by
 * a decision, by being given back, handed to a named person, or put off for a while.
 */
#ifndef DESK_CLAIMS_H
#define DESK_CLAIMS_H

#include "desk/desk.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_work.h"

/* Somebody at the desk by their number, with the limits of a person. false: no such grant in
 * force. */
bool claimer_find(struct db *db, struct arena *arena, int64_t id, struct principal *out);

/* Why this principal can't take the case now, and the status that says so; NULL: they can. Of what
 * is claimed by another, too. */
struct refusal {
	int status;
	const char *why;
};
struct refusal claim_refusal(struct ask *ask, const struct principal *who,
	const struct desk_case *c, const struct desk_work *w);

/* Claims the case for who asks: a pause ends, and what there is to see is frozen as evidence. more:
 * goes into the event (taken over); NULL: nothing. */
void claim_take(struct ask *ask, struct desk_case *c, json_t *more);

/* By the one who asks and now? Otherwise false, and the reply says so. */
bool claim_is_mine(struct ask *ask, struct reply *reply, const struct desk_case *c);

/* POST /api/cases/N/claim, release, renew, hand, snooze */
void desk_case_claim(struct ask *ask, struct reply *reply);
void desk_case_release(struct ask *ask, struct reply *reply);
void desk_case_renew(struct ask *ask, struct reply *reply);
void desk_case_hand(struct ask *ask, struct reply *reply);
void desk_case_snooze(struct ask *ask, struct reply *reply);

#endif
