/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection in the server role: packets out of the transport, plain ones to conn_plain.c,
 * encrypted ones through key look-up and decryption to the session (E1 to E5). Moving between
 * threads is here too.
 */
#include "mtproto/conn.h"

#include <assert.h>

#include "mtproto/conn_private.h"
#include "mtproto/session_private.h"

#define DEFAULT_DC 2

void mtproto_conn_init(struct mtproto_conn *conn, struct mtproto_server *server,
	enum transport_stream stream, struct buf *out, void *user_data)
{
	memset(conn, 0, sizeof(*conn));
	conn->server = server;
	conn->out = out;
	conn->user_data = user_data;
	conn->opened_us = conn->last_packet_us = clock_monotonic_us(server->clock);
	transport_init_server(&conn->transport, stream);
	conn->wait = EXCHANGE_WAIT_DEFAULT;
	list_init(&conn->of_session);
	list_append(&server->conns, &conn->of_server);
}

static void drop_key(struct mtproto_conn *conn)
{
	if (conn->key)
		conn->key->refs--;
	conn->key = NULL;
}

void mtproto_conn_detach(struct mtproto_conn *conn)
{
	session_detach(conn);
	drop_key(conn);
	plain_drop(conn);
	list_remove(&conn->of_server);
}

void mtproto_conn_release(struct mtproto_conn *conn)
{
	mtproto_conn_detach(conn);
	transport_release(&conn->transport);
}

void mtproto_conn_close(struct mtproto_conn *conn)
{
	if (conn->closing)
		return;
	conn->closing = true;
	session_detach(conn);
	conn->server->host.close(conn->server->host.ctx, conn);
}

void conn_fail(struct mtproto_conn *conn, int32_t code)
{
	if (conn->closing)
		return;
	transport_wrap_error(&conn->transport, code, conn->server->random, conn->out);
	mtproto_conn_close(conn);
}

void conn_wrote(struct mtproto_conn *conn)
{
	if (conn->out->failed)
		mtproto_conn_close(conn);
	else
		conn->server->host.output(conn->server->host.ctx, conn);
}

/* E1. False: the packet must not be looked at any further (now). */
static bool select_key(struct mtproto_conn *conn, uint64_t id)
{
	struct mtproto_server *server = conn->server;
	const struct mtproto_host *host = &server->host;
	struct auth_key *key = conn->key;
	enum mtproto_key_lookup found = MTPROTO_KEY_FOUND;

	if (!key || key->id != id) {
		if (host->key_id_seen && host->key_id_seen(host->ctx, conn, id) == MTPROTO_MOVE) {
			conn->moving = true;
			return false;
		}
		session_detach(conn);
		drop_key(conn);
		found = host->key_find(host->ctx, id, &key);
	}
	if (found == MTPROTO_KEY_FOUND && auth_key_is_temp(key) &&
		key->expires_at <= clock_unix_s(server->clock))
		found = MTPROTO_KEY_ABSENT;
	switch (found) {
	case MTPROTO_KEY_FOUND:
		break;
	case MTPROTO_KEY_ABSENT:
		conn_fail(conn, TRANSPORT_ERROR_NO_KEY);
		return false;
	case MTPROTO_KEY_UNAVAILABLE:
		mtproto_conn_close(conn);
		return false;
	}
	if (!conn->key) {
		conn->key = key;
		key->refs++;
	}
	return true;
}

static void take_encrypted(struct mtproto_conn *conn, const struct transport_packet *packet)
{
	struct envelope_message message;
	size_t size = packet->size;

	if (!select_key(conn, load_u64le(packet->data)))
		return;
	if (conn->transport.kind == TRANSPORT_PADDED && size >= ENVELOPE_OUTER)
		size -= (size - ENVELOPE_OUTER) % 16;
	if (envelope_open(conn->key, packet->data, size, ENVELOPE_TO_SERVER, &message) < 0) {
		mtproto_conn_close(conn);
		return;
	}
	conn->server->packet_ids = 0;
	conn->server->packet_inflated = 0;
	switch (session_receive(conn, &message)) {
	case SESSION_ACCEPTED:
		if (packet->quick_ack && !conn->closing) {
			transport_wrap_quick_ack(&conn->transport, message.quick_token,
				conn->server->random, conn->out);
			conn_wrote(conn);
		}
		break;
	case SESSION_REFUSED:
		break;
	case SESSION_FLOOD:
		conn_fail(conn, TRANSPORT_ERROR_FLOOD);
		break;
	case SESSION_BROKEN:
		mtproto_conn_close(conn);
		break;
	}
}

static void take_packet(struct mtproto_conn *conn, const struct transport_packet *packet)
{
	conn->last_packet_us = clock_monotonic_us(conn->server->clock);
	if (packet->size < 8)
		mtproto_conn_close(conn);
	else if (load_u64le(packet->data) == 0)
		plain_take(conn, packet);
	else
		take_encrypted(conn, packet);
}

void conn_run(struct mtproto_conn *conn)
{
	struct transport_packet packet;

	conn->running = true;
	while (!conn->closing && !conn->moving && !conn->plain_wait) {
		enum transport_result result = transport_next(&conn->transport, &packet);

		if (result == TRANSPORT_MORE)
			break;
		if (result == TRANSPORT_BAD) {
			mtproto_conn_close(conn);
			break;
		}
		if (result == TRANSPORT_BAD_DC) {
			conn_fail(conn, TRANSPORT_ERROR_WRONG_DC);
			break;
		}
		take_packet(conn, &packet);
		if (conn->moving)
			transport_put_back(&conn->transport);
	}
	conn->running = false;
}

void mtproto_conn_feed(struct mtproto_conn *conn, const void *data, size_t size)
{
	struct mtproto_server *server = conn->server;

	if (conn->closing)
		return;
	server_enter(server);
	transport_feed(&conn->transport, data, size);
	conn_run(conn);
	server_leave(server);
}

void mtproto_conn_drained(struct mtproto_conn *conn)
{
	if (conn->session && conn->session->out.first)
		session_mark_dirty(conn->session);
}

bool mtproto_conn_is_awaited(const struct mtproto_conn *conn)
{
	return conn->session || conn->plain_wait;
}

void mtproto_conn_wake(struct mtproto_conn *conn)
{
	if (conn->session)
		session_mark_dirty(conn->session);
}

void mtproto_conn_resume(struct mtproto_conn *conn, struct mtproto_server *server, struct buf *out)
{
	assert(conn->moving);
	conn->server = server;
	conn->out = out;
	conn->moving = false;
	list_append(&server->conns, &conn->of_server);
	server_enter(server);
	conn_run(conn);
	server_leave(server);
}

bool mtproto_conn_known(const struct mtproto_conn *conn)
{
	return conn->key && conn->key->user_id && !conn->closing;
}

int mtproto_conn_dc(const struct mtproto_conn *conn)
{
	int asked = conn->key ? conn->key->dc : 0, header = conn->transport.dc;

	if (transport_dc_is_known(asked))
		return asked < 0 ? -asked : asked;
	if (transport_dc_is_known(header))
		return header < 0 ? -header : header;
	return DEFAULT_DC;
}
