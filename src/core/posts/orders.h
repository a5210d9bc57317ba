/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executing what the desk ordered about a channel, one post of it, or an account with a public
 * name: remove (hides it everywhere), restrict (in countries), label (a warning before it), freeze
 * (a channel in which nobody posts until the order ends), warn and ask (a letter and nothing else),
 * restore (lifts what the same case ordered). What an order hides stays where it is; subscribers
 * see the order's text in its place. What holds together is core/posts/measures.h. An order with an
 * end is lifted by itself.
 *
 * Two commits: the order's execution is the square's, the letter to the owner the home's, which
 * commits second; so is what changes of a channel while it is there, or still partly. So every
 * letter has a row in the home, and orders_repair does what a crash between the two lost.
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
/* Lifts those whose time is over; for the upkeep. More is found the next time. */
void orders_end_due(struct call *call);
/* At start: sends the letters that were lost, and does again what was lost of orders about what is
 * in the home: a channel that went back, posts that are on their way. Idempotent. */
int orders_repair(struct call *call);

#endif
