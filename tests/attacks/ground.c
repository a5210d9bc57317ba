/* SPDX-License-Identifier: Apache-2.0 */
/* Checks, sizes, and the ground: its talk is paced by the clock, not by the answers, as people's
 * is. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "attacks/attack.h"
#include "base/mem.h"

#define PACE_MS 5
#define WAITING_MAX 32 /* of a pair: beyond it a slow server would be asked ever more */
#define LOG_INS_AT_ONCE 32
#define TEXT_MAX 100

static unsigned failed;

static void say(const char *prefix, const char *format, va_list args)
{
	printf("%s ", prefix);
	vprintf(format, args);
	putchar('\n');
	fflush(stdout);
}

bool check(bool truth, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(truth ? "ok" : "not ok", format, args);
	va_end(args);
	failed += !truth;
	return truth;
}

void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("  #", format, args);
	va_end(args);
}

unsigned checks_failed(void)
{
	return failed;
}

uint32_t attack_size(
	const struct attack_options *options, int64_t asked, uint32_t whole, uint32_t small)
{
	if (asked)
		return (uint32_t)asked;
	return options->full ? whole : small;
}

int64_t attack_ms(const struct attack_options *options, uint32_t whole_s, uint32_t small_s)
{
	return (int64_t)1000 * attack_size(options, options->seconds, whole_s, small_s);
}

/* ---- Life ---- */

static int make_ready(
	struct ground *ground, uint32_t accounts, unsigned junk_processes, struct err *err)
{
	ground->stage.server.output.fd = -1;
	timer_init(&ground->pace, NULL);
	if (junk_open(&ground->junk, junk_processes, err) < 0)
		return -1;
	if (stage_open(&ground->stage, &ground->bench, accounts, err) < 0)
		return -1;
	ground->junk.board->port = (uint16_t)ground->stage.server.port;
	return pairs_open(
		&ground->pairs, &ground->stage, accounts / 2, 1, TEXT_MAX, LOG_INS_AT_ONCE, err);
}

struct ground *ground_new(const struct attack_options *options, uint32_t accounts,
	unsigned junk_processes, const char *settings, struct err *err)
{
	struct ground *ground = MEM_NEW(struct ground);

	ground->bench = options->bench;
	ground->bench.settings = settings;
	if (make_ready(ground, accounts, junk_processes, err) == 0)
		return ground;
	ground_free(ground);
	return NULL;
}

void ground_free(struct ground *ground)
{
	if (!ground)
		return;
	junk_close(&ground->junk);
	timer_stop(&ground->pace);
	if (ground->stage.loop)
		stage_close(&ground->stage);
	pairs_release(&ground->pairs);
	free(ground);
}

int64_t ground_rss_kib(struct ground *ground)
{
	int64_t kib;

	/* Only root may make the mark begin again; for others it is a bound from above. */
	process_forget_peak(ground->stage.server.messenger);
	kib = process_peak_kib(ground->stage.server.messenger);
	check(kib > 0, "the messenger is alive");
	return kib;
}

int64_t ground_peak_kib(struct ground *ground)
{
	return process_peak_kib(ground->stage.server.messenger);
}

/* ---- Talk ---- */

static void on_pace(struct timer *timer)
{
	struct ground *ground = LIST_OWNER(timer, struct ground, pace);
	struct pairs *pairs = &ground->pairs;
	uint64_t due;

	if (!ground->every_us || !pairs->count)
		return;
	due = (uint64_t)(now_us() - ground->begun_us) * pairs->count / (uint64_t)ground->every_us;
	for (; ground->due < due; ground->due++) {
		struct pair *pair = &pairs->at[ground->due % pairs->count];

		if (pair->waiting < WAITING_MAX)
			pair_send(pair);
		else
			ground->held_back++;
	}
	loop_timer_start(ground->stage.loop, &ground->pace, PACE_MS);
}

void ground_talk(struct ground *ground, int64_t every_ms)
{
	ground->every_us = every_ms * 1000;
	ground->begun_us = now_us();
	ground->due = 0;
	timer_init(&ground->pace, on_pace);
	loop_timer_start(ground->stage.loop, &ground->pace, 0);
}

int ground_run(struct ground *ground, int64_t ms, struct histogram *into, struct err *err)
{
	int result;

	ground->pairs.to_arrival = into;
	result = peers_run(&ground->stage.peers, NULL, NULL, ms, err);
	ground->pairs.to_arrival = NULL;
	return result;
}

int ground_judge(struct ground *ground, const char *beside_what, struct err *err)
{
	char counts[256];
	struct err why;
	int judged;

	ground->every_us = 0;
	if (pairs_settle(&ground->pairs, err) < 0)
		return -1;
	judged = pairs_judge(&ground->pairs, counts, sizeof(counts), &why);
	note("%s; %llu held back", counts, (unsigned long long)ground->held_back);
	check(judged == 0, "beside %s %u sessions lose nothing", beside_what,
		2 * ground->pairs.count);
	check(ground->pairs.sent > 0, "beside %s they did talk", beside_what);
	return 0;
}
