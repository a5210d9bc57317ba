/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slowness in every stage of a connection: one byte each few seconds, or none. Nobody may stay
 * longer than the deadline of the stage, whatever it drips.
 */
#include "attacks/attack.h"

#define EACH 20		 /* connections of a kind */
#define GRACE_MS 4000	 /* a busy machine and the ticks of timers */
#define STRANGER_MS 8000 /* as the settings below say */

/* Deadlines are those that an operator sets, made short; what is not a setting is waited for. */
static const char settings[] =
	"[server]\nnewcomer_s = 8\nhello_s = 8\nframe_s = 8\nhttp_head_s = 8\n[metrics]\nport = 0\n"
	"[log]\nlevel = warn\n";

/* Those that are over well within the short form, and one that needs patience. */
static const struct {
	enum junk_kind kind;
	int64_t deadline_ms;
} stages[] = {
	{JUNK_SILENT, STRANGER_MS},
	{JUNK_SLOW_TLS, STRANGER_MS},
	{JUNK_SLOW_HEADER, STRANGER_MS},
	{JUNK_SLOW_FRAME, STRANGER_MS},
	{JUNK_SLOW_HANDSHAKE, STRANGER_MS},
	{JUNK_SLOW_WEBSOCKET, STRANGER_MS},
	{JUNK_SLOW_HTTP_HEAD, STRANGER_MS},
	{JUNK_SLOW_HTTP_BODY, STRANGER_MS},
};

static int play(struct ground *ground, struct err *err)
{
	struct junk_board *board = ground->junk.board;

	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		board->wanted[stages[i].kind] = EACH;
		board->every_ms[stages[i].kind] = 1000;
	}
	board->again_ms = 3600 * 1000;
	board->addresses = 100;
	ground_talk(ground, 500);
	junk_start(&ground->junk);
	if (ground_run(ground, STRANGER_MS + GRACE_MS + 2000, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		const struct junk_counts *counts = &board->counts[stages[i].kind];

		note("%s: %lld opened, %lld cut, the longest lived %.1f s",
			junk_kind_name(stages[i].kind), (long long)counts->opened,
			(long long)counts->cut, (double)counts->longest_ms / 1000);
		check(counts->opened == EACH && counts->cut == EACH &&
				counts->longest_ms < stages[i].deadline_ms + GRACE_MS,
			"%s: cut by its deadline", junk_kind_name(stages[i].kind));
	}
	return ground_judge(ground, "slow strangers", err);
}

int attack_slow(const struct attack_options *options, struct err *err)
{
	struct ground *ground = ground_new(options, 10, 1, settings, err);
	int result = ground ? play(ground, err) : -1;

	ground_free(ground);
	return result;
}
