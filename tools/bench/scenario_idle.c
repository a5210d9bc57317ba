/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of the messenger per session that is logged in and does nothing. A first group is only for
 * filling caches and pools; the second is measured as the difference.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

#define WARM_UP_SHARE 5 /* a fifth of the sessions, */
#define WARM_UP_MIN 100 /* at least these */
#define SETTLE_MS 1500

static void flush_acks(struct fleet *fleet)
{
	for (uint32_t i = 0; i < fleet->logged_in; i++)
		peer_flush_acks(&fleet->accounts[i].peer);
}

/* Logs in up to goal and reads the memory when all is quiet. */
static int fill(struct stage *stage, uint32_t goal, struct process_memory *memory, struct err *err)
{
	struct peers *peers = &stage->peers;

	if (fleet_log_in(&stage->fleet, goal, (uint32_t)stage->options->connections, err) < 0 ||
		peers_run(peers, NULL, NULL, SETTLE_MS, err) < 0)
		return -1;
	flush_acks(&stage->fleet);
	if (peers_run(peers, NULL, NULL, SETTLE_MS, err) < 0)
		return -1;
	return process_memory(stage->server.messenger, memory, err);
}

static void fill_report(const struct bench_options *options, const struct process_memory *before,
	const struct process_memory *after, const struct meter *meter, struct report *report)
{
	double sessions = (double)options->sessions;

	report_setting(report, "sessions", options->sessions);
	report_setting(report, "seconds", options->seconds);
	report_value(report, "memory per session, PSS",
		(double)(after->pss_kib - before->pss_kib) / sessions, "KiB", "1");
	report_value(report, "memory per session, RSS",
		(double)(after->rss_kib - before->rss_kib) / sessions, "KiB", NULL);
	report_value(report, "memory per session, heap and stacks",
		(double)(after->anonymous_kib - before->anonymous_kib) / sessions, "KiB", NULL);
	report_value(report, "messenger in all, PSS", (double)after->pss_kib / 1024, "MiB", NULL);
	stage_report_cpu(meter, report, "", 0, NULL, NULL);
	report_note(report, "each session has its own key, account and connection; kernel memory "
			    "is not in it; caches of the database are");
}

static int play(struct stage *stage, const struct bench_options *options, uint32_t warm,
	struct report *report, struct err *err)
{
	struct process_memory before, after;
	struct meter meter;

	if (fill(stage, warm, &before, err) < 0 ||
		fill(stage, warm + (uint32_t)options->sessions, &after, err) < 0)
		return -1;
	meter_start(&meter, stage->server.messenger);
	if (peers_run(&stage->peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(&meter);
	fill_report(options, &before, &after, &meter, report);
	return 0;
}

int scenario_idle(const struct bench_options *options, struct report *report, struct err *err)
{
	struct stage *stage = MEM_NEW(struct stage);
	uint32_t warm = (uint32_t)(options->sessions / WARM_UP_SHARE);
	int result = -1;

	if (warm < WARM_UP_MIN)
		warm = WARM_UP_MIN;
	if (stage_open(stage, options, warm + (uint32_t)options->sessions, err) == 0) {
		result = play(stage, options, warm, report, err);
		stage_close(stage);
	}
	free(stage);
	return result;
}
