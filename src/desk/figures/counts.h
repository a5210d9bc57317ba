/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted in public: notices, orders, dismissals, reversals and refusals per day, category
 * and lane, and the time from notice to action. Reads the square; knows no names.
 */
#ifndef DESK_COUNTS_H
#define DESK_COUNTS_H

#include "desk/sop/sop.h"
#include "base/buf.h"
#include "store/db.h"

#define COUNTS_DAYS 30

struct counts_row {
	char day[11]; /* "2026-11-22" */
	char category[SOP_NAME_MAX], lane[16];
	int64_t notices, removed, restricted, restored, dismissed;
	int64_t labelled, frozen, warned;
	int64_t *seconds; /* from the start of the clock to execution; sorted */
	size_t acted, acted_capacity;
};

struct counts_refusal {
	struct bytes day, lane, reason;
	int64_t count;
};

struct counts {
	struct counts_row *rows; /* by day, category, lane */
	size_t row_count, row_capacity;
	struct counts_refusal *refusals;
	size_t refusal_count, refusal_capacity;
	int64_t in_time, late;
	char days[COUNTS_DAYS][11]; /* oldest first, today last */
	struct arena arena;
};

/* The last COUNTS_DAYS days; in a transaction of db. */
void counts_read(struct counts *counts, struct db *db, int64_t now_s);
void counts_release(struct counts *counts);

/* The value below which that share (in percent) of the sorted values lies; -1: there are none. */
int64_t counts_percentile(const int64_t *sorted, size_t count, int percent);
/* Everything of some days added up: NULL means any. The result's seconds are in the arena. */
struct counts_row counts_sum(
	struct counts *counts, const char *day, const char *category, const char *lane);

char *counts_csv(struct counts *counts);  /* in the arena of counts */
char *counts_json(struct counts *counts); /* the same */

#endif
