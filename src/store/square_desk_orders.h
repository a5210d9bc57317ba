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
	struct bytes action;	/* as struct order_row of square_orders.h */
	struct bytes countries; /* absent unless restrict */
	struct bytes text;	/* what readers see instead */
	struct bytes reason;	/* the category */
	struct bytes letter;	/* to the owner */
	int64_t created_at_ms;
	int64_t ends_at; /* 0: not by itself */
};

/* DSA Article 17(3): what the owner is told, and what is published without the facts. */
struct desk_statement {
	int64_t order_id, case_id;
	struct bytes action, countries, category, lane, law, facts, ground, redress;
	bool automated_detection, automated_decision;
	int64_t notice_at, created_at;
	int64_t ends_at, ended_at; /* by itself: when it must, when it did; 0 */
	struct bytes basis;	   /* law, terms; empty: nobody said */
	int64_t content_at;	   /* date of the post, or of the channel */
	int32_t post;		   /* 0: the whole channel */
	int64_t executed_at;	   /* 0: not yet */
	int64_t executed_ms;	   /* from the decision to its execution, as the desk saw it */
	struct bytes outcome;	   /* done, or why not; absent: not yet */
};

int64_t desk_order_new_id(struct db *db);
void desk_order_insert(struct db *db, const struct desk_order *order);
/* The order after this one (0: the first; letters that ask are none), as far as the messenger has
 * come with it. */
bool desk_order_next(
	struct db *db, int64_t after, int64_t *id, int64_t *created_at_ms, bool *executed);
/* In another language than the order's own. */
void desk_order_letter_insert(
	struct db *db, int64_t order_id, const char *language, struct bytes letter);
bool desk_orders_waiting(struct db *db); /* is there one that the messenger has not executed? */

void desk_statement_insert(struct db *db, const struct desk_statement *statement);
bool desk_statement_get(
	struct db *db, struct arena *arena, int64_t order_id, struct desk_statement *out);
/* An order that the messenger executed and the desk has not noted yet. */
bool desk_order_executed_next(struct db *db, struct arena *arena, int64_t *order_id,
	int64_t *created_at_ms, int64_t *executed_at_ms, struct bytes *outcome);
void desk_statement_settle(struct db *db, int64_t order_id, int64_t executed_at,
	int64_t executed_ms, struct bytes outcome);

/* An order that ended by itself, which the desk has not noted yet. */
bool desk_order_ended_next(struct db *db, int64_t *order_id, int64_t *ended_at_ms);
/* Does the case have an order that holds, or will when it is executed? */
bool desk_orders_hold(struct db *db, int64_t case_id);
/* The next order of the case that holds, or will, above `after`. countries: empty where it is for
 * everybody. */
bool desk_order_holding_next(struct db *db, struct arena *arena, int64_t case_id, int64_t after,
	int64_t *id, struct bytes *countries);
void desk_statement_end(struct db *db, int64_t order_id, int64_t ended_at);
/* Orders that were carried out, above `after`. Returns their number. */
size_t desk_statements_done(struct db *db, int64_t after, int64_t *ids, size_t limit);

/* Of the EU's transparency database (src/desk/figures/submission.h). */
enum desk_submission {
	DESK_NOT_SUBMITTED,
	DESK_SUBMITTED,
	DESK_SUBMISSION_REFUSED,
	DESK_SUBMISSION_NEEDLESS, /* it does not concern the database */
};

/* Orders that were carried out and not submitted yet, oldest first. */
size_t desk_statements_unsubmitted(struct db *db, int64_t *ids, size_t limit);
void desk_statement_submitted(struct db *db, int64_t order_id, enum desk_submission state);
/* Did an authority order it (DSA Article 9, or for terrorist content)? */
bool desk_statement_was_ordered(struct db *db, const struct desk_statement *statement);

/* Leaves are numbered from 0 without holes. */
int64_t desk_ledger_size(struct db *db);
void desk_ledger_insert(
	struct db *db, int64_t leaf, int64_t order_id, struct bytes entry, int64_t now_s);
/* The first of the order; -1: none. */
int64_t desk_ledger_leaf(struct db *db, int64_t order_id);
/* Rows of (leaf, entry) from this leaf on, in order. */
struct query desk_ledger_list(struct db *db, int64_t from, int limit);

/* ---- Counts, since a time ---- */

struct query desk_count_restored(struct db *db, int64_t since_s); /* (created_at, category, lane) */
struct query desk_count_refusals(struct db *db, const char *since_day); /* (day, lane, reason, n) */
/* Of the facts of square_desk_metrics.h, which stay when a case is decided again: */
/* (day, category, lane, what, seconds, n) */
struct query desk_count_facts(struct db *db, const char *since_day);
struct query desk_count_judged(struct db *db, const char *since_day); /* (in time?, n) */

#endif
