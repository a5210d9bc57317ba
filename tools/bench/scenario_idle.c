/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of the messenger per session that is logged in and does nothing. A first group is only for
 * filling caches and pools; the second is measured as the difference. Then its accounts open
 * further sessions on their keys, one after the other: what these take is the session and its
 * connection alone, without the account's key and rows in the caches.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

#define WARM_UP_SHARE 5 /* a fifth of the sessions, */
#define WARM_UP_MIN 100 /* at least these */
#define SETTLE_MS 1500
#define PATIENCE_MS 120000

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

/* ---- Further sessions ---- */

struct further {
	struct stage *stage;
	struct peer *peers;
	uint32_t count, opened, ready;
	uint32_t first, accounts; /* whose they are */
};

static void open_next(struct further *further);

static void on_further_state(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct further *further = peer->owner;

	if (!fleet_answered(peer, answer, "updates.getState"))
		return;
	peer_flush_acks(peer);
	further->ready++;
	open_next(further);
}

static void on_further_ready(struct peer *peer)
{
	struct tl_updates_getState query = {.o.name = TL_updates_getState};

	peer_call(peer, &query.o, on_further_state, 0);
}

static const struct peer_ops further_ops = {.ready = on_further_ready};

static void open_next(struct further *further)
{
	struct fleet *fleet = &further->stage->fleet;
	uint32_t account = further->first + further->opened % further->accounts;

	if (further->opened == further->count)
		return;
	peer_open_known(&further->peers[further->opened++], &fleet->accounts[account].peer,
		&further_ops, further);
}

static bool all_ready(void *ctx)
{
	const struct further *further = ctx;

	return further->ready == further->count;
}

static int fill_further(struct further *further, struct process_memory *memory, struct err *err)
{
	struct stage *stage = further->stage;

	for (int64_t i = 0; i < stage->options->connections; i++)
		open_next(further);
	if (peers_run(&stage->peers, all_ready, further, PATIENCE_MS, err) < 0)
		return -1;
	for (uint32_t i = 0; i < further->count; i++)
		peer_flush_acks(&further->peers[i]);
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

static int play(struct further *further, const struct bench_options *options, struct report *report,
	struct err *err)
{
	struct process_memory before, after, more;
	struct stage *stage = further->stage;
	struct meter meter;

	if (fill(stage, further->first, &before, err) < 0 ||
		fill(stage, stage->fleet.count, &after, err) < 0 ||
		fill_further(further, &more, err) < 0)
		return -1;
	meter_start(&meter, stage->server.messenger);
	if (peers_run(&stage->peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(&meter);
	report_setting(report, "sessions", options->sessions);
	report_setting(report, "more", further->count);
	report_setting(report, "seconds", options->seconds);
	report_memory(report, "new account and session", &before, &after, further->accounts, NULL);
	report_memory(report, "further session of it", &after, &more, further->count, "1");
	report_value(report, "connections in all", stage->fleet.count + further->count, "", NULL);
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
	struct further further = {.stage = stage,
		.count = (uint32_t)(options->more ? options->more : options->sessions),
		.first = (uint32_t)(options->sessions / WARM_UP_SHARE),
		.accounts = (uint32_t)options->sessions};
	int result = -1;

	further.peers = mem_zalloc(further.count, sizeof(*further.peers));
	if (further.first < WARM_UP_MIN)
		further.first = WARM_UP_MIN;
	if (stage_open(stage, options, further.first + further.accounts, err) == 0) {
		result = play(&further, options, report, err);
		for (uint32_t i = 0; i < further.opened; i++) {
			peer_close(&further.peers[i]);
			peer_release(&further.peers[i]);
		}
		stage_close(stage);
	}
	free(further.peers);
	free(stage);
	return result;
}
