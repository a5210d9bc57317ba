/* SPDX-License-Identifier: Apache-2.0 */
/* New keys: each connection makes one, closes, and another takes its place. */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

struct handshakes {
	struct stage stage;
	struct slot *slots;
	bool measuring, stopping;
	uint64_t made;
	struct histogram took;
};

struct slot {
	struct peer peer;
	struct handshakes *run;
	int64_t from_us;
	bool ready;
};

static void slot_open(struct slot *slot);

static void on_ready(struct peer *peer)
{
	struct slot *slot = peer->owner;

	slot->ready = true;
	if (slot->run->measuring) {
		slot->run->made++;
		histogram_add(&slot->run->took, now_us() - slot->from_us);
	}
	conn_close(peer->conn);
}

/* At the end of the round, so the peer is not in use and can begin anew. */
static void on_closed(struct peer *peer)
{
	struct slot *slot = peer->owner;

	if (!slot->ready) {
		peers_fail(peer->peers, "the server closed during a handshake");
		return;
	}
	if (slot->run->stopping)
		return;
	peer_release(peer);
	slot_open(slot);
}

static const struct peer_ops ops = {.ready = on_ready, .closed = on_closed};

static void slot_open(struct slot *slot)
{
	slot->ready = false;
	slot->from_us = now_us();
	peer_open(&slot->peer, &slot->run->stage.peers, &ops, slot);
}

/* A server that runs already instead of our own. */
static int stage_of_running(
	struct stage *stage, const struct bench_options *options, struct err *err)
{
	memset(stage, 0, sizeof(*stage));
	stage->server.output.fd = -1;
	if (!options->key || !options->port)
		return err_set(err, 0, "--port and --key belong together");
	stage->loop = loop_new(err);
	if (!stage->loop)
		return -1;
	if (peers_init(&stage->peers, stage->loop, (uint16_t)options->port, options->key, err) <
		0) {
		stage_close(stage);
		return -1;
	}
	stage->peers.interrupted = &bench_interrupted;
	stage->server.messenger = (pid_t)options->pid;
	return 0;
}

static int measure(struct handshakes *run, const struct bench_options *options, struct meter *meter,
	struct err *err)
{
	struct peers *peers = &run->stage.peers;

	peers->expires_in = options->temporary ? 86400 : 0;
	if (peers_run(peers, NULL, NULL, options->quiet * 1000, err) < 0)
		return -1;
	for (int64_t i = 0; i < options->connections; i++) {
		run->slots[i].run = run;
		slot_open(&run->slots[i]);
	}
	/* The first second warms up. */
	if (peers_run(peers, NULL, NULL, 1000, err) < 0)
		return -1;
	run->measuring = true;
	meter_start(meter, run->stage.server.messenger);
	if (peers_run(peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(meter);
	run->measuring = false;
	return run->made ? 0 : err_set(err, 0, "no handshake succeeded");
}

static void fill_report(const struct handshakes *run, const struct bench_options *options,
	const struct meter *meter, struct report *report)
{
	double made = (double)run->made;

	report_setting(report, "connections", options->connections);
	report_setting(report, "seconds", options->seconds);
	report_setting(report, "temporary", options->temporary);
	report_setting(report, "quiet", options->quiet);
	report_value(report, "handshakes", made * 1e6 / (double)meter->wall_us, "/s", NULL);
	stage_report_cpu(meter, report, "", run->made, "handshake", NULL);
	if (meter->pid)
		report_value(report, "handshakes per server core",
			made * 1e6 / (double)meter->server_us, "/s", "240");
	report_histogram(report, "connect to key", &run->took);
	report_note(report, "the load generator does its own half of the mathematics on the same "
			    "machine; the figure per server core is what the server can do");
}

int scenario_handshakes(const struct bench_options *options, struct report *report, struct err *err)
{
	struct handshakes *run = MEM_NEW(struct handshakes);
	struct meter meter;
	int result;

	run->slots = mem_zalloc((size_t)options->connections, sizeof(*run->slots));
	result = options->port || options->key ? stage_of_running(&run->stage, options, err)
					       : stage_open(&run->stage, options, 0, err);
	if (result == 0) {
		result = measure(run, options, &meter, err);
		run->stopping = true;
		for (int64_t i = 0; i < options->connections; i++) {
			peer_close(&run->slots[i].peer);
			peer_release(&run->slots[i].peer);
		}
		stage_close(&run->stage);
	}
	if (result == 0)
		fill_report(run, options, &meter, report);
	free(run->slots);
	free(run);
	return result;
}
