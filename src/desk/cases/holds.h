/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence that an authority asks to be kept beyond the SOP's days: Regulation (EU) 2021/784,
 * Article 6, six months and longer on request. Each request is an event; what they amount to is
 * case_holds, which the end of evidence obeys (clocks_tick.c).
 */
#ifndef DESK_HOLDS_H
#define DESK_HOLDS_H

#include "desk/desk.h"
#include "desk/cases/projections.h"

#define HOLD_DAYS 183	  /* when the request does not say */
#define HOLD_DAYS_MAX 366 /* from the request on; who needs more asks again */
#define HOLD_REASONS_MAX 1000

extern const struct projection hold_projection;

/* Until when an event of kind "held" holds; 0: of another kind. */
int64_t hold_of_event(const struct desk_event *event);

/* Adds "held_until" where evidence is held. */
void hold_describe(struct ask *ask, int64_t case_id, json_t *body);

/* POST /api/notices/N/hold */
void desk_notice_hold(struct ask *ask, struct reply *reply);

#endif
