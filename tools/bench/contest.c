/* SPDX-License-Identifier: Apache-2.0 */
/* Turns are short enough that all sides meet the same machine, and long enough to warm up. */
#include "bench/contest.h"

#include <stdio.h>

#include "bench/bench.h"

#define TURN_MS 1500

/* Header, keys, padding and the fields around the text in one update of ours. */
#define PACKET_BEYOND_TEXT 280

int contest_open(struct contest *contest, const enum rival_kind *kinds, size_t count,
	struct loop *loop, const struct rival_load *load, const char *scratch, struct err *err)
{
	memset(contest, 0, sizeof(*contest));
	for (size_t i = 0; i < count; i++) {
		struct rival_load own = *load;

		if (kinds[i] == RIVAL_RELAY)
			own.size += PACKET_BEYOND_TEXT;
		contest->rivals[kinds[i]] = rival_open(kinds[i], loop, &own, scratch, err);
		if (!contest->rivals[kinds[i]])
			return -1;
	}
	return 0;
}

void contest_close(struct contest *contest)
{
	for (size_t i = 0; i < RIVAL_KINDS; i++) {
		rival_close(contest->rivals[i]);
		contest->rivals[i] = NULL;
	}
}

static bool has_rivals(const struct contest *contest)
{
	for (size_t i = 0; i < RIVAL_KINDS; i++) {
		if (contest->rivals[i])
			return true;
	}
	return false;
}

int contest_play(struct contest *contest, int64_t total_ms,
	int (*ours)(void *ctx, int64_t turn_ms, struct err *err), void *ctx, struct err *err)
{
	int64_t turns = (total_ms + TURN_MS - 1) / TURN_MS;

	if (!has_rivals(contest))
		return ours(ctx, total_ms, err);
	for (int64_t turn = 0; turn < turns; turn++) {
		if (bench_interrupted)
			return err_set(err, 0, "interrupted");
		if (ours(ctx, TURN_MS, err) < 0)
			return -1;
		for (size_t i = 0; i < RIVAL_KINDS; i++) {
			if (contest->rivals[i] && rival_play(contest->rivals[i], TURN_MS,
							  &contest->figures[i], err) < 0)
				return -1;
		}
	}
	return 0;
}

static double rate(uint64_t things, const struct meter *meter)
{
	return (double)things * 1e6 / (double)meter->wall_us;
}

static double cost(uint64_t things, const struct meter *meter)
{
	return (double)meter->server_us / (double)things;
}

static void report_one(struct report *report, const char *part, enum rival_kind kind,
	const struct rival_figures *figures, uint64_t deliveries, const struct meter *meter)
{
	const char *rival = rival_name(kind);
	char name[REPORT_NAME_MAX];

	snprintf(name, sizeof(name), "%s%s, deliveries", part, rival);
	report_value(report, name, rate(figures->deliveries, &figures->meter), "/s", NULL);
	snprintf(name, sizeof(name), "%s%s, CPU per delivery", part, rival);
	report_value(report, name, cost(figures->deliveries, &figures->meter), "us", NULL);
	snprintf(name, sizeof(name), "%sour deliveries / %s", part, rival);
	report_value(report, name,
		rate(deliveries, meter) / rate(figures->deliveries, &figures->meter), "x", NULL);
	snprintf(name, sizeof(name), "%sour CPU / %s", part, rival);
	report_value(report, name,
		cost(deliveries, meter) / cost(figures->deliveries, &figures->meter), "x", NULL);
}

void contest_report(const struct contest *contest, struct report *report, const char *part,
	uint64_t our_deliveries, const struct meter *our_meter)
{
	for (size_t i = 0; i < RIVAL_KINDS; i++) {
		if (contest->rivals[i] && contest->figures[i].deliveries && our_deliveries)
			report_one(report, part, (enum rival_kind)i, &contest->figures[i],
				our_deliveries, our_meter);
	}
}
