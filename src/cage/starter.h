/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For a program that will soon be unable to start others, by its own sandbox: a process beside it
 * that starts a fixed list of caged helpers for it, again and again, and hands over their pipes.
 * All that it can be asked is a number of that list.
 */
#ifndef CAGE_STARTER_H
#define CAGE_STARTER_H

#include "cage/helper.h"

#define STARTER_PROGRAMS_MAX 4
#define STARTER_HELPERS_MAX 64 /* that run at once; one more is refused */

/* Read once, when the starter is made. */
struct starter_program {
	const char *name;
	const char *const *args; /* as for helper_start() */
};

struct starter {
	int fd; /* keep it open over the sandbox; -1: none */
};

/* Before any thread and before the sandbox. folder: as for helper_start(). The process ends when
 * fd is closed. */
MUST_CHECK int starter_begin(struct starter *starter, const char *folder,
	const struct starter_program *programs, size_t count, struct err *err);
/* A fresh process of programs[which], to be ended by helper_stop(). Who ends itself leaves none
 * behind, not even one that hangs. Blocks for as long as starting takes. Thread-safe. */
MUST_CHECK int starter_ask(
	struct starter *starter, uint8_t which, struct helper *out, struct err *err);
void starter_end(struct starter *starter);

/* The other side, for a program that runs as another user than who asks: there no fork of who asks
 * will do. fd: a SOCK_SEQPACKET pair's end, whose other is a starter's fd. Ends the process when
 * that is closed. */
_Noreturn void starter_serve(
	int fd, const char *folder, const struct starter_program *programs, size_t count);

#endif
