/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP over connections. One struct http_conn per connection, owned by it; one struct exchange per
 *request, owned by the http_conn while it is being read, then by whoever answers, and freed when
 *the answer is written. The two know each other only on the connection's thread:
 *
 *	reading (ours) -> answering (the handler's; input is paused) -> written, and the next one is
 *read
 *
 * If the client goes away while the handler has the exchange, the exchange loses its http_conn and
 *its answer is dropped.
 */
#include "net/http_server.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/sniff.h"
#include "net/tls.h"

struct http_conn;

struct exchange {
	struct http_exchange base;
	struct buf body;	  /* what base.request.body points into */
	struct http_conn *client; /* NULL: gone. Of the connection's thread */
	struct loop *loop;
	struct loop_task answered;
};

struct http_conn {
	struct conn *conn;
	const struct http_server *server;
	struct http_parser parser;
	struct exchange *exchange; /* being read or being answered; NULL between requests */
	bool answering;
	struct timer timer;
	int64_t body_since_ms; /* 0: no body is being read */
};

void http_server_init(struct http_server *server,
	void (*on_request)(struct http_exchange *exchange, void *owner), void *owner)
{
	*server = (struct http_server){
		.limits = http_limits_default,
		.head_ms = 20 * 1000,
		.body_ms = 30 * 1000,
		.body_rate = 256,
		.keep_alive_ms = 75 * 1000,
		.on_request = on_request,
		.owner = owner,
	};
}

/* ---- Exchanges ---- */

static void exchange_free(struct exchange *exchange)
{
	buf_release(&exchange->body);
	buf_release(&exchange->base.response.body);
	arena_release(&exchange->base.arena);
	free(exchange);
}

static void start_timer(struct http_conn *client, uint32_t delay_ms)
{
	loop_timer_start(conn_loop(client->conn), &client->timer, delay_ms);
}

static void begin(struct http_conn *client)
{
	struct exchange *exchange = MEM_NEW(struct exchange);

	arena_init(&exchange->base.arena);
	buf_init(&exchange->base.response.body, 0);
	exchange->client = client;
	exchange->loop = conn_loop(client->conn);
	client->exchange = exchange;
	client->body_since_ms = 0;
	http_parser_reset(&client->parser, &client->server->limits, &exchange->base.arena,
		&exchange->base.request);
	start_timer(client, client->server->head_ms);
}

/* Writes the answer. The exchange is gone, the http_conn is ready for the next request or
 * finishing. */
static void complete(struct exchange *exchange)
{
	struct http_conn *client = exchange->client;
	const struct http_request *request = &exchange->base.request;
	struct http_response *response = &exchange->base.response;
	bool keep_alive = request->keep_alive && !response->close && !response->failed &&
			  !response->body.failed;

	if (client) {
		http_response_write(response, keep_alive, request->method == HTTP_HEAD,
			clock_unix_s(&clock_system), conn_out(client->conn));
		client->exchange = NULL;
		client->answering = false;
		if (response->vouch)
			conn_vouch(client->conn);
		if (keep_alive) {
			start_timer(client, client->server->keep_alive_ms);
			conn_resume(client->conn);
		} else {
			timer_stop(&client->timer);
			conn_finish(client->conn);
		}
	}
	exchange_free(exchange);
}

static void answered(struct loop_task *task)
{
	complete(LIST_OWNER(task, struct exchange, answered));
}

void http_respond(struct http_exchange *base)
{
	struct exchange *exchange = LIST_OWNER(base, struct exchange, base);

	if (loop_current() == exchange->loop) {
		complete(exchange);
		return;
	}
	exchange->answered.run = answered;
	loop_post(exchange->loop, &exchange->answered);
}

void http_respond_error(struct http_exchange *exchange, int status)
{
	http_response_error(&exchange->response, status);
	http_respond(exchange);
}

/* The request can't be read to its end: say why and go. */
static void refuse(struct http_conn *client, int status)
{
	struct exchange *exchange = client->exchange;

	http_response_error(&exchange->base.response, status);
	exchange->base.response.close = true;
	complete(exchange);
}

/* What is left of the time for a body, as far as it is here. */
static int64_t body_time_left(const struct http_conn *client)
{
	const struct http_server *server = client->server;
	int64_t time_ms = server->body_ms;

	if (!client->exchange || !client->body_since_ms)
		return 0;
	if (server->body_rate)
		time_ms += (int64_t)(buf_size(&client->parser.body) * 1000 / server->body_rate);
	return client->body_since_ms + time_ms - loop_now_ms(conn_loop(client->conn));
}

static void timer_fired(struct timer *timer)
{
	struct http_conn *client = LIST_OWNER(timer, struct http_conn, timer);
	int64_t left_ms;

	if (conn_is_closing(client->conn))
		return;
	left_ms = body_time_left(client);
	if (left_ms > 0)
		loop_timer_start(conn_loop(client->conn), timer, left_ms);
	else if (client->exchange)
		refuse(client, 408);
	else
		conn_finish(client->conn);
}

/* ---- Input ---- */

static void head_is_here(struct http_conn *client, bool body_began)
{
	const struct http_server *server = client->server;
	const struct http_request *head = &client->exchange->base.request;

	if (server->body_max)
		client->parser.limits.body_max = server->body_max(head, server->owner);
	/* Too large a body is refused by the parser before a client is told to send it. */
	if (head->expects_continue && !body_began &&
		client->parser.remaining <= client->parser.limits.body_max)
		conn_write(client->conn, BYTES_LITERAL("HTTP/1.1 100 Continue\r\n\r\n"));
	client->body_since_ms = loop_now_ms(conn_loop(client->conn));
	start_timer(client, server->body_ms);
}

/* From here on the handler has the exchange, and the http_conn may go away inside the call. */
static void hand_over(struct http_conn *client)
{
	struct exchange *exchange = client->exchange;
	const struct http_server *server = client->server;

	timer_stop(&client->timer);
	exchange->body = http_parser_take_body(&client->parser);
	exchange->base.request.peer = *conn_peer(client->conn);
	client->answering = true;
	conn_pause(client->conn);
	server->on_request(&exchange->base, server->owner);
}

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct http_conn *client = conn_owner(conn);
	size_t total = 0, used;

	if (client->answering)
		return 0;
	if (!client->exchange)
		begin(client);
	for (;;) {
		enum http_parse result = http_parser_feed(
			&client->parser, bytes_of(in.data + total, in.size - total), &used);
		total += used;
		switch (result) {
		case HTTP_PARSE_HEAD:
			head_is_here(client, total < in.size);
			break;
		case HTTP_PARSE_MORE:
			conn_keep(conn, buf_size(&client->parser.body));
			return total;
		case HTTP_PARSE_DONE:
			conn_keep(conn, 0);
			hand_over(client);
			return total;
		case HTTP_PARSE_BAD:
			refuse(client, client->parser.status);
			return in.size;
		}
	}
}

