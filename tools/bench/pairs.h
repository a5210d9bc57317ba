/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts in pairs, a sender and a receiver, and what became of each message between them: every
 * one is looked after from sending to arrival. When to send is the scenario's business.
 */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#include "bench/bench.h"
#include "bench/histogram.h"
#include "bench/words.h"

#define PAIRS_TEXT_MAX 4096

struct letter {
	int64_t sent_us;
	uint8_t acknowledged, arrived;
};

struct pair {
	struct pairs *of;
	struct account *sender, *receiver;
	struct tl_inputPeerUser to;
	struct letter *letters; /* by number */
	uint32_t count, capacity, waiting, next_expected;
};

struct pairs {
	struct stage *stage;
	struct pair *at;
	uint32_t count;
	struct words words;
	/* Of the whole run. */
	uint64_t sent, acknowledged, arrived, duplicates, strangers, out_of_order;
	struct histogram *to_ack, *to_arrival;	    /* NULL: not measured now */
	uint64_t measured_acks, measured_arrivals;  /* while a histogram was there */
	void (*on_acknowledged)(struct pair *pair); /* may be NULL */
};

/* The stage has 2 * count accounts: all of them log in, `parallel` at a time, and the senders find
 * their receivers by number. */
MUST_CHECK int pairs_open(struct pairs *pairs, struct stage *stage, uint32_t count, uint64_t seed,
	size_t text_max, uint32_t parallel, struct err *err);
void pairs_release(struct pairs *pairs);
void pair_send(struct pair *pair);
/* Waits until all that was sent is acknowledged and has arrived, but not for ever: -1 only if the
 * run failed. */
MUST_CHECK int pairs_settle(struct pairs *pairs, struct err *err);
/* -1: a message that was acknowledged did not arrive exactly once, or one was never answered. The
 * counts are in text whatever the result. */
MUST_CHECK int pairs_judge(const struct pairs *pairs, char *text, size_t size, struct err *err);

#endif
