/* SPDX-License-Identifier: Apache-2.0 */
/* Plain messages of a connection in the server role: key creation until there is a key (K1, K3). */
#include "mtproto/conn_private.h"

#include <assert.h>

#include "mtproto/handshake.h"
#include "mtproto/session_private.h"

#define PLAIN_HEADER 20 /* auth_key_id 0, msg_id, length */
#define PLAIN_MAX 4096	/* a handshake query has at most some 400 bytes */

#define REFUSALS_MAX 8 /* a client that errs more often is not making a key */

void plain_drop(struct mtproto_conn *conn)
{
	handshake_free(conn->handshake);
	conn->handshake = NULL;
	conn->key_pending = false;
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
	conn_wrote(conn);
}

/* The connection stays: the refused run stays refused (K3), a new one may begin. */
static void refuse(struct mtproto_conn *conn, int32_t code)
{
	if (++conn->refusals >= REFUSALS_MAX) {
		conn_fail(conn, code);
		return;
	}
	transport_wrap_error(&conn->transport, code, conn->server->random, conn->out);
	conn_wrote(conn);
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

void plain_take(struct mtproto_conn *conn, const struct transport_packet *packet)
{
	size_t size = packet->size >= PLAIN_HEADER ? load_u32le(packet->data + 16) : 0;

	if (size < 4 || size % 4 != 0 || size > PLAIN_MAX || size > packet->size - PLAIN_HEADER ||
		packet->size - PLAIN_HEADER - size > tail_max(conn)) {
		refuse(conn, TRANSPORT_ERROR_NO_KEY);
		return;
	}
	take_query(conn, bytes_of(packet->data + PLAIN_HEADER, size));
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
			conn_run(conn);
	}
	buf_release(&answer);
	server_leave(server);
}
