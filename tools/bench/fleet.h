/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts that sign up by phone number and code, many at the same time, each on a connection of
 * its own that stays. Numbers are +999 (a calling code that no country has) and the index.
 */
#ifndef BENCH_FLEET_H
#define BENCH_FLEET_H

#include "bench/peer.h"
#include "bench/server.h"

#define FLEET_CODE_HASH_MAX 64

struct fleet;

struct account {
	struct peer peer;
	struct fleet *fleet;
	uint32_t index;
	char phone[16], code[16], code_hash[FLEET_CODE_HASH_MAX];
	int64_t user_id; /* 0: not logged in yet */
	void *role;	 /* of the scenario */
};

struct fleet {
	struct peers *peers;
	struct account *accounts;
	uint32_t count, started, logged_in, goal;
	/* Updates after log-in; may be NULL. */
	void (*update)(struct account *account, const struct tl_object *update);

	/* of fleet_each() */
	void (*step)(struct account *account);
	uint32_t step_next, step_stride, steps_running;
};

void fleet_init(struct fleet *fleet, struct peers *peers, uint32_t count);
/* Closes all connections. */
void fleet_release(struct fleet *fleet);
/* Until the first `goal` accounts are in, `parallel` at a time. The server's codes come to
 * fleet_take_code(). */
MUST_CHECK int fleet_log_in(struct fleet *fleet, uint32_t goal, uint32_t parallel, struct err *err);
void fleet_take_code(struct fleet *fleet, const char *phone, const char *code);

/* Runs step(account) for every stride-th account from the first on, `parallel` of them at a time.
 * A step makes calls and ends, in one of their callbacks, with fleet_step_done(). */
MUST_CHECK int fleet_each(struct fleet *fleet, uint32_t first, uint32_t stride, uint32_t parallel,
	void (*step)(struct account *account), struct err *err);
void fleet_step_done(struct fleet *fleet);

/* For calls that must succeed: false after failing the run with method and error. */
bool fleet_answered(
	struct peer *peer, const struct peer_answer *answer, const char *what) MUST_CHECK;

#endif
