/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions: the events, the order, its statement of reasons and its leaf in the ledger, written in
 * one transaction. What happens after the commit is service.h's matter.
 */
#ifndef DESK_DECISIONS_H
#define DESK_DECISIONS_H

#include "desk/appeals/appeals.h"
#include "desk/desk.h"
#include "desk/lanes/form.h"
#include "desk/cases/measures.h"
#include "store/square_desk_cases.h"

/* Bounded so that the owner's letter fits one message of 4096 characters. */
#define DECISION_FACTS_MAX 1500
#define DECISION_GROUND_MAX 1000

struct decision_input {
	struct bytes action, countries, facts, ground;
	struct bytes basis;	       /* law, terms; absent: as the notice has it */
	int64_t until_s;	       /* 0: no end */
	const struct measure *measure; /* of the action; NULL: unknown, or a reversal */
	const struct reversal *why;    /* of a reversal; NULL: not said */
	int64_t appeal;		       /* that it answers; 0: none */
};

/* Pure: POST /api/cases/N/decide, /preview and /reverse as far as they go without a database. */
void decision_read(struct form *form, struct decision_input *out);
void reversal_read(struct form *form, struct decision_input *out);

/* What a ruling is: decided or reversed, with which order, and what else its event says. */
struct ruling_kind {
	const char *event;
	const char *action; /* of the order: a measure, or restore; NULL: no order */
	json_t *more;	    /* into the event, taken over; NULL: nothing */
};

/* Event, order, statement, leaf, and the answer. */
void decision_rule(struct ask *ask, struct desk_case *c, const struct decision_input *input,
	const struct ruling_kind *kind, struct reply *reply);
/* Lifting lifts all that the case ordered and that holds: may who asks do so in all countries? */
bool decision_may_lift(struct ask *ask, const struct desk_case *c);
/* False: it takes effect in countries that are not the asker's, or is to end when it can't;
 * answered. */
bool decision_may_take(struct ask *ask, struct reply *reply, const struct decision_input *input);
/* Is the measure one for what the case is about? False: answered, but for a reply of NULL. */
bool decision_fits(
	const struct desk_case *c, const struct decision_input *input, struct reply *reply);

/* Notes the orders that the messenger has executed (event, statement), and those that it ended
 * because their time was over (event, leaf). In a transaction of its own. Returns how many. */
int desk_orders_settle(struct desk *desk);

#endif
