/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as the messenger sees them: the desk inserts them, the messenger executes them. */
#ifndef STORE_SQUARE_ORDERS_H
#define STORE_SQUARE_ORDERS_H

#include "store/db.h"

struct order_row {
	int64_t id, channel;
	int32_t post;			       /* 0: the whole channel */
	struct bytes action;		       /* remove, restrict, label, freeze, warn, restore */
	struct bytes countries;		       /* "DE,ID" for restrict, else absent */
	struct bytes text;		       /* what readers see instead */
	struct bytes reason;		       /* the category as one word */
	struct bytes letter;		       /* the statement of reasons, for the owner */
	int64_t created_at_ms, executed_at_ms; /* 0: not executed yet */
	struct bytes outcome;		       /* ORDER_DONE, or why not; absent before */
	int64_t case_id;		       /* what an order restores are those of its case */
	int64_t ends_at_s;		       /* by itself; 0: never */
};

#define ORDER_DONE "done"

/* Those not executed, by id. Returns their number, at most limit. */
size_t square_orders_open(struct db *db, struct arena *arena, struct order_row *rows, size_t limit);
/* Those executed with ORDER_DONE and an id below `below`, newest first. */
size_t square_orders_done(
	struct db *db, struct arena *arena, int64_t below, struct order_row *rows, size_t limit);
/* The letter in this language, if there is one. */
bool square_orders_letter(struct db *db, struct arena *arena, int64_t id, struct bytes language,
	struct bytes *letter);
/* Once: false when it had been finished before. */
bool square_orders_finish(struct db *db, int64_t id, int64_t now_ms, const char *outcome);

/* ---- What holds ---- */

/* Executed, neither lifted nor ended, by id: rows for square_orders_next. */
struct query square_orders_holding(struct db *db, int64_t channel, int32_t post);
bool square_orders_next(struct query *q, struct arena *arena, struct order_row *row);
/* What the case's orders about the channel and its posts did is lifted by this one. */
void square_orders_lift(struct db *db, const struct order_row *by, int64_t now_ms);
/* Did it lift one about the whole channel? */
bool square_orders_lifted_channel(struct db *db, const struct order_row *by);
/* Those that hold and whose time is over. Returns their number, at most limit. */
size_t square_orders_due(
	struct db *db, struct arena *arena, int64_t now_s, struct order_row *rows, size_t limit);
void square_orders_end(struct db *db, int64_t id, int64_t now_ms); /* by itself */

#endif
