/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the relay's one site is: its name is looked up again and again by a thread of its own, as
 * looking up may take seconds. What was found last holds until something else is found.
 */
#ifndef FETCH_SITE_H
#define FETCH_SITE_H

#include <sys/socket.h>

#include "base/err.h"

struct site;

/* text: "name:port" or "[address]:port". Looks it up once before it returns. */
MUST_CHECK struct site *site_new(const char *text, struct err *err);
/* One of its addresses, a different one each time; 0: none is known (yet). */
socklen_t site_address(struct site *site, struct sockaddr_storage *out);

#endif
