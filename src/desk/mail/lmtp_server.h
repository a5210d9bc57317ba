/* SPDX-License-Identifier: Apache-2.0 */
/* LMTP on a loop: connections of the operator's mail server, on loopback or on a socket in a folder
 * that only it can reach. */
#ifndef DESK_LMTP_SERVER_H
#define DESK_LMTP_SERVER_H

#include "desk/mail/lmtp.h"
#include "net/listener.h"

#define LMTP_SESSIONS_MAX                                                                          \
	16 /* each holds one mail; Postfix opens at most 20 by itself, and waits */

struct lmtp_server;
struct lmtp_delivery; /* a mail that waits for its answer; its session may be gone meanwhile */

struct lmtp_config {
	int fd; /* a listening socket: listener_bind() or listener_bind_path() */
	size_t size_max;
	bool (*takes)(void *ctx, struct bytes address);
	/* A mail came in. What lmtp holds is valid until the delivery is answered, which must
	 * happen once, on the loop's thread. */
	void (*deliver)(void *ctx, struct lmtp_delivery *delivery, const struct lmtp *lmtp);
	void *ctx;
};

/* On failure the fd is closed. */
MUST_CHECK int lmtp_server_open(struct loop *loop, const struct lmtp_config *config,
	struct lmtp_server **out, struct err *err);
/* As lmtp_answer(). Nobody hears it if the session is gone. */
void lmtp_deliver_answer(struct lmtp_delivery *delivery, int status, const char *words);
/* Before the loop is freed; deliveries must have been answered. NULL is fine. */
void lmtp_server_close(struct lmtp_server *server);

#endif
