/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good decisions are: a share of them, by category as the SOP says, is looked at once more by
 * somebody else who is not shown what was decided. Which ones follows from a hash of case, decision
 * and the desk's key: the same each time, and nobody who decides can tell. And how often decisions
 * of a person were found mistaken.
 */
#ifndef DESK_QUALITY_H
#define DESK_QUALITY_H

#include "desk/desk.h"
#include "desk/cases/projections.h"

#define QUALITY_ACTIONS_MAX 8

extern const struct projection reviews_projection;

/* Pure. Cohen's kappa of k x k counts, a row for each first answer, a column for each second: how
 * much more two people agree than by chance. false: not defined (nothing counted, or everybody
 * always said the same). *agreement: the share of equal answers; 0 if nothing was counted. */
bool quality_kappa(const int64_t *counts, size_t k, double *agreement, double *kappa);
/* Is this decision of the sample? percent: 0 to 100. */
bool quality_samples(const struct desk *desk, int64_t case_id, int32_t decision, int64_t percent);

/* Does who asks review this case now, blind? Then no route says what was decided: those about one
 * case refuse, lists leave it out. */
#define QUALITY_HIDDEN "you review a decision of this case without seeing it"
bool quality_hides(struct ask *ask, int64_t case_id);

/* POST /api/reviews/next; POST /api/reviews/N; GET /api/quality */
void desk_review_next(struct ask *ask, struct reply *reply);
void desk_review_answer(struct ask *ask, struct reply *reply);
void desk_quality_show(struct ask *ask, struct reply *reply);

#endif
