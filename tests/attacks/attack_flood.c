/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More connections than the server takes, and more than it has descriptors for: silent ones, that
 * come again whenever they are closed. And frames that are announced and not finished.
 */
#include "attacks/newcomer.h"

#define RECOVERY_MS 5000
#define ROOM 600
#define ADDRESSES 5000

static const char few_connections[] =
	"[server]\nconnections_max = 600\nnewcomers_max = 5000\n[metrics]\nport = 0\n"
	"[log]\nlevel = error\n";
static const char few_newcomers[] = "[server]\nnewcomers_max = 300\n[metrics]\nport = 0\n"
				    "[log]\nlevel = error\n";
static const char usual[] = "[metrics]\nport = 0\n[log]\nlevel = error\n";

struct flood {
	const char *name, *settings;
	int64_t files_max;
	enum junk_kind kind;
};

static const struct flood floods[] = {
	{"more connections than there may be", few_connections, 0, JUNK_SILENT},
	{"more newcomers than there may be", few_newcomers, 0, JUNK_HALF},
	{"more connections than descriptors", usual, ROOM, JUNK_SILENT},
	{"long frames that do not end", usual, 0, JUNK_BIG_FRAME},
};

static int play(struct ground *ground, const struct flood *flood, uint32_t junk, int64_t ms,
	struct err *err)
{
	struct junk_board *board = ground->junk.board;
	pid_t messenger = ground->stage.server.messenger;
	int64_t before_kib, during_ms, after_ms;

	board->wanted[flood->kind] = junk;
	board->again_ms = 500;
	board->addresses = ADDRESSES;
	ground_talk(ground, 500);
	if (ground_run(ground, 1000, NULL, err) < 0)
		return -1;
	before_kib = ground_rss_kib(ground);
	junk_start(&ground->junk);
	if (ground_run(ground, ms, NULL, err) < 0)
		return -1;
	during_ms = newcomer_takes_ms(ground, 20000);
	note("%s: %lld opened, %lld cut, %lld open; the messenger grew by %.1f MiB; a newcomer "
	     "took %lld ms",
		flood->name, (long long)board->counts[flood->kind].opened,
		(long long)board->counts[flood->kind].cut,
		(long long)board->counts[flood->kind].open,
		(double)(ground_peak_kib(ground) - before_kib) / 1024, (long long)during_ms);
	check(during_ms >= 0, "%s: an honest newcomer gets in", flood->name);
	check(ground_peak_kib(ground) - before_kib < 64 << 10,
		"%s: memory grows by less than 64 MiB", flood->name);
	junk_stop(&ground->junk);
	after_ms = newcomer_takes_ms(ground, RECOVERY_MS);
	check(after_ms >= 0, "%s: afterwards all is well within 5 s", flood->name);
	check(process_child(ground->stage.server.supervisor, "messenger") == messenger,
		"%s: the messenger is the same", flood->name);
	return ground_judge(ground, flood->name, err);
}

int attack_flood(const struct attack_options *options, struct err *err)
{
	uint32_t junk = attack_size(options, options->junk, 10000, 2000);
	int64_t ms = attack_ms(options, 20, 3);
	int result = 0;

	for (size_t i = 0; i < ARRAY_LEN(floods) && result == 0; i++) {
		struct attack_options with = *options;
		struct ground *ground;

		with.bench.files_max = floods[i].files_max;
		ground = ground_new(&with, 20, 2, floods[i].settings, err);
		result = ground ? play(ground, &floods[i], junk, ms, err) : -1;
		ground_free(ground);
	}
	return result;
}
