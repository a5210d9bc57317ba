/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of a caged program: starts it and exchanges messages (cage/frame.h) with it over
 * its standard input and output. It gets an empty environment and no other descriptor but standard
 * error. Blocking; one thread at a time per helper.
 */
#ifndef CAGE_HELPER_H
#define CAGE_HELPER_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct helper {
	pid_t pid; /* 0: not running, or a starter's (cage/starter.h) */
	int fd;
	int leash; /* of a starter's: it is killed when this is closed; 0: none */
};

#define HELPER_ARGS_MAX 8

/* name: the program; args: what follows its name, up to NULL, at most HELPER_ARGS_MAX; folder:
 * where it lies, NULL for the folder of the running executable, where an installation has them all.
 */
MUST_CHECK int helper_start(struct helper *helper, const char *folder, const char *name,
	const char *const *args, struct err *err);
/* One request, one answer. Replaces the content of answer, whose max bounds it. After -1 the helper
 * can only be stopped: err->code is ETIMEDOUT when timeout_ms passed, EPIPE when it died. */
MUST_CHECK int helper_exchange(struct helper *helper, struct bytes request, int timeout_ms,
	struct buf *answer, struct err *err);
/* From another thread: an exchange that is under way, and every later one, ends with -1 at once. */
void helper_interrupt(struct helper *helper);
/* Ends it at once, also one that hangs, and reaps it: the wait status, or -1 when it was not
 * running or is a starter's, which does both. Once more does nothing. */
int helper_stop(struct helper *helper);

#endif
