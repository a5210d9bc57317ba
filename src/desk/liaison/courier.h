/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's one line to the messenger: methods of the Bot API on loopback, each line on a thread
 * of its own so that a slow answer holds up nobody else. What is to be done or said is in the
 * database: losing a call loses nothing. All functions are for the loop's thread.
 */
#ifndef DESK_COURIER_H
#define DESK_COURIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "net/loop.h"

struct courier;

struct courier_target {
	uint16_t port; /* on 127.0.0.1 */
	/* The messenger takes 127.0.0.1 for a load balancer: each connection begins with a PROXY
	 * header, which says that we speak for ourselves. */
	bool proxy_header;
};

/* One call at a time on each. */
enum courier_line {
	COURIER_ORDERS,	 /* "there are orders": courier_kick() */
	COURIER_SPEAKS,	 /* desk/liaison/speaker.h */
	COURIER_LISTENS, /* desk/liaison/hearing.h: waits for something to hear */
	COURIER_LINES
};

#define COURIER_ANSWER_MAX (4 << 20)

struct courier_answer {
	int status;	   /* of HTTP; 0: the messenger was not reached, or broke off */
	struct bytes body; /* valid during the call of done */
};

typedef void courier_done(void *ctx, const struct courier_answer *answer);

/* token_path: the service bot's token. ordered runs on the loop's thread after each kick's call,
 * answered or not; it may be told once for several. Starts the threads. */
MUST_CHECK int courier_start(const char *token_path, const struct courier_target *messenger,
	struct loop *loop, void (*ordered)(void *ctx), void *ctx, struct courier **out,
	struct err *err);
/* "There are orders." It carries none: those are in the database, and the messenger reads them
 * there. Several before the next call are one. */
void courier_kick(struct courier *courier);
/* body: JSON, copied; at most wait_s for the answer. done comes later, on the loop's thread. false:
 * the line is busy, or the courier stops; done is not called. */
MUST_CHECK bool courier_ask(struct courier *courier, enum courier_line line, const char *method,
	struct bytes body, int wait_s, courier_done *done, void *ctx);
/* Before the loop is freed. Breaks off what waits; nobody is told any more. NULL is fine. */
void courier_stop(struct courier *courier);

#endif
