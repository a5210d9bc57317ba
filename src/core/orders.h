/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executing what the desk ordered: remove (everywhere), restrict (in countries), restore (lifts
 * both), on a channel or, except restrict, on one post of it. What an order hides stays where it is
 * and can be restored; subscribers see the order's text in its place.
 *
 * Two commits: the order's execution is the square's, the letter to the owner the home's, which
 * commits second. So every letter has a row in the home, and orders_repair writes those that a
 * crash between the two lost.
 */
#ifndef CORE_ORDERS_H
#define CORE_ORDERS_H

#include "core/call.h"

#define ORDERS_PER_CALL_MAX 100 /* the rest is the next call's: bounds a transaction */

struct executed_order {
	int64_t id, executed_at_ms;
	struct bytes outcome; /* "done", or why not */
};

struct executed_orders {
	struct executed_order *at;
	size_t count;
	bool more; /* there may be others: call again */
};

/* Every order not executed yet, in the order of ids, each exactly once. call->user is SERVICE_USER
 * or 0. */
int orders_execute(struct call *call, struct executed_orders *out);
/* At start: sends the letters that were lost. Idempotent. */
int orders_repair(struct call *call);

#endif
