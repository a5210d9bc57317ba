/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For who needs something from the network: starts a lontar-fetch and asks it. Blocking, so for a
 * command or a thread of its own, never for a network thread; one thread at a time per fetcher.
 * Connections are kept between requests to one server.
 */
#ifndef FETCH_CLIENT_H
#define FETCH_CLIENT_H

#include "fetch/policy.h"
#include "fetch/protocol.h"

struct fetcher;

/* folder: where lontar-fetch lies; NULL: beside this program. policy: all false for addresses that
 * came from users. NULL with *err set when it can't be started. */
struct fetcher *fetcher_start(
	const char *folder, const struct fetch_policy *policy, struct err *err);
void fetcher_stop(struct fetcher *fetcher); /* NULL is fine */
/* The id is filled in here. 0 with answer->result; what it points to lives until the next call.
 * -1: lontar-fetch is gone (stop this fetcher, start another) or the request is out of bounds. */
MUST_CHECK int fetcher_ask(struct fetcher *fetcher, const struct fetch_request *request,
	struct fetch_answer *answer, struct err *err);

#endif
