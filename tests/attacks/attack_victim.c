/* SPDX-License-Identifier: Apache-2.0 */
/* Packets of garbage under the auth_key_ids of those who talk: they must not feel it. */
#include "attacks/attack.h"

static int play(struct ground *ground, int64_t packets, struct err *err)
{
	struct junk_board *board = ground->junk.board;
	const struct junk_counts *counts = &board->counts[JUNK_VICTIM];
	int64_t until_us = now_us() + 120 * 1000000ll, cpu_us;

	board->wanted[JUNK_VICTIM] = 400;
	board->again_ms = 1;
	board->addresses = 5000;
	for (uint32_t i = 0; i < ground->stage.fleet.logged_in; i++)
		board->victims[board->victim_count++] =
			ground->stage.fleet.accounts[i].peer.client.key.id;
	ground_talk(ground, 500);
	cpu_us = process_cpu_us(ground->stage.server.messenger);
	junk_start(&ground->junk);
	while (counts->cut < packets && now_us() < until_us) {
		if (ground_run(ground, 200, NULL, err) < 0)
			return -1;
	}
	note("%lld packets of garbage, %.0f us of server CPU each, talk included",
		(long long)counts->cut,
		(double)(process_cpu_us(ground->stage.server.messenger) - cpu_us) /
			(double)counts->cut);
	check(counts->cut >= packets, "every garbage packet ends its own connection");
	junk_stop(&ground->junk);
	return ground_judge(ground, "garbage under their keys", err);
}

int attack_victim(const struct attack_options *options, struct err *err)
{
	int64_t packets = attack_size(options, options->junk, 100000, 5000);
	struct ground *ground = ground_new(options, 20, 2, NULL, err);
	int result = ground ? play(ground, packets, err) : -1;

	ground_free(ground);
	return result;
}
