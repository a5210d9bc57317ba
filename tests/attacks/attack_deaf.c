/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions that hear updates and stop reading, while their account is written to without pause:
 * what waits for them is bounded, and the account's other session misses nothing.
 */
#include <stdlib.h>

#include "attacks/attack.h"
#include "attacks/striker.h"
#include "base/mem.h"
#include "tl/write.h"

#define RSS_GROWTH_KIB (128 << 10)
#define EVERY_MS 5
#define TEXT_SIZE 3900

static const char settings[] = "[server]\ncalls_per_s = 0\n[metrics]\nport = 0\n"
			       "[log]\nlevel = warn\n";

static void ask_for_updates(struct striker *striker)
{
	struct tl_updates_getState query = {.o.name = TL_updates_getState};
	struct buf body = {0};

	tl_write_object(&body, &query.o, PEER_LAYER);
	striker_send(striker, buf_bytes(&body));
	buf_release(&body);
}

static int play(
	struct ground *ground, struct striker *deaf, uint32_t count, int64_t ms, struct err *err)
{
	const struct peer *receiver = &ground->pairs.at[0].receiver->peer;
	int64_t before_kib, grown_kib;
	uint32_t asked = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (!striker_open(&deaf[i], receiver, TRANSPORT_INTERMEDIATE, true))
			return err_set(err, 0, "no connection");
		ask_for_updates(&deaf[i]);
	}
	if (ground_run(ground, 1000, NULL, err) < 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		asked += deaf[i].results > 0;
		striker_go_deaf(&deaf[i]);
	}
	check(asked == count, "%u sessions hear updates, then nothing", count);
	before_kib = ground_rss_kib(ground);
	ground->pairs.words.size_min = ground->pairs.words.size_max = TEXT_SIZE;
	ground_talk(ground, EVERY_MS);
	if (ground_run(ground, ms, NULL, err) < 0)
		return -1;
	grown_kib = ground_peak_kib(ground) - before_kib;
	note("%llu messages of %d bytes to %u deaf sessions; the messenger grew by %.1f MiB",
		(unsigned long long)ground->pairs.sent, TEXT_SIZE, count, (double)grown_kib / 1024);
	check(grown_kib < RSS_GROWTH_KIB, "memory grows by less than %d MiB", RSS_GROWTH_KIB >> 10);
	return ground_judge(ground, "deaf sessions", err);
}

int attack_deaf(const struct attack_options *options, struct err *err)
{
	uint32_t count = attack_size(options, options->junk, 90, 30);
	int64_t ms = attack_ms(options, 30, 5);
	struct striker *deaf = mem_zalloc(count, sizeof(*deaf));
	struct ground *ground = ground_new(options, 2, 0, settings, err);
	int result = ground ? play(ground, deaf, count, ms, err) : -1;

	for (uint32_t i = 0; i < count; i++)
		striker_close(&deaf[i]);
	ground_free(ground);
	free(deaf);
	return result;
}
