/* SPDX-License-Identifier: Apache-2.0 */
/* A client over HTTP: what it says in one go is a request, and requests wait side by side. */
#include <stdlib.h>

#include "base/mem.h"
#include "world.h"

static void request(struct link *link)
{
	struct exchange *exchange = MEM_NEW(struct exchange);

	assert_true(link->exchanges_count < LINK_EXCHANGES_MAX);
	link->exchanges[link->exchanges_count++] = exchange;
	exchange->link = link;
	mtproto_conn_init(&exchange->conn, &link->world->server, TRANSPORT_EXCHANGE, &exchange->out,
		exchange);
	mtproto_conn_feed(&exchange->conn, buf_data(&link->to_server), buf_size(&link->to_server));
	buf_release(&link->to_server);
}

static void exchange_free(struct exchange *exchange)
{
	mtproto_conn_release(&exchange->conn);
	buf_release(&exchange->out);
	free(exchange);
}

/* 0: it waits. */
static int status_of(const struct exchange *exchange)
{
	if (exchange->conn.transport.error)
		return -exchange->conn.transport.error;
	if (exchange->conn.closing)
		return 400;
	return buf_size(&exchange->out) > 0 || !mtproto_conn_is_awaited(&exchange->conn) ? 200 : 0;
}

static void respond(struct link *link, size_t at)
{
	struct exchange *exchange = link->exchanges[at];
	int status = status_of(exchange);

	link->exchanges[at] = link->exchanges[--link->exchanges_count];
	if (!link->deaf) {
		buf_printf(&link->log, "http %d\n", status);
		if (status == 200)
			mtproto_client_feed(
				&link->client, buf_data(&exchange->out), buf_size(&exchange->out));
	}
	exchange_free(exchange);
}

static void wake_due(struct link *link)
{
	int64_t now_us = clock_monotonic_us(&link->world->clock);

	for (size_t i = 0; i < link->exchanges_count; i++) {
		struct exchange *exchange = link->exchanges[i];

		if (exchange->wake_us == 0 || exchange->wake_us > now_us)
			continue;
		exchange->wake_us = 0;
		mtproto_conn_wake(&exchange->conn);
	}
}

void link_pump_http(struct link *link)
{
	bool moved;

	wake_due(link);
	do {
		moved = buf_size(&link->to_server) > 0;
		if (moved)
			request(link);
		mtproto_server_flush(&link->world->server);
		for (size_t i = link->exchanges_count; i > 0; i--) {
			if (status_of(link->exchanges[i - 1]) == 0)
				continue;
			respond(link, i - 1);
			moved = true;
		}
	} while (moved);
}

void link_release_http(struct link *link)
{
	for (size_t i = 0; i < link->exchanges_count; i++)
		exchange_free(link->exchanges[i]);
	link->exchanges_count = 0;
}
