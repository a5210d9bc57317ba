/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the relay's one site is: its name is looked up again and again by a thread of its own, as
 * looking up may take seconds. What was found last holds until something else is found.
 */
#ifndef FETCH_SITE_H
#define FETCH_SITE_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"

struct site;

struct site_options {
	const char *text; /* "name:port" or "[address]:port" */
	const char *own;  /* addresses that are the messenger's: own_address.h */
	/* Whoever owns the name must not lead strangers into the network that we are in. */
	bool public_only;
};

/* Looks it up once before it returns. *options must stay. What leads to ourselves, or inside though
 * it must not, counts as not found and is told to the log. */
MUST_CHECK struct site *site_new(const struct site_options *options, struct err *err);
/* One of its addresses, a different one each time; 0: none is known (yet). */
socklen_t site_address(struct site *site, struct sockaddr_storage *out);

#endif
