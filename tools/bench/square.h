/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public channel that a scenario plays in: account 0 makes it, or finds it in a data folder of
 * lontar-fill, and all others join.
 */
#ifndef BENCH_SQUARE_H
#define BENCH_SQUARE_H

#include "bench/bench.h"

#define SQUARE_NAME "bench_fanout_channel"

struct square {
	struct tl_inputChannel *channels; /* as each account names it */
	struct fleet *fleet;
};

/* Logs all accounts in. Released also when it fails. */
MUST_CHECK int square_open(struct square *square, struct fleet *fleet,
	const struct bench_options *options, struct err *err);
void square_release(struct square *square);
/* As its owner, and as any account, names it. */
struct tl_inputPeerChannel square_peer(const struct square *square);
struct tl_inputPeerChannel square_peer_of(
	const struct square *square, const struct account *account);

#endif
