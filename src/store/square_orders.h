/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as the messenger sees them: the desk inserts them, the messenger executes them. */
#ifndef STORE_SQUARE_ORDERS_H
#define STORE_SQUARE_ORDERS_H

#include "store/db.h"

struct order_row {
	int64_t id, channel;
	int32_t post;			       /* 0: the whole channel */
	struct bytes action;		       /* remove, restrict, restore */
	struct bytes countries;		       /* "DE,ID" for restrict, else absent */
	struct bytes text;		       /* what readers see instead */
	struct bytes reason;		       /* the category as one word */
	struct bytes letter;		       /* the statement of reasons, for the owner */
	int64_t created_at_ms, executed_at_ms; /* 0: not executed yet */
	struct bytes outcome;		       /* ORDER_DONE, or why not; absent before */
};

#define ORDER_DONE "done"

/* Those not executed, by id. Returns their number, at most limit. */
size_t square_orders_open(struct db *db, struct arena *arena, struct order_row *rows, size_t limit);
/* Those executed with ORDER_DONE and an id below `below`, newest first. */
size_t square_orders_done(
	struct db *db, struct arena *arena, int64_t below, struct order_row *rows, size_t limit);
bool square_orders_find(struct db *db, struct arena *arena, int64_t id, struct order_row *row);
/* Once: false when it had been finished before. */
bool square_orders_finish(struct db *db, int64_t id, int64_t now_ms, const char *outcome);

#endif
