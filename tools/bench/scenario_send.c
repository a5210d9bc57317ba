/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-to-one messages: each sender keeps some in flight to its receiver. One that was acknowledged
 * and did not arrive exactly once fails the run.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/contest.h"
#include "bench/pairs.h"

#define WARM_UP_MS 1000

struct send {
	struct stage stage;
	struct pairs pairs;
	int64_t in_flight;
	struct meter meter;
	struct contest contest;
	struct histogram to_ack, to_arrival;
};

static int play_turn(void *ctx, int64_t turn_ms, struct err *err)
{
	struct send *run = ctx;
	struct peers *peers = &run->stage.peers;
	struct pairs *pairs = &run->pairs;
	struct meter meter;

	pairs->on_acknowledged = pair_send;
	for (uint32_t i = 0; i < pairs->count; i++) {
		for (int64_t k = 0; k < run->in_flight; k++)
			pair_send(&pairs->at[i]);
	}
	if (peers_run(peers, NULL, NULL, WARM_UP_MS, err) < 0)
		return -1;
	pairs->to_ack = &run->to_ack;
	pairs->to_arrival = &run->to_arrival;
	meter_start(&meter, run->stage.server.messenger);
	if (peers_run(peers, NULL, NULL, turn_ms, err) < 0)
		return -1;
	meter_stop(&meter);
	meter_add(&run->meter, &meter);
	pairs->to_ack = pairs->to_arrival = NULL;
	pairs->on_acknowledged = NULL;
	return pairs_settle(pairs, err);
}

static int measure(struct send *run, const struct bench_options *options, struct err *err)
{
	static const enum rival_kind rivals[] = {RIVAL_RELAY, RIVAL_MOSQUITTO_1};
	const struct rival_load load = {(uint32_t)options->pairs, 1, (uint32_t)options->in_flight,
		(size_t)options->text_size};

	run->in_flight = options->in_flight;
	if (contest_open(&run->contest, rivals, options->rivals ? ARRAY_LEN(rivals) : 0,
		    run->stage.loop, &load, options->scratch, err) < 0)
		return -1;
	return contest_play(&run->contest, options->seconds * 1000, play_turn, run, err);
}

static void fill_report(
	const struct send *run, const struct bench_options *options, struct report *report)
{
	const struct pairs *pairs = &run->pairs;
	const struct meter *meter = &run->meter;
	double seconds = (double)meter->wall_us / 1e6;

	report_setting(report, "pairs", options->pairs);
	report_setting(report, "in_flight", options->in_flight);
	report_setting(report, "text_size", options->text_size);
	report_setting(report, "seconds", options->seconds);
	report_setting(report, "seed", options->seed);
	report_value(report, "sends acknowledged", (double)pairs->measured_acks / seconds, "/s",
		pairs->count <= 100 ? "mosquitto's QoS 1 in the same run" : NULL);
	report_value(
		report, "messages arrived", (double)pairs->measured_arrivals / seconds, "/s", NULL);
	stage_report_cpu(meter, report, "", pairs->measured_acks, "message", NULL);
	contest_report(&run->contest, report, "", pairs->measured_arrivals, meter);
	report_histogram(report, "send to acknowledgement", &run->to_ack);
	report_histogram(report, "send to arrival at the receiver", &run->to_arrival);
}

int scenario_send(const struct bench_options *options, struct report *report, struct err *err)
{
	struct send *run = MEM_NEW(struct send);
	uint32_t count = (uint32_t)options->pairs;
	int result = -1;

	if (stage_open(&run->stage, options, 2 * count, err) == 0) {
		if (pairs_open(&run->pairs, &run->stage, count, (uint64_t)options->seed,
			    (size_t)options->text_size, (uint32_t)options->connections, err) == 0 &&
			measure(run, options, err) == 0) {
			fill_report(run, options, report);
			result = pairs_judge(&run->pairs, report->note, sizeof(report->note), err);
		}
		contest_close(&run->contest);
		stage_close(&run->stage);
	}
	pairs_release(&run->pairs);
	free(run);
	return result;
}
