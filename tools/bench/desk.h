/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk of the server under test, as an authority and a moderator use it: one request at a time,
 * on a connection of its own, answered in the loop.
 */
#ifndef BENCH_DESK_H
#define BENCH_DESK_H

#include "bench/server.h"

#define DESK_TOKEN_MAX 128

struct desk {
	struct loop *loop;
	int port;
	struct loop_source source; /* fd -1: nothing is asked */
	struct buf answer;
	void (*done)(void *ctx, int status, const char *body);
	void *ctx;
};

void desk_init(struct desk *desk, struct loop *loop, int port);
void desk_release(struct desk *desk);

/* Runs `lontar WORDS…`, which prints a token. words end with NULL. */
MUST_CHECK int desk_token(const struct server *server, const struct bench_options *options,
	const char *const *words, char out[DESK_TOKEN_MAX], struct err *err);

/* POST. done runs once, in the loop: status 0 if the connection failed. The body is dead when it
 * returns. */
MUST_CHECK int desk_post(struct desk *desk, const char *token, const char *path, const char *body,
	void (*done)(void *ctx, int status, const char *body), void *ctx, struct err *err);

#endif
