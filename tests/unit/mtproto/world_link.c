/* SPDX-License-Identifier: Apache-2.0 */
/* A link: a client, the server's end of its connection, and the bytes between both. What the client
 * is told is written down in world_log.c; over HTTP world_http.c moves the bytes. */
#include "world_parts.h"

void link_open(struct link *link, struct world *world, enum transport_kind kind, bool obfuscated,
	enum transport_stream stream)
{
	struct mtproto_client_options options = {kind, obfuscated, 0};

	memset(link, 0, sizeof(*link));
	link->world = world;
	link->http = stream == TRANSPORT_EXCHANGE;
	if (!link->http)
		mtproto_conn_init(&link->conn, &world->server, stream, &link->to_client, link);
	mtproto_client_init(&link->client, &options, &link_events, link, &world->clock,
		&world->random, &link->to_server);
}

void link_release(struct link *link)
{
	if (link->http)
		link_release_http(link);
	else
		mtproto_conn_release(&link->conn);
	mtproto_client_release(&link->client);
	buf_release(&link->to_client);
	buf_release(&link->to_server);
	buf_release(&link->log);
}

static size_t step_of(const struct link *link, size_t size)
{
	return link->step && link->step < size ? link->step : size;
}

void link_pump(struct link *link)
{
	bool moved;

	if (link->http) {
		link_pump_http(link);
		return;
	}
	do {
		moved = false;
		while (buf_size(&link->to_server) > 0) {
			size_t size = step_of(link, buf_size(&link->to_server));

			/* As net does: no bytes go to a connection that closes. */
			if (!link->closed)
				mtproto_conn_feed(&link->conn, buf_data(&link->to_server), size);
			buf_consume(&link->to_server, size);
			moved = true;
		}
		mtproto_server_flush(&link->world->server);
		while (buf_size(&link->to_client) > 0 && !link->stuck) {
			size_t size = step_of(link, buf_size(&link->to_client));

			mtproto_client_feed(&link->client, buf_data(&link->to_client), size);
			buf_consume(&link->to_client, size);
			mtproto_conn_drained(&link->conn);
			moved = true;
		}
	} while (moved);
	buf_release(&link->to_client);
	buf_release(&link->to_server);
}

void link_use_key(struct link *link, struct auth_key *key)
{
	mtproto_client_use_key(
		&link->client, key, auth_key_salt(key, link->world->now_us / 1000000));
}

void link_handshake(struct link *link, const struct handshake_client_options *options)
{
	struct handshake_client_options with_key = *options;

	world_need_rsa(link->world);
	with_key.server_key = link->world->rsa;
	mtproto_client_handshake(&link->client, &with_key);
	link_pump(link);
}

uint64_t link_call(struct link *link, uint32_t constructor, uint32_t argument)
{
	uint8_t body[8];

	store_u32le(body, constructor);
	store_u32le(body + 4, argument);
	return mtproto_client_call(&link->client, bytes_of(body, sizeof(body)), true);
}
