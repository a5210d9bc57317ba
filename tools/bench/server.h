/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Lontar of our own for one run: `lontar serve` on loopback with a temporary data folder, free
 * ports and, unless the options say otherwise, no bound on calls. Its login codes come back through
 * a callback. It ends with us, and its folder with it.
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "bench/options.h"
#include "net/loop.h"

struct server {
	char dir[256];
	pid_t supervisor, messenger;
	int port; /* 0 until it is ready */
	int desk_port;
	bool ended; /* its output ended: it is gone */
	bool stays; /* the folder is not ours */
	struct loop *loop;
	struct loop_source output;
	struct buf lines; /* of its standard output, what is not a whole line yet */
	/* phone: digits. Both texts are dead when it returns. */
	void (*on_code)(void *ctx, const char *phone, const char *code);
	void *ctx;
};

/* Waits until it accepts connections. -1: nothing is left behind. */
MUST_CHECK int server_start(struct server *server, struct loop *loop,
	const struct bench_options *options, struct err *err);
/* The program that serves, for its commands. */
struct program {
	char path[256];
};

MUST_CHECK int server_program(
	const struct bench_options *options, struct program *out, struct err *err);
/* Path of the public key. */
void server_key_path(const struct server *server, char *out, size_t size);
/* Copies what it logged at warning or above to standard error; says how many lines that were. */
unsigned server_show_warnings(const struct server *server);
/* Orderly end, removes the folder. Fine for one that was never started. */
void server_stop(struct server *server);

#endif
