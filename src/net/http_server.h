/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP over connections: parses requests, calls the handler, writes responses in order (one request
 * of a connection at a time), keeps connections alive, answers errors and deadlines. It can take
 * over a connection that was accepted and sniffed by somebody else, and give one away after an
 * upgrade.
 */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include "net/conn.h"
#include "net/http.h"
#include "net/http_parse.h"

struct tls;

/* Constant while connections use it; shared by all threads. */
struct http_server {
	struct http_limits limits;
	uint32_t head_ms; /* from the first byte of a request to the end of its headers: 408 */
	/* From there to the end of its body, and a second more for every body_rate bytes of it that
	 * are here: 408. */
	uint32_t body_ms, body_rate;
	uint32_t keep_alive_ms; /* between requests; closed silently */
	/* On the connection's thread; must lead to http_respond() or http_upgrade(). */
	void (*on_request)(struct http_exchange *exchange, void *owner);
	/* The head is here, a body follows: how large may it be? NULL: limits.body_max. */
	size_t (*body_max)(const struct http_request *head, void *owner);
	void *owner;
	struct tls *tls; /* http_accept_ops: spoken with whoever begins it; NULL: with nobody */
};

/* limits and deadlines at their defaults: 20 s; 30 s and 256 bytes a second; 75 s. */
void http_server_init(struct http_server *server,
	void (*on_request)(struct http_exchange *exchange, void *owner), void *owner);

/* For a listener that speaks HTTP only: with these ops its config's owner is a struct http_server
 * *. The connections' output_max must exceed the largest response, input_max the largest head. */
extern const struct conn_ops http_accept_ops;

/* Takes over a connection, also from inside its on_data (which then returns 0, or the count of what
 * it took itself). Unread input is read as HTTP. */
void http_server_adopt(const struct http_server *server, struct conn *conn);

/* Instead of http_respond(), on the connection's thread, inside on_request or later: writes
 * exchange->response as it is (status 101, without Content-Length and Connection) and gives the
 * connection to the new ops; no on_open. Returns the connection, or NULL if the client has gone:
 * then nothing was given away. The exchange is gone in both cases. */
struct conn *http_upgrade(struct http_exchange *exchange, const struct conn_ops *ops, void *owner);

#endif
