/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard operating procedure as data (sop/default.ini explains it): categories with their
 * clocks by lane, who may decide, how long a claim lasts, what owners are told about appeals.
 */
#ifndef DESK_SOP_H
#define DESK_SOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SOP_CATEGORIES_MAX 32
#define SOP_NAME_MAX 40
#define SOP_TEXT_MAX 200

/* In the order of precedence: a later lane never slows down an earlier one. */
enum lane { LANE_SENSOR, LANE_USER, LANE_FLAGGER, LANE_AUTHORITY, LANE_COUNT };

const char *lane_name(enum lane lane);
/* LANE_COUNT: no such lane. */
enum lane lane_by_name(const char *name);

struct sop_category {
	char name[SOP_NAME_MAX];
	char title[SOP_TEXT_MAX];	 /* for people */
	char dsa_category[SOP_TEXT_MAX]; /* STATEMENT_CATEGORY_… of the EU's transparency database
					  */
	int64_t clock_s[LANE_COUNT];	 /* from the notice to the order's execution */
	int64_t harm;			 /* 0 to 100, for the order of work */
};

struct sop {
	struct sop_category categories[SOP_CATEGORIES_MAX];
	int category_count;
	int64_t lease_s; /* of a claim */
	bool moderator_decides, lead_decides;
	bool moderator_reverses, lead_reverses;
	int64_t appeal_days;
	char appeal_contact[SOP_TEXT_MAX];
};

/* Unknown names, values out of bounds and what is missing are errors with their line. */
MUST_CHECK int sop_parse(const char *text, struct sop *out, struct err *err);
MUST_CHECK int sop_load(const char *path, struct sop *out, struct err *err);
/* NULL: unknown. */
const struct sop_category *sop_category(const struct sop *sop, const char *name);

#endif
