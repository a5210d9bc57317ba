/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How accurate somebody is who sends notices: an authority, a flagger, a rule of the sensor. What
 * became of a notice and how good it was are two things: content that stayed up does not make its
 * notice a bad one, so that a notice about it counts only if a person judged it.
 *
 *   quality          judged             nobody judged it
 *   acted            as judged          counts for its sender
 *   not acted        as judged          does not count
 *   reversed         as judged          does not count
 *
 * Of the newest notices each weighs less the older it is. What follows is a person's decision
 * (standing.h).
 */
#ifndef DESK_ACCURACY_H
#define DESK_ACCURACY_H

#include "desk/desk.h"
#include "desk/cases/projections.h"
#include "store/square_desk_verdicts.h"

#define ACCURACY_NOTICES_MAX 100 /* the newest; what is older does not count */

extern const struct projection verdicts_projection;

/* Of good notices and bad ones, by weight. */
struct accuracy {
	int64_t acted, not_acted, reversed; /* of those looked at: what became of them */
	int64_t good, bad;		    /* how many counted */
	double weight;			    /* of those that counted, with decay */
	double share;			    /* of good ones among these; 0 to 1 */
	double low, high;		    /* where it lies with 95 % confidence (Wilson) */
	double score;			    /* -17 to 17; 0: too few, or neither good nor bad */
};

/* Pure. One verdict more, the age of which is known. */
void accuracy_add(
	struct accuracy *a, const struct desk_verdict *v, double half_life_s, int64_t now_s);
/* Pure, after the last: share, interval and score. min: by weight, for a score at all. */
void accuracy_finish(struct accuracy *a, double min);
/* Pure: the score within -max to max. */
int64_t accuracy_points(const struct accuracy *a, int64_t max);

/* Of a reporter (rule empty), or of a sensor's rule. */
struct accuracy accuracy_of(struct db *db, struct arena *arena, const struct sop *sop,
	int64_t reporter, struct bytes rule, int64_t now_s);
/* What the sender of a notice adds to its case's priority, or takes from it: by accuracy, and less
 * while warned. Bounded by the SOP. */
int64_t accuracy_priority(struct db *db, struct arena *arena, const struct sop *sop,
	int64_t reporter, struct bytes rule, int64_t now_s);

json_t *accuracy_json(const struct accuracy *a);

extern const char quality_names[];
bool quality_is_known(struct bytes quality);

/* GET /api/accuracy; POST /api/notices/N/quality */
void desk_accuracy_show(struct ask *ask, struct reply *reply);
void desk_notice_judge(struct ask *ask, struct reply *reply);

#endif
