/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's one way to the network: a lontar-fetch, and a thread that asks it, one errand after
 * the other. When lontar-fetch ends, or does not answer in the errand's time and is killed, the
 * errand that it was at fails, and who gave it keeps it and tries later; the next one gets another.
 * The wall forbids to start it: a starter from before the wall does (cage/starter.h).
 */
#ifndef DESK_ERRANDS_H
#define DESK_ERRANDS_H

#include "fetch/client.h"
#include "net/loop.h"

#define ERRANDS_MAX 64 /* that wait; who gives more is told so */

struct errands;

/* Before the wall. inside: addresses of one's own network that may be reached beside the public
 * ones (fetch/own_address.h), or empty; must stay. starter_fd: of one that somebody else made for
 * the desk, which decides by itself what may be reached; -1: it is made here. NULL with *err: there
 * is no lontar-fetch. */
MUST_CHECK struct errands *errands_new(const char *inside, int starter_fd, struct err *err);
/* After the wall: starts the thread. Answers come on this loop's thread. */
MUST_CHECK int errands_start(struct errands *errands, struct loop *loop, struct err *err);
/* Nobody is answered from now on: before what asked is closed. On the loop's thread. */
void errands_stop(struct errands *errands);
/* On the loop's thread, before the loop is freed. Who has no answer yet gets none. NULL is fine. */
void errands_free(struct errands *errands);

/* answer: NULL when lontar-fetch could not be asked; else valid during the call. */
typedef void errand_done(void *ctx, const struct fetch_answer *answer);
/* On the loop's thread. The request is copied. false: too many wait, or errands is NULL: done is
 * not called. */
MUST_CHECK bool errands_ask(
	struct errands *errands, const struct fetch_request *request, errand_done *done, void *ctx);

#endif
