/* SPDX-License-Identifier: Apache-2.0 */
/* Plain messages of a connection in the server role: key creation, of which the connection holds
 * nothing but the job that it waits for (K1). */
#include "mtproto/conn_private.h"

#include <assert.h>

#include "mtproto/handshake.h"
#include "mtproto/session_private.h"

#define PLAIN_HEADER 20 /* auth_key_id 0, msg_id, length */
#define PLAIN_MAX 4096	/* a handshake query has at most some 400 bytes */

#define REFUSALS_MAX 8 /* a client that errs more often is not making a key */

/* Answers that wait to be read. Who makes a key reads each before it goes on; who only asks would
 * fill the memory before anybody knows him. */
#define PLAIN_OUTPUT_MAX ((size_t)64 << 10)

void plain_drop(struct mtproto_conn *conn)
{
	if (conn->work)
		conn->server->host.handshake_drop(conn->server->host.ctx, conn);
	handshake_job_free(conn->job);
	conn->job = NULL;
	conn->plain_wait = false;
}

static void send_plain(struct mtproto_conn *conn, struct bytes body)
{
	struct buf packet = {0};

	if (buf_size(conn->out) > PLAIN_OUTPUT_MAX) {
		mtproto_conn_close(conn);
		return;
	}
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

static void ask_to_store(struct mtproto_conn *conn, struct handshake_job *job)
{
	const struct mtproto_host *host = &conn->server->host;
	struct mtproto_new_key new_key = {0};

	new_key.key = handshake_job_key(job, &new_key.expires_in);
	new_key.temp = new_key.expires_in > 0;
	conn->job = job;
	conn->plain_wait = true;
	host->key_new(host->ctx, conn, &new_key);
}

static void act(struct mtproto_conn *conn, enum handshake_result result, struct bytes answer)
{
	switch (result) {
	case HANDSHAKE_ANSWER:
		send_plain(conn, answer);
		break;
	case HANDSHAKE_REFUSE:
		refuse(conn, TRANSPORT_ERROR_NO_KEY);
		break;
	case HANDSHAKE_WRONG_DC:
		refuse(conn, TRANSPORT_ERROR_WRONG_DC);
		break;
	case HANDSHAKE_NOTHING:
	case HANDSHAKE_WORK:
	case HANDSHAKE_KEY:
		break;
	}
}

static void take_result(struct mtproto_conn *conn, struct handshake_job *job,
	enum handshake_result result, struct bytes answer)
{
	if (result == HANDSHAKE_KEY) {
		ask_to_store(conn, job);
		return;
	}
	act(conn, result, answer);
	handshake_job_free(job);
}

void mtproto_conn_handshake_done(struct mtproto_conn *conn, struct handshake_job *job,
	enum handshake_result result, struct bytes answer)
{
	struct mtproto_server *server = conn->server;

	if (conn->closing) {
		handshake_job_free(job);
		return;
	}
	assert(conn->plain_wait);
	server_enter(server);
	conn->plain_wait = false;
	take_result(conn, job, result, answer);
	if (!conn->running)
		conn_run(conn);
	server_leave(server);
}

/* K12: who has spent its budget, or comes when too many wait, is turned away before the work. */
static void begin_work(struct mtproto_conn *conn, struct handshake_job *job)
{
	const struct mtproto_host *host = &conn->server->host;
	enum handshake_result result;
	struct buf answer = {0};

	if (host->handshake_admit && !host->handshake_admit(host->ctx, conn))
		goto too_many;
	if (host->handshake_work) {
		conn->plain_wait = true;
		if (!host->handshake_work(host->ctx, conn, job))
			goto too_many;
		return;
	}
	result = handshake_job_run(job, &answer);
	take_result(conn, job, result, buf_bytes(&answer));
	buf_release(&answer);
	return;
too_many:
	handshake_job_free(job);
	conn_fail(conn, TRANSPORT_ERROR_FLOOD);
}

static void take_query(struct mtproto_conn *conn, struct bytes query)
{
	struct handshake_job *job = NULL;
	struct buf answer = {0};
	enum handshake_result result =
		handshakes_take(conn->server->handshakes, query, &answer, &job);

	if (result == HANDSHAKE_WORK)
		begin_work(conn, job);
	else
		act(conn, result, buf_bytes(&answer));
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
	assert(conn->plain_wait && conn->job);
	server_enter(server);
	if (status == MTPROTO_STORE_FAILED) {
		mtproto_conn_close(conn);
	} else {
		handshake_job_stored(conn->job,
			status == MTPROTO_STORED ? HANDSHAKE_VERDICT_OK : HANDSHAKE_VERDICT_RETRY,
			&answer);
		plain_drop(conn);
		conn->refusals = 0;
		send_plain(conn, buf_bytes(&answer));
		/* Called from key_new itself? Then the loop that called it goes on. */
		if (!conn->running)
			conn_run(conn);
	}
	buf_release(&answer);
	server_leave(server);
}
