/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of the messenger per session that is logged in and does nothing. A first group is only for
 * filling caches and pools; the second is measured as the difference. Then each account of it opens
 * a second session on its key: what that takes is the session and its connection alone, without
 * the account's key and rows in the caches.
 */
#include <stdio.h>
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

static int settle(struct stage *stage, struct process_memory *memory, struct err *err)
{
	struct peers *peers = &stage->peers;

	if (peers_run(peers, NULL, NULL, SETTLE_MS, err) < 0)
		return -1;
	flush_acks(&stage->fleet);
	if (peers_run(peers, NULL, NULL, SETTLE_MS, err) < 0)
		return -1;
	return process_memory(stage->server.messenger, memory, err);
}

/* Logs in up to goal and reads the memory when all is quiet. */
static int fill(struct stage *stage, uint32_t goal, struct process_memory *memory, struct err *err)
{
	if (fleet_log_in(&stage->fleet, goal, (uint32_t)stage->options->connections, err) < 0)
		return -1;
	return settle(stage, memory, err);
}

/* ---- Second sessions ---- */

static void on_second_state(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;

	if (!fleet_answered(peer, answer, "updates.getState"))
		return;
	peer_flush_acks(peer);
	fleet_step_done(account->fleet);
}

static void on_second_ready(struct peer *peer)
{
	struct tl_updates_getState query = {.o.name = TL_updates_getState};

	peer_call(peer, &query.o, on_second_state, 0);
}

static const struct peer_ops second_ops = {.ready = on_second_ready};

static void open_second(struct account *account)
{
	peer_open_known(account->role, &account->peer, &second_ops, account);
}

static int fill_second(struct stage *stage, struct peer *second, uint32_t warm,
	struct process_memory *memory, struct err *err)
{
	struct fleet *fleet = &stage->fleet;

	for (uint32_t i = warm; i < fleet->count; i++)
		fleet->accounts[i].role = &second[i - warm];
	if (fleet_each(fleet, warm, 1, (uint32_t)stage->options->connections, open_second, err) < 0)
		return -1;
	return settle(stage, memory, err);
}

/* ---- Report ---- */

static void report_memory(struct report *report, const char *of,
	const struct process_memory *before, const struct process_memory *after, double sessions,
	const char *aim)
{
	char name[REPORT_NAME_MAX];

	snprintf(name, sizeof(name), "memory per %s, PSS", of);
	report_value(
		report, name, (double)(after->pss_kib - before->pss_kib) / sessions, "KiB", aim);
	snprintf(name, sizeof(name), "memory per %s, RSS", of);
	report_value(
		report, name, (double)(after->rss_kib - before->rss_kib) / sessions, "KiB", NULL);
}

static int play(struct stage *stage, const struct bench_options *options, struct peer *second,
	uint32_t warm, struct report *report, struct err *err)
{
	struct process_memory before, after, more;
	double sessions = (double)options->sessions;
	struct meter meter;

	if (fill(stage, warm, &before, err) < 0 ||
		fill(stage, warm + (uint32_t)options->sessions, &after, err) < 0 ||
		fill_second(stage, second, warm, &more, err) < 0)
		return -1;
	meter_start(&meter, stage->server.messenger);
	if (peers_run(&stage->peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(&meter);
	report_setting(report, "sessions", options->sessions);
	report_setting(report, "seconds", options->seconds);
	report_memory(report, "new account and session", &before, &after, sessions, NULL);
	report_memory(report, "second session of it", &after, &more, sessions, "1");
	report_value(report, "messenger in all, PSS", (double)more.pss_kib / 1024, "MiB", NULL);
	stage_report_cpu(&meter, report, "", 0, NULL, NULL);
	report_note(report,
		"each session has a connection of its own; kernel memory is not in it; "
		"with a new account come its key and its rows in the database's caches");
	return 0;
}

int scenario_idle(const struct bench_options *options, struct report *report, struct err *err)
{
	struct stage *stage = MEM_NEW(struct stage);
	struct peer *second = mem_zalloc((size_t)options->sessions, sizeof(*second));
	uint32_t warm = (uint32_t)(options->sessions / WARM_UP_SHARE);
	int result = -1;

	if (warm < WARM_UP_MIN)
		warm = WARM_UP_MIN;
	if (stage_open(stage, options, warm + (uint32_t)options->sessions, err) == 0) {
		result = play(stage, options, second, warm, report, err);
		for (int64_t i = 0; i < options->sessions; i++) {
			peer_close(&second[i]);
			peer_release(&second[i]);
		}
		stage_close(stage);
	}
	free(second);
	free(stage);
	return result;
}
