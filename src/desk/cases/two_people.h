/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the SOP wants two people for a measure: one proposes, another agrees, or, where it is done
 * blind, decides as if alone and is compared. If they do not agree, a lead who is neither of them
 * decides. The clock of the case runs on all the while.
 *
 *   claimed --decide--> needs approval --approve, or the same decision--> decided
 *                          |      \
 *                       withdraw   refuse, or another decision --> needs a lead --decide--> decided
 */
#ifndef DESK_TWO_PEOPLE_H
#define DESK_TWO_PEOPLE_H

#include "desk/cases/decisions.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_work.h"

/* Does the SOP want two people for a measure in this case? */
bool second_is_wanted(struct ask *ask, const struct desk_case *c);
/* Must somebody else agree before this takes effect? */
bool second_is_needed(struct ask *ask, const struct desk_case *c, const struct desk_work *w,
	const struct decision_input *input);
/* A measure is proposed instead of taken: the event, and the answer. */
void second_propose(struct ask *ask, struct reply *reply, struct desk_case *c,
	const struct decision_input *input);
/* Who decides a case that needs approval, without having seen the proposal. True: they agree, and
 * *input is what to rule, *more goes into its event. False: answered. */
bool second_compare(struct ask *ask, struct reply *reply, struct desk_case *c,
	const struct desk_work *w, struct decision_input *input, json_t **more);

/* {"needs", "blind", "proposal", "objection"}; null: nothing is proposed. */
json_t *second_json(struct ask *ask, const struct desk_work *w);

/* Pure: do two people mean the same? Of two ends the earlier holds. */
bool second_agrees(const struct decision_input *a, const struct decision_input *b);

/* POST /api/cases/N/approve, refuse, withdraw */
void desk_case_approve(struct ask *ask, struct reply *reply);
void desk_case_refuse(struct ask *ask, struct reply *reply);
void desk_case_withdraw(struct ask *ask, struct reply *reply);

#endif
