/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's one line to the messenger: "there are orders", said over the Bot API on loopback, on a
 * thread of its own so that a slow answer holds nobody up. It carries no order: those are in the
 * database, and the messenger reads them there. Losing a call loses nothing.
 */
#ifndef DESK_COURIER_H
#define DESK_COURIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/loop.h"

struct courier;

struct courier_target {
	uint16_t port; /* on 127.0.0.1 */
	/* The messenger takes 127.0.0.1 for a load balancer: each connection begins with a PROXY
	 * header, which says that we speak for ourselves. */
	bool proxy_header;
};

/* token_path: the service bot's token. done runs on the loop's thread after each call, answered or
 * not; it may be told once for several calls. Starts the thread. */
MUST_CHECK int courier_start(const char *token_path, const struct courier_target *messenger,
	struct loop *loop, void (*done)(void *ctx), void *ctx, struct courier **out,
	struct err *err);
/* Thread-safe; several before the next call are one. */
void courier_kick(struct courier *courier);
/* On the loop's thread, before the loop is freed. Waits for a call that is under way. NULL is fine.
 */
void courier_stop(struct courier *courier);

#endif
