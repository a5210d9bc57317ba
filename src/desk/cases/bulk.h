/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One decision about the many cases of one campaign. First it is shown: which cases, how many
 * readers, what is left out and why; and with it a token, which decides exactly these cases as they
 * were then. Each has its own events and order; all can be undone as one while the SOP says.
 *
 *   shown --decide--> deciding --> decided --undo--> undoing --> undone
 *
 * Deciding and undoing go on over restarts: bulk_run.c does a few cases with each tick.
 */
#ifndef DESK_BULK_H
#define DESK_BULK_H

#include "desk/cases/decisions.h"
#include "store/square_desk_bulk.h"

#define BULK_SHOWN_S 900 /* a token holds so long */

/* Why the case can't be decided with others by who asks; NULL: it can. */
const char *bulk_obstacle(
	struct ask *ask, const struct desk_case *c, const struct decision_input *input);
/* What was asked for, from its stored form. false: it can't be read. */
bool bulk_decision(struct ask *ask, struct bytes stored, struct decision_input *out);
/* The order that the decision needs in this case; NULL: none. */
const char *bulk_action(const struct desk_case *c, const struct decision_input *input);

/* What is under way goes on. Returns how many cases it changed. To be called about every second. */
int desk_bulk_tick(struct desk *desk);

/* POST /api/bulk, GET /api/bulk/N, POST /api/bulk/N/decide and undo */
void desk_bulk_show(struct ask *ask, struct reply *reply);
void desk_bulk_progress(struct ask *ask, struct reply *reply);
void desk_bulk_decide(struct ask *ask, struct reply *reply);
void desk_bulk_undo(struct ask *ask, struct reply *reply);

#endif
