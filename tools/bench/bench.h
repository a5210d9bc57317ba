/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scenarios of the load generator and the stage that they play on: a server of our own, a loop,
 * peers and accounts. Everything is bounded in count and time and stays on loopback.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <signal.h>

#include "bench/fleet.h"
#include "bench/options.h"
#include "bench/process.h"
#include "bench/report.h"

/* A row of the table in main.c. run fills the report; -1 with *err: nothing can be reported, or
 * what was promised was broken (a message lost). */
struct scenario {
	const char *name, *summary, *example;
	int (*run)(const struct bench_options *options, struct report *report, struct err *err);
	struct bench_options defaults;
};

int scenario_handshakes(
	const struct bench_options *options, struct report *report, struct err *err);
int scenario_send(const struct bench_options *options, struct report *report, struct err *err);
int scenario_fanout(const struct bench_options *options, struct report *report, struct err *err);
int scenario_takedown(const struct bench_options *options, struct report *report, struct err *err);
int scenario_idle(const struct bench_options *options, struct report *report, struct err *err);
int scenario_timing(const struct bench_options *options, struct report *report, struct err *err);
int scenario_store(const struct bench_options *options, struct report *report, struct err *err);
int scenario_ige(const struct bench_options *options, struct report *report, struct err *err);

/* What each program of ours does first: Ctrl-C is heard, the log is quiet, and there are as many
 * descriptors as the system lets us have. */
void bench_prepare(void);
/* Not 0 after Ctrl-C. */
extern volatile sig_atomic_t bench_interrupted;

struct stage {
	const struct bench_options *options;
	struct loop *loop;
	struct server server;
	struct peers peers;
	struct fleet fleet;
};

/* Starts the server; the accounts are there but not logged in. Closed also when this fails. */
MUST_CHECK int stage_open(struct stage *stage, const struct bench_options *options,
	uint32_t accounts, struct err *err);
void stage_close(struct stage *stage);
/* Processor time of both sides over a stretch, per thing that was done in it ("message"; NULL:
 * nothing is counted). part tells stretches of one run apart; "" if there is one. */
void stage_report_cpu(const struct meter *meter, struct report *report, const char *part,
	uint64_t things, const char *thing, const char *aim);

#endif
