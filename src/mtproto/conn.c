/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection in the server role: packets out of the transport, plain ones to the handshake,
 * encrypted ones through key look-up and decryption to the session (E1 to E5). Moving between
 * threads is here too.
 */
#include "mtproto/conn.h"

#include <assert.h>

#include "mtproto/handshake.h"
#include "mtproto/session_private.h"

#define PLAIN_HEADER 20 /* auth_key_id 0, msg_id, length */
#define PLAIN_MAX 4096	/* a handshake query has at most some 400 bytes */

#define REFUSALS_MAX 8 /* a client that errs more often is not making a key */

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
	list_init(&conn->of_session);
	list_append(&server->conns, &conn->of_server);
}

static void drop_key(struct mtproto_conn *conn)
{
	if (conn->key)
		conn->key->refs--;
	conn->key = NULL;
}

static void drop_handshake(struct mtproto_conn *conn)
{
	handshake_free(conn->handshake);
	conn->handshake = NULL;
	conn->key_pending = false;
}

void mtproto_conn_detach(struct mtproto_conn *conn)
{
	session_detach(conn);
	drop_key(conn);
	drop_handshake(conn);
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

static void wrote(struct mtproto_conn *conn)
{
	if (conn->out->failed)
		mtproto_conn_close(conn);
	else
		conn->server->host.output(conn->server->host.ctx, conn);
}

static void send_plain(struct mtproto_conn *conn, struct bytes body)
{
	struct buf packet = {0};

	buf_append_u64le(&packet, 0);
	buf_append_u64le(&packet, server_next_msg_id(conn->server, true));
	buf_append_u32le(&packet, (uint32_t)body.size);
	buf_append_bytes(&packet, body);
	transport_wrap(
		&conn->transport, buf_bytes(&packet), false, conn->server->random, conn->out);
	buf_release(&packet);
	wrote(conn);
}

/* The connection stays: the refused run stays refused (K3), a new one may begin. */
static void refuse(struct mtproto_conn *conn, int32_t code)
{
	if (++conn->refusals >= REFUSALS_MAX) {
		conn_fail(conn, code);
		return;
	}
	transport_wrap_error(&conn->transport, code, conn->server->random, conn->out);
	wrote(conn);
}

static void ask_to_store(struct mtproto_conn *conn)
{
	const struct mtproto_host *host = &conn->server->host;
	struct mtproto_new_key new_key = {0};

	new_key.key = handshake_key(conn->handshake, &new_key.expires_in);
	new_key.temp = new_key.expires_in > 0;
	conn->key_pending = true;
	host->key_new(host->ctx, conn, &new_key);
}

static void take_query(struct mtproto_conn *conn, struct bytes query)
{
	struct mtproto_server *server = conn->server;
	struct buf answer = {0};

	if (handshake_is_costly(query) && server->host.handshake_admit &&
		!server->host.handshake_admit(server->host.ctx, conn)) {
		conn_fail(conn, TRANSPORT_ERROR_FLOOD);
		return;
	}
	if (!conn->handshake)
		conn->handshake =
			handshake_new(server->handshake_keys, server->clock, server->random);
	switch (handshake_step(conn->handshake, query, &answer)) {
	case HANDSHAKE_ANSWER:
		send_plain(conn, buf_bytes(&answer));
		break;
	case HANDSHAKE_NOTHING:
		break;
	case HANDSHAKE_REFUSE:
		refuse(conn, TRANSPORT_ERROR_NO_KEY);
		break;
	case HANDSHAKE_WRONG_DC:
		refuse(conn, TRANSPORT_ERROR_WRONG_DC);
		break;
	case HANDSHAKE_KEY:
		ask_to_store(conn);
		break;
	}
	buf_release(&answer);
}

/* Padded framing leaves up to 15 bytes behind the body, the others none. */
static size_t tail_max(const struct mtproto_conn *conn)
{
	return conn->transport.kind == TRANSPORT_PADDED ? 15 : 0;
}

static void take_plain(struct mtproto_conn *conn, const struct transport_packet *packet)
{
	size_t size = packet->size >= PLAIN_HEADER ? load_u32le(packet->data + 16) : 0;

	if (size < 4 || size % 4 != 0 || size > PLAIN_MAX || size > packet->size - PLAIN_HEADER ||
		packet->size - PLAIN_HEADER - size > tail_max(conn)) {
		refuse(conn, TRANSPORT_ERROR_NO_KEY);
		return;
	}
	take_query(conn, bytes_of(packet->data + PLAIN_HEADER, size));
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
	if (!conn->key_pending)
		drop_handshake(conn);
	conn->packet_ids = 0;
	conn->packet_inflated = 0;
	switch (session_receive(conn, &message)) {
	case SESSION_ACCEPTED:
		if (packet->quick_ack && !conn->closing) {
			transport_wrap_quick_ack(&conn->transport, message.quick_token,
				conn->server->random, conn->out);
			wrote(conn);
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
		take_plain(conn, packet);
	else
		take_encrypted(conn, packet);
}

static void run(struct mtproto_conn *conn)
{
	struct transport_packet packet;

	conn->running = true;
	while (!conn->closing && !conn->moving && !conn->key_pending) {
		enum transport_result result = transport_next(&conn->transport, &packet);

		if (result == TRANSPORT_MORE)
			break;
		if (result == TRANSPORT_BAD) {
			mtproto_conn_close(conn);
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
	run(conn);
	server_leave(server);
}

void mtproto_conn_drained(struct mtproto_conn *conn)
{
	if (conn->session && conn->session->out.first)
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
	run(conn);
	server_leave(server);
}

void mtproto_conn_key_stored(struct mtproto_conn *conn, enum mtproto_stored status)
{
	struct mtproto_server *server = conn->server;
	struct buf answer = {0};

	if (conn->closing)
		return;
	assert(conn->key_pending);
	server_enter(server);
	conn->key_pending = false;
	if (status == MTPROTO_STORE_FAILED) {
		mtproto_conn_close(conn);
	} else {
		handshake_stored(conn->handshake,
			status == MTPROTO_STORED ? HANDSHAKE_VERDICT_OK : HANDSHAKE_VERDICT_RETRY,
			&answer);
		conn->refusals = 0;
		send_plain(conn, buf_bytes(&answer));
		/* Called from key_new itself? Then the loop that called it goes on. */
		if (!conn->running)
			run(conn);
	}
	buf_release(&answer);
	server_leave(server);
}

static bool dc_is_known(int dc)
{
	return (dc >= 1 && dc <= 5) || (dc >= 10001 && dc <= 10005);
}

int mtproto_conn_dc(const struct mtproto_conn *conn)
{
	int asked = conn->key ? conn->key->dc : 0, header = conn->transport.dc;

	if (dc_is_known(asked < 0 ? -asked : asked))
		return asked < 0 ? -asked : asked;
	if (dc_is_known(header < 0 ? -header : header))
		return header < 0 ? -header : header;
	return DEFAULT_DC;
}
