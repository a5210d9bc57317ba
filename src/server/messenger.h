/* SPDX-License-Identifier: Apache-2.0 */
/* The messenger process: from opening the installation to serving until SIGTERM. */
#ifndef SERVER_MESSENGER_H
#define SERVER_MESSENGER_H

#include "base/clock.h"
#include "server/installation.h"

struct messenger_options {
	int port;
	const char *listen;
	const char *codes; /* NULL: as lontar.ini says */
	/* Sockets that the supervisor listens with, one a thread; none: opened here. */
	int listen_fds[NET_THREADS_MAX], listen_count;
	int ready_fd;		   /* told "port=N" when it accepts; -1: nobody to tell */
	int kept_fd;		   /* the supervisor's memory (kept.h); -1: none */
	int tls_fd;		   /* the certificate (net/tls_shared.h); -1: read its files */
	int relay_fd;		   /* to the relay of strangers (veil.h); -1: none */
	int fetch_fd;		   /* what starts lontar-fetch (gateway.h); -1: made here */
	const struct clock *clock; /* NULL: the system's. Timers of connections keep to that */
};

/* Returns the exit status. */
int messenger_run(struct installation *in, const struct messenger_options *options);

#endif
