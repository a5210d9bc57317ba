/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-to-one messages: each sender keeps some in flight to its receiver. One that was acknowledged
 * and did not arrive exactly once fails the run.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/pairs.h"

struct send {
	struct stage stage;
	struct pairs pairs;
	struct histogram to_ack, to_arrival;
};

static int measure(
	struct send *run, const struct bench_options *options, struct meter *meter, struct err *err)
{
	struct peers *peers = &run->stage.peers;
	struct pairs *pairs = &run->pairs;

	pairs->on_acknowledged = pair_send;
	for (uint32_t i = 0; i < pairs->count; i++) {
		for (int64_t k = 0; k < options->in_flight; k++)
			pair_send(&pairs->at[i]);
	}
	/* The first second warms up. */
	if (peers_run(peers, NULL, NULL, 1000, err) < 0)
		return -1;
	pairs->to_ack = &run->to_ack;
	pairs->to_arrival = &run->to_arrival;
	meter_start(meter, run->stage.server.messenger);
	if (peers_run(peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(meter);
	pairs->to_ack = pairs->to_arrival = NULL;
	pairs->on_acknowledged = NULL;
	return pairs_settle(pairs, err);
}

static void fill_report(const struct send *run, const struct bench_options *options,
	const struct meter *meter, struct report *report)
{
	const struct pairs *pairs = &run->pairs;
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
	report_histogram(report, "send to acknowledgement", &run->to_ack);
	report_histogram(report, "send to arrival at the receiver", &run->to_arrival);
}

int scenario_send(const struct bench_options *options, struct report *report, struct err *err)
{
	struct send *run = MEM_NEW(struct send);
	uint32_t count = (uint32_t)options->pairs;
	struct meter meter;
	int result = -1;

	if (stage_open(&run->stage, options, 2 * count, err) == 0) {
		if (pairs_open(&run->pairs, &run->stage, count, (uint64_t)options->seed,
			    (size_t)options->text_size, (uint32_t)options->connections, err) == 0 &&
			measure(run, options, &meter, err) == 0) {
			fill_report(run, options, &meter, report);
			result = pairs_judge(&run->pairs, report->note, sizeof(report->note), err);
		}
		stage_close(&run->stage);
	}
	pairs_release(&run->pairs);
	free(run);
	return result;
}
