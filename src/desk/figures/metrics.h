/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that are counted in public, as a projection of the events: what of a case counts, once,
 * and how long it took. One row of a table each; figures.h adds them up.
 */
#ifndef DESK_METRICS_H
#define DESK_METRICS_H

#include "desk/cases/projections.h"

/* In the order of columns. The times are seconds from the start of the clock, of an appeal from
 * when it came. */
#define METRICS(X)                                                                                 \
	X(NOTICES, "notices") /* taken in */                                                       \
	X(CASES, "cases")     /* opened */                                                         \
	X(REMOVED, "removed") /* decided: six kinds of decisions */                                \
	X(RESTRICTED, "restricted")                                                                \
	X(LABELLED, "labelled")                                                                    \
	X(FROZEN, "frozen")                                                                        \
	X(WARNED, "warned")                                                                        \
	X(DISMISSED, "dismissed")                                                                  \
	X(REVERSED, "reversed")		/* found wrong by somebody else, or on appeal */           \
	X(ENDED, "ended")		/* measures that ended by themselves */                    \
	X(AUTOMATED, "automated")	/* measures about what a sensor found */                   \
	X(NOT_EXECUTED, "not_executed") /* orders that could not be carried out */                 \
	X(BY_LAW, "by_law")		/* measures and warnings: against the law */               \
	X(BY_TERMS, "by_terms")		/* or against the terms of use */                          \
	X(IN_TIME, "in_time")                                                                      \
	X(LATE, "late")                                                                            \
	X(PAUSED, "paused")                                                                        \
	X(ESCALATED, "escalated")                                                                  \
	X(APPEALS_OWNER, "appeals_owner")                                                          \
	X(APPEALS_REPORTER, "appeals_reporter")                                                    \
	X(APPEALS_UPHELD, "appeals_upheld") /* the decision stands */                              \
	X(APPEALS_REVERSED, "appeals_reversed")                                                    \
	X(APPEALS_CHANGED, "appeals_changed") /* another measure stands now */
#define METRIC_TIMES(X)                                                                            \
	X(ACKNOWLEDGE, "acknowledge") /* until somebody took it up */                              \
	X(DECIDE, "decide")	      /* until it was decided */                                   \
	X(ACT, "act")		      /* until a measure was carried out */                        \
	X(APPEAL, "appeal")	      /* from an appeal to its answer */

#define METRIC_ENUM(name, text) METRIC_##name,
#define METRIC_TIME_ENUM(name, text) METRIC_TIME_##name,
enum metric { METRICS(METRIC_ENUM) METRIC_COUNT };
enum metric_time { METRIC_TIMES(METRIC_TIME_ENUM) METRIC_TIME_COUNT };

extern const char *const metric_names[METRIC_COUNT];
extern const char *const metric_time_names[METRIC_TIME_COUNT];

extern const struct projection metrics_projection;

#endif
