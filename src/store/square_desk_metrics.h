/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted in public, one row per fact: a notice, a measure, a clock that was met. Tables
 * metrics, metric_cases and metric_appeals, a projection (src/desk/figures/metrics.c); nothing here
 * names anybody. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_METRICS_H
#define STORE_SQUARE_DESK_METRICS_H

#include "store/db.h"

#define DESK_METRIC_NO_TIME (-1)

struct desk_metric {
	int64_t case_id;
	int32_t seq; /* of the event that it comes from */
	const char *what;
	int64_t at;	 /* counts for the UTC day of this */
	int64_t seconds; /* how long it took; DESK_METRIC_NO_TIME: it is a count alone */
	struct bytes lane, category, country, language;
	struct bytes door; /* of a notice; else empty */
};

void desk_metric_insert(struct db *db, const struct desk_metric *row);

/* What facts to come need to know of earlier ones of the case. */
struct desk_metric_case {
	int64_t case_id;
	struct bytes country, language; /* of the notice that leads; of the subject; or empty */
	int64_t clock_at, acknowledged; /* of the clock that runs; was it acknowledged? */
	int64_t order_id, ordered_at;	/* the last order, and what it was */
	struct bytes order_action;	/* restore, or a measure */
	int64_t judged;			/* in time or late was counted */
};

/* false: nothing is known of it yet, and *out is as it begins. */
bool desk_metric_case_get(
	struct db *db, struct arena *arena, int64_t case_id, struct desk_metric_case *out);
void desk_metric_case_put(struct db *db, const struct desk_metric_case *row);
/* When an appeal that is not answered came; taken: it is answered. 0: nothing is known of it. */
void desk_metric_appeal_put(struct db *db, int64_t appeal, int64_t at);
int64_t desk_metric_appeal_take(struct db *db, int64_t appeal);
/* All facts of the case are about a subject in this language, also those of before. */
void desk_metric_language(struct db *db, int64_t case_id, struct bytes language);
void desk_metrics_clear(struct db *db);

struct desk_metrics_query {
	char from[11], to[11]; /* days, both included */
	int span; /* of "2026-11-22": 10 by day, 7 by month, 4 by year, 0: all in one */
	bool by_lane, by_category, by_country, by_language, by_door;
	struct bytes lane, category, country, language, door; /* only these; absent: any */
};

/* Rows of (span, lane, category, country, language, door, what, seconds, count), in this order;
 * what is not asked for is empty. */
struct query desk_metrics_list(struct db *db, const struct desk_metrics_query *query);
/* Rows of (span, lane, reason, count); by_lane and span count, and lane. */
struct query desk_metrics_refusals(struct db *db, const struct desk_metrics_query *query);
/* The languages ("id,en") of each person in force who decides, a row each. */
struct query desk_metrics_staff(struct db *db);

#endif
