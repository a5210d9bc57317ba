/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions: the events, the order, its statement of reasons and its leaf in the ledger, written in
 * one transaction. What happens after the commit is service.h's matter.
 */
#ifndef DESK_DECISIONS_H
#define DESK_DECISIONS_H

#include "desk/desk.h"
#include "desk/form.h"

/* Bounded so that the owner's letter fits one message of 4096 characters. */
#define DECISION_FACTS_MAX 1500
#define DECISION_GROUND_MAX 1000

struct decision_input {
	struct bytes action, countries, facts, ground;
};

/* Pure: POST /api/cases/N/decide and /reverse as far as they go without a database. */
void decision_read(struct form *form, struct decision_input *out);
void reversal_read(struct form *form, struct decision_input *out);

/* Notes the orders that the messenger has executed: event, statement. In a transaction of its own.
 * Returns how many. */
int desk_orders_settle(struct desk *desk);

#endif
