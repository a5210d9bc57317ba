/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strikes: a channel has one for each case in which a measure was taken about it or a post of it.
 * They count for the days that the SOP says, per category, and say which measure it takes next. A
 * hint: a person decides. What is reversed, dismissed or could not be done is none; but
 * after a reversal because it was too harsh it stays: there was a breach.
 */
#ifndef DESK_STRIKES_H
#define DESK_STRIKES_H

#include "desk/cases/projections.h"
#include "desk/sop/sop.h"

extern const struct projection strikes_projection;

struct strikes {
	int64_t count, days; /* of the case's channel and category, its own left out; in so many */
	const char *ladder;  /* of the SOP */
};

struct strikes strikes_now(
	struct db *db, const struct sop *sop, const struct desk_case *c, int64_t now_s);
/* {"category", "count", "days", "next"} */
json_t *strikes_json(
	struct db *db, const struct sop *sop, const struct desk_case *c, int64_t now_s);

#endif
