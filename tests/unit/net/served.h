/* SPDX-License-Identifier: Apache-2.0 */
/* A listener on loopback in a loop that the test steps, a client's plain socket to it, and what the
 * server's side of their connection saw. */
#ifndef TESTS_NET_SERVED_H
#define TESTS_NET_SERVED_H

#include "cmocka_env.h"

#include "net/listener.h"

#define STEPS_MAX 3000

#define STEP_UNTIL(loop, condition)                                                                \
	do {                                                                                       \
		int steps_ = 0;                                                                    \
		while (!(condition)) {                                                             \
			assert_true(++steps_ < STEPS_MAX);                                         \
			loop_step(loop, 10);                                                       \
		}                                                                                  \
	} while (0)

/* The owner of a connection of seen_ops: what it saw, and how it is to behave. */
struct seen {
	struct conn *conn; /* NULL: closed, or not yet open */
	int opened, drained, closed;
	enum conn_reason reason;
	size_t bytes, data_calls;
	size_t take_max; /* per call; 0: everything */
	bool echo, finish_on_data, close_on_data;
};

extern const struct conn_ops seen_ops;
/* The parts of it, for owners that take their data otherwise. */
void seen_open(struct conn *conn);
void seen_drain(struct conn *conn);
void seen_close(struct conn *conn, enum conn_reason reason);

/* A thousand bytes in, a MiB out, no deadlines. */
extern const struct conn_limits roomy;

struct served {
	struct loop *loop;
	struct listener *listener;
	struct seen seen; /* set before served_open */
	int fd;		  /* the client's end; it blocks */
};

/* The connection is dialled, not yet accepted. */
void served_open(
	struct served *served, const struct conn_limits *limits, const struct conn_ops *ops);
/* The same on another address or with another bound; the owner is ours, and limits and ops are
 * roomy and seen_ops where there are none. */
void served_open_as(struct served *served, struct listener_config config);
/* The client goes, and the server notices if it had not closed before. */
void served_close(struct served *served);

struct loop *new_loop(void);
struct listener *listen_on(struct loop *loop, const struct conn_limits *limits,
	const struct conn_ops *ops, void *owner);

/* Client sockets. */
int dial(uint16_t port);
int dial_at(uint32_t ipv4, uint16_t port);
void say(int fd, const char *text);
bool can_read(int fd); /* or it was closed */

#endif
