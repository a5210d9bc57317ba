/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lontar-bench: the load generator. It speaks to a server as any client does and links nothing of
 * the store or of what stands on it: what it measures, it measures from outside.
 */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

static const struct scenario scenarios[] = {
	{"ige", "AES-256-IGE, GB/s: one stream, 8 lanes, portable", "lontar-bench ige",
		scenario_ige, {.seconds = 7}},
	{"timing", "whether the time of a refusal tells what was wrong",
		"lontar-bench timing --samples 1000000", scenario_timing, {.samples = 20000}},
	{"handshakes", "new keys per second, and server CPU per key",
		"lontar-bench handshakes --port 8443 --key data/server.pub.pem --pid 4711",
		scenario_handshakes, {.seconds = 10, .connections = 16}},
	{"send", "durable one-to-one messages, 20 pairs", "lontar-bench send --in-flight 4 --json",
		scenario_send,
		{.seconds = 10, .connections = 32, .pairs = 20, .in_flight = 16, .text_size = 200}},
	{"send-many", "the same with 2000 pairs", "lontar-bench send-many --pairs 5000",
		scenario_send,
		{.seconds = 10,
			.connections = 32,
			.pairs = 2000,
			.in_flight = 1,
			.text_size = 200}},
	{"fanout", "posts of a channel to 1000 members online",
		"lontar-bench fanout --members 100 --seconds 4", scenario_fanout,
		{.seconds = 10,
			.connections = 32,
			.members = 1000,
			.in_flight = 4,
			.text_size = 200}},
	{"takedown", "from a decision at the desk to the channel refused and 1000 members told",
		"lontar-bench takedown --members 10000", scenario_takedown,
		{.seconds = 10, .connections = 32, .members = 1000}},
	{"idle", "memory of the server per idle session",
		"lontar-bench idle --sessions 500 --more 5000", scenario_idle,
		{.seconds = 3, .connections = 32, .sessions = 2000}},
	{"store", "how long looking takes on a full data folder, which lontar-fill makes",
		"lontar-bench store --data /tmp/full", scenario_store,
		{.sessions = 20, .samples = 20}},
};

static void print_help(void)
{
	printf("Usage: lontar-bench SCENARIO [OPTIONS]\n\n"
	       "Measures a Lontar server on this machine, from outside. Starts one by itself with "
	       "temporary data.\n\nScenarios:\n");
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		printf("  %-11s %s\n", scenarios[i].name, scenarios[i].summary);
	printf("  %-11s each of them, one after the other\n\nOptions (each scenario has its own "
	       "defaults):\n",
		"all");
	options_print_help();
	printf("\nExamples:\n");
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		printf("  %s\n", scenarios[i].example);
}

/* The others measure what they make themselves. */
static bool takes_data(const struct scenario *scenario)
{
	return scenario->run == scenario_store || scenario->run == scenario_fanout;
}

/* 0, 1: it failed, 2: the command line is wrong. */
static int run(const struct scenario *scenario, int argc, char **argv)
{
	static struct report report;
	struct bench_options options = scenario->defaults;
	struct err err = {0};
	int result;

	options.seed = 1;
	if (options_parse(argc, argv, &options, &err) < 0) {
		fprintf(stderr, "lontar-bench: %s\n", err.text);
		return 2;
	}
	if (options.help) {
		print_help();
		return 0;
	}
	if (options.data && !takes_data(scenario)) {
		fprintf(stderr, "lontar-bench: %s takes no --data\n", scenario->name);
		return 2;
	}
	report_init(&report, scenario->name);
	result = scenario->run(&options, &report, &err);
	/* What was measured is shown also when a promise was broken. */
	if (result == 0 || report.value_count)
		report_print(&report, options.json);
	if (result < 0)
		fprintf(stderr, "lontar-bench %s: %s\n", scenario->name, err.text);
	return result < 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	int result = 0;

	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_help();
		return 0;
	}
	bench_prepare();
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
		if (strcmp(name, scenarios[i].name) == 0)
			return run(&scenarios[i], argc - 2, argv + 2);
		/* "store" needs a folder. */
		if (strcmp(name, "all") == 0 && !bench_interrupted &&
			scenarios[i].run != scenario_store)
			result |= run(&scenarios[i], argc - 2, argv + 2);
	}
	if (strcmp(name, "all") == 0)
		return result;
	fprintf(stderr, "There is no scenario '%s'. lontar-bench --help lists them.\n", name);
	return 2;
}
