/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as the desk writes them, their statements of reasons, the ledger's leaves, and what is
 * counted in public. Tables orders (the messenger executes them: square_orders.h), statements,
 * ledger. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_ORDERS_H
#define STORE_SQUARE_DESK_ORDERS_H

#include "store/db.h"

struct desk_order {
	int64_t id, case_id, channel;
	int32_t post;
	struct bytes action;	/* remove, restrict, restore */
	struct bytes countries; /* absent unless restrict */
	struct bytes text;	/* what readers see instead */
	struct bytes reason;	/* the category */
	struct bytes letter;	/* to the owner */
	int64_t created_at_ms;
};

/* DSA Article 17(3): what the owner is told, and what is published without the facts. */
struct desk_statement {
	int64_t order_id, case_id;
	struct bytes action, countries, category, lane, law, facts, ground, redress;
	bool automated_detection, automated_decision;
	int64_t notice_at, created_at;
	int64_t executed_at;  /* 0: not yet */
	int64_t executed_ms;  /* from the decision to its execution, as the desk saw it */
	struct bytes outcome; /* done, or why not; absent: not yet */
};

int64_t desk_order_new_id(struct db *db);
void desk_order_insert(struct db *db, const struct desk_order *order);
bool desk_orders_waiting(struct db *db); /* is there one that the messenger has not executed? */

void desk_statement_insert(struct db *db, const struct desk_statement *statement);
bool desk_statement_get(
	struct db *db, struct arena *arena, int64_t order_id, struct desk_statement *out);
/* An order that the messenger executed and the desk has not noted yet. */
bool desk_order_executed_next(struct db *db, struct arena *arena, int64_t *order_id,
	int64_t *created_at_ms, int64_t *executed_at_ms, struct bytes *outcome);
void desk_statement_settle(struct db *db, int64_t order_id, int64_t executed_at,
	int64_t executed_ms, struct bytes outcome);

/* Leaves are numbered from 0 without holes. */
int64_t desk_ledger_size(struct db *db);
void desk_ledger_insert(
	struct db *db, int64_t leaf, int64_t order_id, struct bytes entry, int64_t now_s);
/* Rows of (leaf, entry) from this leaf on, in order. */
struct query desk_ledger_list(struct db *db, int64_t from, int limit);

/* ---- Counts, since a time ---- */

struct query desk_count_notices(struct db *db, int64_t since_s); /* (created_at, category, lane) */
/* (executed_at, category, lane, action, notice_at, created_at), executed or not (then 0) */
struct query desk_count_statements(struct db *db, int64_t since_s);
struct query desk_count_refusals(struct db *db, const char *since_day); /* (day, lane, reason, n) */
/* (decided_at, category, lane) of cases that were dismissed */
struct query desk_count_dismissed(struct db *db, int64_t since_s);
struct query desk_count_decided(struct db *db); /* (met, n) of decided cases */

#endif
