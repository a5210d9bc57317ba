/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From queues to wire: what a session has pending becomes one packet (a container when it is more
 * than one message); packets of many sessions go through the cipher together, then into each
 * connection's transport. Sending is what a delivery costs most, so nothing leaves alone that could
 * leave together.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/session_private.h"

/* A container stays below what the strictest client takes: 1024 messages, and a size that streams
 * well. */
#define PACKET_MESSAGES 1000
#define PACKET_BYTES ((size_t)512 << 10)

#define BATCH_JOBS 64
#define BATCH_BYTES ((size_t)512 << 10)
#define BATCH_KEEP ((size_t)128 << 10) /* larger staging memory goes back after the flush */

/* While all sessions together hold too much: of output in a connection, of what is not
 * acknowledged.
 */
#define SCARCE_OUTPUT_HIGH ((size_t)128 << 10)
#define SCARCE_SENT_MAX ((size_t)128 << 10)

#define CONTAINER_HEAD 8 /* constructor, count */
#define MESSAGE_HEAD 16	 /* msg_id, seqno, length */

struct flush_batch {
	struct buf staging;
	size_t count;
	struct {
		struct mtproto_conn *conn;
		size_t offset;
	} packets[BATCH_JOBS];
	struct envelope_job jobs[BATCH_JOBS];
};

static struct flush_batch *batch_of(struct mtproto_server *server)
{
	if (!server->batch)
		server->batch = MEM_NEW(struct flush_batch);
	return server->batch;
}

void flush_batch_free(struct mtproto_server *server)
{
	if (server->batch)
		buf_release(&server->batch->staging);
	free(server->batch);
	server->batch = NULL;
}

static void wrap_packet(
	struct mtproto_server *server, struct mtproto_conn *conn, struct bytes packet)
{
	if (conn->closing)
		return;
	transport_wrap(&conn->transport, packet, false, server->random, conn->out);
	if (conn->out->failed)
		mtproto_conn_close(conn);
}

void flush_batch_send(struct mtproto_server *server)
{
	struct flush_batch *batch = server->batch;

	if (!batch || batch->count == 0)
		return;
	for (size_t i = 0; i < batch->count; i++)
		batch->jobs[i].packet = buf_data(&batch->staging) + batch->packets[i].offset;
	envelope_seal_many(batch->jobs, batch->count, ENVELOPE_TO_CLIENT);
	for (size_t i = 0; i < batch->count; i++) {
		struct mtproto_conn *conn = batch->packets[i].conn;

		wrap_packet(server, conn,
			bytes_of(batch->jobs[i].packet, ENVELOPE_OUTER + batch->jobs[i].size));
		/* Packets of one connection stand side by side: one call for all of them. */
		if (!conn->closing && (i + 1 == batch->count || batch->packets[i + 1].conn != conn))
			server->host.output(server->host.ctx, conn);
	}
	batch->count = 0;
	if (batch->staging.capacity > BATCH_KEEP)
		buf_release(&batch->staging);
	else
		buf_clear(&batch->staging);
}

static void number_message(struct mtproto_session *session, struct out_message *message)
{
	message->msg_id = server_next_msg_id(session->server, message->flags & OUT_ANSWER);
	message->seqno = session->seqno * 2;
	if (message->flags & OUT_CONTENT) {
		message->seqno++;
		session->seqno++;
	}
}

/* The messages of the next packet, taken off the queue. */
struct load {
	struct out_message *first;
	size_t count, bytes;
	bool answers;
};

static void load_take(struct mtproto_session *session, struct load *load)
{
	struct out_message **tail = &load->first;

	memset(load, 0, sizeof(*load));
	while (session->out.first && load->count < PACKET_MESSAGES &&
		(load->count == 0 || load->bytes + session->out.first->size <= PACKET_BYTES)) {
		struct out_message *message = out_take(&session->out);

		number_message(session, message);
		*tail = message;
		tail = &message->next;
		load->count++;
		load->bytes += MESSAGE_HEAD + message->size;
		load->answers |= message->flags & OUT_ANSWER;
		if (message->flags & OUT_LAST)
			break;
	}
}

