/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other servers under the load that ours gets, in turns with it in the same run: what a machine can
 * do changes from minute to minute, the ratio of two servers on it hardly does. They encrypt and
 * store nothing: a message broker, and a bare relay that only moves packets of our size, which is
 * the floor for any server.
 */
#ifndef BENCH_RIVAL_H
#define BENCH_RIVAL_H

#include "base/buf.h"
#include "bench/histogram.h"
#include "bench/process.h"
#include "net/loop.h"

enum rival_kind { RIVAL_RELAY, RIVAL_MOSQUITTO_0, RIVAL_MOSQUITTO_1, RIVAL_KINDS };

/* Each topic has one writer, who keeps some posts in flight, and `members` readers. A post is over
 * when it was acknowledged (where that is done at all) and every reader has it. */
struct rival_load {
	uint32_t topics, members, in_flight;
	size_t size; /* of a post */
};

#define RIVAL_IN_FLIGHT_MAX 64

/* Sums over all turns. */
struct rival_figures {
	uint64_t deliveries;
	struct meter meter;
	struct histogram last; /* post to the last reader */
};

struct rival;

const char *rival_name(enum rival_kind kind);
/* Starts the server and connects everybody. NULL with *err. */
struct rival *rival_open(enum rival_kind kind, struct loop *loop, const struct rival_load *load,
	const char *scratch, struct err *err);
/* Plays for so long after a warm-up, adds to the figures, and waits until nothing is in flight. */
MUST_CHECK int rival_play(
	struct rival *rival, int64_t play_ms, struct rival_figures *figures, struct err *err);
/* Ends the server. NULL is fine. */
void rival_close(struct rival *rival);

/* ---- How to speak to one: a row per protocol ---- */

enum rival_event {
	RIVAL_NOTHING,
	RIVAL_READY,   /* connected; for a reader: subscribed */
	RIVAL_ARRIVED, /* *payload lies in the input */
	RIVAL_ACKNOWLEDGED,
	RIVAL_BAD,
};

struct rival_wire {
	bool acknowledges; /* posts */
	void (*hello)(struct buf *out, uint32_t topic, bool writer);
	void (*post)(struct buf *out, uint32_t topic, uint16_t id, struct bytes payload);
	/* The first thing in the input: its size and what it is; 0 when it is not whole. What must
	 * be said in return is appended to *reply. */
	size_t (*take)(struct bytes in, bool writer, struct buf *reply, enum rival_event *event,
		struct bytes *payload);
};

extern const struct rival_wire rival_wire_relay, rival_wire_mqtt_0, rival_wire_mqtt_1;

/* In a child of its own: serves until its parent is gone. */
_Noreturn void rival_relay_run(int listener);

#endif
