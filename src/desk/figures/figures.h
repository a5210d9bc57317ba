/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public figures: the facts of metrics.h added up over some days, by whatever is asked for.
 * They count notices, measures and clocks, never people; only staff are people, and languages that
 * few of them read are not told apart.
 */
#ifndef DESK_FIGURES_H
#define DESK_FIGURES_H

#include <jansson.h>

#include "desk/figures/metrics.h"
#include "desk/sop/sop.h"
#include "store/square_desk_metrics.h"

#define FIGURES_DAYS 30	      /* when no time is asked for */
#define FIGURES_DAYS_MAX 3660 /* ten years */
#define FIGURES_ROWS_MAX 20000
#define FIGURES_STAFF_MIN 3 /* fewer are not counted in public: they could be told apart */

struct figures_time {
	int64_t count, median_s, p90_s; /* nearest rank; -1: none */
};

struct figures_row {
	/* Views into the figures' arena; empty: all of them together. */
	struct bytes span, lane, category, country, language, door;
	int64_t counts[METRIC_COUNT];
	struct figures_time times[METRIC_TIME_COUNT];
};

struct figures {
	struct desk_metrics_query query;
	struct figures_row *rows; /* ordered by span, lane, category, country, language, door */
	size_t row_count, row_capacity;
	bool cut; /* there were more than FIGURES_ROWS_MAX */
	struct arena arena;
};

/* from, to: "2026-11-22"; by: "month,lane"; lane, category, country, language, door: only that one.
 * What is absent: the last FIGURES_DAYS days by day, of everything. -1 with what is wrong in *err.
 */
MUST_CHECK int figures_query(struct arena *arena, struct bytes text, int64_t now_s,
	struct desk_metrics_query *out, struct err *err);

/* In a transaction of db. *query must live as long as the figures. */
void figures_read(struct figures *figures, struct db *db, const struct desk_metrics_query *query);
void figures_release(struct figures *figures);

/* Measures that were taken, of all kinds but warnings and dismissals. */
int64_t figures_measures(const struct figures_row *row);
/* Reversals among a hundred decisions that were taken; -1: none was. */
double figures_error_percent(const struct figures_row *row);

/* In a transaction of db; the texts are the caller's to free. */
char *figures_json(struct figures *figures, struct db *db);
char *figures_csv(struct figures *figures, struct db *db);
/* [{"language", "people"}], where people is null for fewer than FIGURES_STAFF_MIN. */
json_t *figures_staff(struct db *db);

#endif