static uint8_t *put_message(uint8_t *to, const struct out_message *message)
{
	store_u64le(to, message->msg_id);
	store_u32le(to + 8, message->seqno);
	store_u32le(to + 12, message->size);
	memcpy(to + MESSAGE_HEAD, message->body, message->size);
	return to + MESSAGE_HEAD + message->size;
}

/* From salt to padding. One message travels as it is, more of them in a container, and none in an
 * empty one. */
static void put_plaintext(
	struct mtproto_session *session, const struct load *load, uint8_t *to, size_t size)
{
	struct mtproto_server *server = session->server;
	uint8_t *at = to + 16;

	store_u64le(to, auth_key_salt(session->key, clock_unix_s(server->clock)));
	store_u64le(to + 8, session->id);
	if (load->count != 1) {
		store_u64le(at, server_next_msg_id(server, load->answers));
		store_u32le(at + 8, session->seqno * 2);
		store_u32le(at + 12, (uint32_t)(CONTAINER_HEAD + load->bytes));
		store_u32le(at + 16, WIRE_CONTAINER);
		store_u32le(at + 20, (uint32_t)load->count);
		at += MESSAGE_HEAD + CONTAINER_HEAD;
	}
	for (const struct out_message *m = load->first; m; m = m->next)
		at = put_message(at, m);
	random_fill(server->random, at, size - (size_t)(at - to));
}

static void load_done(struct mtproto_session *session, struct load *load)
{
	while (load->first) {
		struct out_message *message = load->first;

		load->first = message->next;
		message->next = NULL;
		if (message->flags & OUT_CONTENT)
			out_sent_add(&session->out, message,
				server_is_scarce(session->server) ? SCARCE_SENT_MAX
								  : OUT_SENT_BYTES_MAX);
		else
			free(message);
	}
}

static void stage_packet(struct mtproto_session *session, struct mtproto_conn *conn)
{
	struct flush_batch *batch = batch_of(session->server);
	struct load load;
	size_t size, offset = buf_size(&batch->staging);
	uint8_t *packet;

	load_take(session, &load);
	size = 16 + load.bytes + (load.count != 1 ? MESSAGE_HEAD + CONTAINER_HEAD : 0);
	size += envelope_padding(size);
	packet = buf_extend(&batch->staging, ENVELOPE_OUTER + size);
	assert(packet);
	put_plaintext(session, &load, packet + ENVELOPE_OUTER, size);
	load_done(session, &load);
	batch->packets[batch->count].conn = conn;
	batch->packets[batch->count].offset = offset;
	batch->jobs[batch->count] = (struct envelope_job){session->key, NULL, size};
	batch->count++;
	if (batch->count == BATCH_JOBS || buf_size(&batch->staging) > BATCH_BYTES)
		flush_batch_send(session->server);
}

void flush_packet(struct mtproto_session *session, struct mtproto_conn *conn)
{
	session_acks_queue(session);
	stage_packet(session, conn);
}

/* A connection's own buffer is memory too. */
size_t server_output_high(const struct mtproto_server *server)
{
	size_t high = server->limits.output_high;

	return server_is_scarce(server) && high > SCARCE_OUTPUT_HIGH ? SCARCE_OUTPUT_HIGH : high;
}

void flush_session(struct mtproto_session *session)
{
	struct mtproto_conn *conn = mtproto_session_conn(session);

	list_remove(&session->of_due);
	if (!conn || conn->closing || session->doomed)
		return;
	if (!mtproto_conn_is_exchange(conn)) {
		session_acks_queue(session);
		/* A client that does not read gets nothing more until it did
		 * (mtproto_conn_drained). */
		while (session->out.first &&
			buf_size(conn->out) < server_output_high(session->server))
			stage_packet(session, conn);
	}
	exchange_flush(session);
}
