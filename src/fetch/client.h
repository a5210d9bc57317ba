/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For who needs something from the network: starts a lontar-fetch and asks it. Blocking, so for a
 * command or a thread of its own, never for a network thread; one thread at a time per fetcher.
 * Connections are kept between requests to one server.
 */
#ifndef FETCH_CLIENT_H
#define FETCH_CLIENT_H

#include "cage/helper.h"
#include "fetch/policy.h"
#include "fetch/protocol.h"

#define FETCH_PROGRAM "lontar-fetch"
#define FETCH_ARGS_MAX 5

struct fetcher;

/* Its command line, up to NULL; points into policy. */
void fetch_args(const struct fetch_policy *policy, const char *args[FETCH_ARGS_MAX + 1]);
/* Takes over a lontar-fetch that somebody else started (cage/starter.h). */
struct fetcher *fetcher_new(const struct helper *helper);

/* folder: where lontar-fetch lies; NULL: beside this program. policy: all false for addresses that
 * came from users. NULL with *err set when it can't be started. */
struct fetcher *fetcher_start(
	const char *folder, const struct fetch_policy *policy, struct err *err);
void fetcher_stop(struct fetcher *fetcher); /* NULL is fine */
/* Its lontar-fetch is ended, killed if it hangs; every later call ends with -1. Then it only
 * remains to stop it. */
void fetcher_end(struct fetcher *fetcher);
/* From another thread: a call that is under way, and every later one, ends with -1 at once. */
void fetcher_interrupt(struct fetcher *fetcher);
/* The id is filled in here. 0 with answer->result; what it points to lives until the next call.
 * -1: lontar-fetch is gone (stop this fetcher, start another) or the request is out of bounds. */
MUST_CHECK int fetcher_ask(struct fetcher *fetcher, const struct fetch_request *request,
	struct fetch_answer *answer, struct err *err);

#endif