/* ---- Beginning and end ---- */

static void tell_gone(struct http_conn *client)
{
	struct http_exchange *exchange = &client->exchange->base;
	void (*tell)(struct http_exchange *) = exchange->on_gone;

	exchange->on_gone = NULL;
	if (tell)
		tell(exchange);
}

static void on_end(struct conn *conn)
{
	struct http_conn *client = conn_owner(conn);

	if (client->answering)
		tell_gone(client);
}

/* The connection is closed or goes to somebody else. */
static void client_free(struct http_conn *client)
{
	timer_stop(&client->timer);
	if (client->exchange && client->answering) {
		client->exchange->client = NULL;
		tell_gone(client);
	} else if (client->exchange) {
		exchange_free(client->exchange);
	}
	http_parser_release(&client->parser);
	free(client);
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	(void)reason;
	client_free(conn_owner(conn));
}

static const struct conn_ops http_conn_ops = {
	.on_data = on_data, .on_end = on_end, .on_close = on_close};

void http_server_adopt(const struct http_server *server, struct conn *conn)
{
	struct http_conn *client = MEM_NEW(struct http_conn);

	client->conn = conn;
	client->server = server;
	http_parser_init(&client->parser, &server->limits);
	timer_init(&client->timer, timer_fired);
	conn_set_owner(conn, &http_conn_ops, client);
	start_timer(client, server->keep_alive_ms);
}

static void accept_on_open(struct conn *conn)
{
	const struct http_server *server = conn_owner(conn);

	if (server->tls)
		conn_set_unfinished(conn, true);
	else
		http_server_adopt(server, conn);
}

/* With TLS: the first bytes, then the first ones inside. */
static size_t accept_on_data(struct conn *conn, struct bytes in)
{
	const struct http_server *server = conn_owner(conn);

	switch (sniff_first_bytes(in)) {
	case SNIFF_MORE:
		break;
	case SNIFF_TLS:
		if (conn_filter(conn))
			conn_close(conn);
		else
			conn_set_filter(conn, tls_filter_new(server->tls));
		break;
	case SNIFF_HTTP:
	case SNIFF_OTHER: /* answered as the bad request that it is */
		conn_set_unfinished(conn, false);
		http_server_adopt(server, conn);
	}
	return 0;
}

static void accept_on_close(struct conn *conn, enum conn_reason reason)
{
	(void)conn;
	(void)reason;
}

const struct conn_ops http_accept_ops = {
	.on_open = accept_on_open,
	.on_data = accept_on_data,
	.on_close = accept_on_close,
};

struct conn *http_upgrade(struct http_exchange *base, const struct conn_ops *ops, void *owner)
{
	struct exchange *exchange = LIST_OWNER(base, struct exchange, base);
	struct http_conn *client = exchange->client;
	struct conn *conn = NULL;

	assert(loop_current() == exchange->loop);
	if (client && !conn_is_closing(client->conn)) {
		conn = client->conn;
		http_response_write(
			&base->response, true, false, clock_unix_s(&clock_system), conn_out(conn));
		client->exchange = NULL;
		client_free(client);
		conn_set_owner(conn, ops, owner);
		conn_resume(conn);
	} else if (client) {
		client->exchange = NULL;
		client->answering = false;
	}
	exchange_free(exchange);
	return conn;
}
