/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flood of the step of a handshake that costs the server most, from many addresses and far beyond
 * what the machine can do, beside clients that talk and clients that log in. Each log-in makes a
 * key, so it needs the same scarce step.
 */
#include <stdlib.h>

#include "attacks/attack.h"
#include "base/mem.h"

#define TALK_EVERY_MS 1000
#define LOG_IN_EVERY_MS 200
/* A client that was told to wait, or closed, tries again: so do these. */
#define LOG_IN_TRIES 6
#define LOG_IN_AGAIN_MS 500

struct comer {
	struct peer peer;
	struct comers *of;
	struct timer again;
	int64_t from_us;
	unsigned tries;
	bool ready;
};

struct comers {
	struct peers peers; /* not the ground's: their failures are counted, not fatal */
	struct comer *at;
	uint32_t count, next;
	struct timer pace;
	struct histogram took;
	uint32_t made, lost, again;
};

static void comer_call(struct comer *comer);

static void on_ready(struct peer *peer)
{
	struct comer *comer = peer->owner;

	comer->ready = true;
	comer->of->made++;
	histogram_add(&comer->of->took, now_us() - comer->from_us);
	conn_close(peer->conn);
}

static void on_closed(struct peer *peer)
{
	struct comer *comer = peer->owner;

	if (comer->ready)
		return;
	if (comer->tries >= LOG_IN_TRIES) {
		comer->of->lost++;
		return;
	}
	comer->of->again++;
	loop_timer_start(comer->of->peers.loop, &comer->again, LOG_IN_AGAIN_MS);
}

static const struct peer_ops ops = {.ready = on_ready, .closed = on_closed};

static void comer_call(struct comer *comer)
{
	comer->tries++;
	peer_open(&comer->peer, &comer->of->peers, &ops, comer);
}

static void on_again(struct timer *timer)
{
	struct comer *comer = LIST_OWNER(timer, struct comer, again);

	peer_release(&comer->peer);
	comer_call(comer);
}

static void on_pace(struct timer *timer)
{
	struct comers *comers = LIST_OWNER(timer, struct comers, pace);
	struct comer *comer;

	if (comers->next == comers->count)
		return;
	comer = &comers->at[comers->next++];
	comer->of = comers;
	timer_init(&comer->again, on_again);
	comer->from_us = now_us();
	comer_call(comer);
	loop_timer_start(comers->peers.loop, timer, LOG_IN_EVERY_MS);
}

static int comers_open(
	struct comers *comers, struct ground *ground, uint32_t count, struct err *err)
{
	char key[300];

	server_key_path(&ground->stage.server, key, sizeof(key));
	comers->count = count;
	comers->at = mem_zalloc(count, sizeof(*comers->at));
	timer_init(&comers->pace, on_pace);
	return peers_init(
		&comers->peers, ground->stage.loop, (uint16_t)ground->stage.server.port, key, err);
}

static void comers_close(struct comers *comers)
{
	timer_stop(&comers->pace);
	for (uint32_t i = 0; i < comers->next; i++) {
		timer_stop(&comers->at[i].again);
		peer_close(&comers->at[i].peer);
		peer_release(&comers->at[i].peer);
	}
	peers_release(&comers->peers);
	free(comers->at);
}

static void tell(const char *when, const struct histogram *talk, const struct comers *comers)
{
	note("%s: p50 %.2f ms, p99 %.2f ms to arrival; %u keys made, %u tried again, %u given up; "
	     "connect to key p50 %.1f ms, p99 %.1f ms",
		when, (double)histogram_percentile_us(talk, 0.5) / 1000,
		(double)histogram_percentile_us(talk, 0.99) / 1000, comers->made, comers->again,
		comers->lost, (double)histogram_percentile_us(&comers->took, 0.5) / 1000,
		(double)histogram_percentile_us(&comers->took, 0.99) / 1000);
}

/* Talk and log-ins for ms; how the log-ins went is in *comers. */
static int measure(
	struct ground *ground, struct comers *comers, int64_t ms, const char *when, struct err *err)
{
	struct histogram *talk = MEM_NEW(struct histogram);
	int result = -1;

	memset(comers, 0, sizeof(*comers));
	if (comers_open(comers, ground, (uint32_t)(ms / LOG_IN_EVERY_MS), err) == 0) {
		loop_timer_start(ground->stage.loop, &comers->pace, 0);
		result = ground_run(ground, ms, talk, err);
		/* The last ones may finish. */
		if (result == 0)
			result = ground_run(ground, 5000, NULL, err);
		tell(when, talk, comers);
	}
	free(talk);
	comers_close(comers);
	return result;
}

static int play(struct ground *ground, uint32_t flood, int64_t ms, struct err *err)
{
	struct comers *comers = MEM_NEW(struct comers);
	struct junk_board *board = ground->junk.board;
	const struct junk_counts *counts = &board->counts[JUNK_DH];
	int64_t before;
	int result = -1;

	board->wanted[JUNK_DH] = flood;
	board->again_ms = 1;
	board->addresses = 10000;
	ground_talk(ground, TALK_EVERY_MS);
	if (measure(ground, comers, ms, "alone", err) < 0)
		goto out;
	junk_start(&ground->junk);
	before = counts->opened;
	if (measure(ground, comers, ms, "beside the flood", err) < 0)
		goto out;
	note("%.0f floods a second were begun",
		(double)(counts->opened - before) * 1000 / (double)(ms + 5000));
	check(comers->made * 100 >= comers->next * 99, "99 of 100 log-ins succeed (%u of %u)",
		comers->made, comers->next);
	junk_stop(&ground->junk);
	result = ground_judge(ground, "a flood of handshakes", err);
out:
	free(comers);
	return result;
}

int attack_handshakes(const struct attack_options *options, struct err *err)
{
	uint32_t sessions = attack_size(options, options->sessions, 200, 20) & ~1u;
	uint32_t flood = attack_size(options, options->junk, 1000, 200);
	int64_t ms = attack_ms(options, 30, 5);
	struct ground *ground = ground_new(options, sessions, 1, NULL, err);
	int result = ground ? play(ground, flood, ms, err) : -1;

	ground_free(ground);
	return result;
}
