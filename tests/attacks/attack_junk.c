/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Junk of every kind beside sessions that talk. They are measured alone and beside the junk, by
 * turns; the ratio of the two is told, and that nothing was lost is checked. Times are not: a
 * shared machine would make the check a lottery.
 */
#include <stdlib.h>

#include "attacks/attack.h"
#include "base/mem.h"

#define TALK_EVERY_MS 2000
#define WARM_UP_MS 1500
#define TURNS 3
#define RSS_PER_JUNK_KIB 16 /* a junk connection may cost the messenger so much */
#define RSS_SLACK_KIB (16 << 10)
#define ADDRESSES 2500 /* four connections each */

/* Of a hundred connections. */
static const struct {
	enum junk_kind kind;
	uint32_t share;
} mixture[] = {
	{JUNK_SILENT, 20},
	{JUNK_RANDOM, 15},
	{JUNK_HALF, 20},
	{JUNK_VICTIM, 10},
	{JUNK_HTTP, 10},
	{JUNK_WEBSOCKET, 2},
	{JUNK_TLS, 5},
	{JUNK_SLOW_HEADER, 6},
	{JUNK_SLOW_FRAME, 6},
	{JUNK_SLOW_HTTP_HEAD, 6},
};

static void order(struct junk_board *board, struct ground *ground, uint32_t junk)
{
	for (size_t i = 0; i < ARRAY_LEN(mixture); i++)
		board->wanted[mixture[i].kind] = junk * mixture[i].share / 100;
	board->again_ms = 5000;
	board->addresses = ADDRESSES;
	for (uint32_t i = 0; i < ground->stage.fleet.logged_in && i < ARRAY_LEN(board->victims);
		i++)
		board->victims[board->victim_count++] =
			ground->stage.fleet.accounts[i].peer.client.key.id;
}

static void tell_counts(const struct junk_board *board)
{
	for (int kind = 0; kind < JUNK_KINDS; kind++) {
		const struct junk_counts *counts = &board->counts[kind];

		if (board->wanted[kind])
			note("%-24s %6u wanted, %6lld open, %7lld opened, %7lld cut, longest %.1f "
			     "s",
				junk_kind_name((enum junk_kind)kind), board->wanted[kind],
				(long long)counts->open, (long long)counts->opened,
				(long long)counts->cut, (double)counts->longest_ms / 1000);
	}
}

static void tell_times(const struct histogram *alone, const struct histogram *beside)
{
	double before = (double)histogram_percentile_us(alone, 0.99) / 1000,
	       after = (double)histogram_percentile_us(beside, 0.99) / 1000;

	note("p99 from sending to arrival: %.2f ms alone, %.2f ms beside junk: %.2f times", before,
		after, before > 0 ? after / before : 0);
	note("p50: %.2f ms alone, %.2f ms beside junk",
		(double)histogram_percentile_us(alone, 0.5) / 1000,
		(double)histogram_percentile_us(beside, 0.5) / 1000);
}

static int play(struct ground *ground, uint32_t junk, int64_t ms, struct err *err)
{
	struct histogram *alone = MEM_NEW(struct histogram), *beside = MEM_NEW(struct histogram);
	int64_t before_kib = 0, after_kib;
	struct meter meter;
	int result = -1;

	order(ground->junk.board, ground, junk);
	ground_talk(ground, TALK_EVERY_MS);
	/* Taking turns, so that a machine whose other work comes and goes is fair to both. */
	for (int turn = 0; turn < TURNS; turn++) {
		junk_stop(&ground->junk);
		if (ground_run(ground, WARM_UP_MS, NULL, err) < 0 ||
			ground_run(ground, ms / TURNS, alone, err) < 0)
			goto out;
		if (turn == 0)
			before_kib = ground_rss_kib(ground);
		meter_start(&meter, ground->stage.server.messenger);
		junk_start(&ground->junk);
		if (ground_run(ground, WARM_UP_MS, NULL, err) < 0 ||
			ground_run(ground, ms / TURNS, beside, err) < 0)
			goto out;
		meter_stop(&meter);
	}
	after_kib = ground_peak_kib(ground);
	note("%lld junk connections open at the end; the messenger took %.2f cores, %.1f MiB more",
		(long long)junk_open_now(&ground->junk),
		(double)meter.server_us / (double)meter.wall_us,
		(double)(after_kib - before_kib) / 1024);
	tell_counts(ground->junk.board);
	tell_times(alone, beside);
	check(after_kib - before_kib < (int64_t)junk * RSS_PER_JUNK_KIB + RSS_SLACK_KIB,
		"junk connections cost the messenger little memory");
	result = ground_judge(ground, "junk", err);
	junk_stop(&ground->junk);
out:
	free(alone);
	free(beside);
	return result;
}

int attack_junk(const struct attack_options *options, struct err *err)
{
	uint32_t sessions = attack_size(options, options->sessions, 1000, 60) & ~1u;
	uint32_t junk = attack_size(options, options->junk, 10000, 1000);
	int64_t ms = attack_ms(options, 60, 6);
	struct ground *ground = ground_new(options, sessions, 2, NULL, err);
	int result = ground ? play(ground, junk, ms, err) : -1;

	ground_free(ground);
	return result;
}
