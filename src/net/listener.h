/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listening TCP socket on a loop. Each thread has its own on the same port (SO_REUSEPORT); the
 * kernel spreads newcomers. When descriptors run out or the thread has its fill, the newcomer is
 * closed at once and those inside keep working.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "net/conn.h"

struct listener;

/* As a host: every address of this machine's loopback interface (127.0.0.0/8 and ::1), for nobody
 * else. */
#define LISTEN_LOOPBACK "loopback"

struct listener_config {
	const char *host; /* numeric; LISTEN_LOOPBACK; NULL or "": every address, IPv6 and IPv4 */
	uint16_t port;	  /* 0: the kernel chooses */
	int fd;		  /* from listener_bind() or _bind_path(); 0: a socket of its own */
	size_t conns_max; /* newcomers are shed while the loop has this many; 0: no bound but
			     descriptors */
	const struct conn_limits *limits; /* NULL: conn_limits_default */
	const struct conn_ops *ops;	  /* of the accepted connections */
	void *owner;			  /* their first owner: on_open puts another in its place */
};

MUST_CHECK struct listener *listener_open(
	struct loop *loop, const struct listener_config *config, struct err *err);
uint16_t listener_port(const struct listener *listener);
/* Newcomers closed for want of descriptors or room, since opening. */
uint64_t listener_shed(const struct listener *listener);
/* Before its loop is freed. Accepted connections stay. Takes NULL. */
void listener_close(struct listener *listener);

/* A socket for listener_config.fd. It lives on when the process that accepts from it has gone:
 * newcomers wait in it for the next one. *port: 0 lets the kernel choose, and is set. */
MUST_CHECK int listener_bind(const char *host, uint16_t *port, struct err *err);

/* The same on a local socket at this path, in the place of one that nobody listens on any more. Its
 * owner and group may connect, who count as coming from 127.0.0.1. */
MUST_CHECK int listener_bind_path(const char *path, struct err *err);

/* SO_REUSEPORT would let a second server of the same user share the port unnoticed: ask this once
 * before the first listener_open(). -1 and *err if somebody listens there. */
MUST_CHECK int listener_check_free(const char *host, uint16_t port, struct err *err);

#endif
