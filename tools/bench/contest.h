/* SPDX-License-Identifier: Apache-2.0 */
/* Rivals and ourselves in turns, and the ratios that come of it. */
#ifndef BENCH_CONTEST_H
#define BENCH_CONTEST_H

#include "bench/report.h"
#include "bench/rival.h"

struct contest {
	struct rival *rivals[RIVAL_KINDS]; /* NULL: does not take part */
	struct rival_figures figures[RIVAL_KINDS];
};

/* What a rival would carry where we carry a text of so many bytes: the text itself for a broker,
 * our packet for the relay. */
MUST_CHECK int contest_open(struct contest *contest, const enum rival_kind *kinds, size_t count,
	struct loop *loop, const struct rival_load *load, const char *scratch, struct err *err);
void contest_close(struct contest *contest);

/* ours() and each rival play turn by turn until each has played for about total_ms. */
MUST_CHECK int contest_play(struct contest *contest, int64_t total_ms,
	int (*ours)(void *ctx, int64_t turn_ms, struct err *err), void *ctx, struct err *err);

/* Each rival's figures, and ours as a multiple of them. part: as in stage_report_cpu(). */
void contest_report(const struct contest *contest, struct report *report, const char *part,
	uint64_t our_deliveries, const struct meter *our_meter);

#endif
