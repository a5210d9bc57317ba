/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol's own messages (S1 to S11): one row in the table, one function. Whatever is not in
 * the table is a query for the host. https://core.telegram.org/mtproto/service_messages
 */
#include <stdlib.h>

#include "base/attr.h"
#include "mtproto/session_private.h"

#define DISCONNECT_DELAY_MAX_S 300
#define FUTURE_SALTS_MAX 64
/* In all lists of one packet: each id is looked for among a thousand messages. */
#define PACKET_IDS_MAX (2 * WIRE_IDS_MAX)

/* Where a service message came from and what it says. The reader stands behind the constructor. */
struct service {
	struct mtproto_session *session;
	struct mtproto_conn *conn;
	uint64_t msg_id;
	struct wire_reader r;
};

typedef enum service_result service_fn(struct service *s);

static enum service_result malformed(struct service *s)
{
	mtproto_session_error(s->session, s->msg_id, 400, "INPUT_FETCH_ERROR");
	return SERVICE_DONE;
}

static void answer(struct service *s, struct buf *body)
{
	session_queue(s->session, OUT_ANSWER, 0, buf_bytes(body));
	buf_release(body);
}

static enum service_result pong(struct service *s, uint64_t ping_id)
{
	uint8_t body[20];

	store_u32le(body, WIRE_PONG);
	store_u64le(body + 4, s->msg_id);
	store_u64le(body + 12, ping_id);
	session_queue(s->session, OUT_ANSWER, 0, bytes_of(body, sizeof(body)));
	return SERVICE_DONE;
}

static enum service_result take_ping(struct service *s)
{
	uint64_t ping_id = wire_u64(&s->r);

	return wire_done(&s->r) ? pong(s, ping_id) : malformed(s);
}

static enum service_result take_ping_delay(struct service *s)
{
	uint64_t ping_id = wire_u64(&s->r);
	int64_t delay_s = (int32_t)wire_u32(&s->r);

	if (!wire_done(&s->r))
		return malformed(s);
	if (delay_s > DISCONNECT_DELAY_MAX_S)
		delay_s = DISCONNECT_DELAY_MAX_S;
	if (mtproto_conn_is_exchange(s->conn))
		return pong(s, ping_id); /* it ends with its answer anyway */
	s->conn->disconnect_us =
		delay_s > 0 ? clock_monotonic_us(s->session->server->clock) + delay_s * 1000000 : 0;
	return pong(s, ping_id);
}

/* S10. No answer, and over anything but HTTP no meaning. */
static enum service_result take_http_wait(struct service *s)
{
	int32_t max_delay_ms = (int32_t)wire_u32(&s->r), wait_after_ms = (int32_t)wire_u32(&s->r),
		max_wait_ms = (int32_t)wire_u32(&s->r);

	if (!wire_done(&s->r))
		return malformed(s);
	exchange_set_wait(s->conn, max_delay_ms, wait_after_ms, max_wait_ms);
	return SERVICE_DONE;
}

/* Vector<long>: *count ids at the result, unaligned. NULL with *flood or malformed. */
static const uint8_t *take_ids(struct service *s, uint32_t *count, bool *flood)
{
	int32_t vector = wire_id(&s->r);
	const uint8_t *ids;

	*count = wire_u32(&s->r);
	*flood =
		!s->r.failed && vector == WIRE_VECTOR &&
		(*count > WIRE_IDS_MAX || *count + s->session->server->packet_ids > PACKET_IDS_MAX);
	if (*flood)
		return NULL;
	s->session->server->packet_ids += *count;
	ids = wire_take(&s->r, 8 * (size_t)*count);
	return vector == WIRE_VECTOR && !s->r.failed ? ids : NULL;
}

static enum service_result take_ack(struct service *s)
{
	uint32_t count;
	bool flood;
	const uint8_t *ids = take_ids(s, &count, &flood);

	if (!ids)
		return flood ? SERVICE_FLOOD : malformed(s);
	for (uint32_t i = 0; i < count; i++)
		out_acknowledge(&s->session->out, load_u64le(ids + 8 * (size_t)i));
	return SERVICE_DONE;
}

/* One byte per id; ids of ours have odd remainders. */
static uint8_t status_of(const struct mtproto_session *session, uint64_t id)
{
	if (id % 4 != 0)
		return out_sent_by_id(&session->out, id) ? 4 : 1;
	return seen_status(&session->seen, id);
}

static void answer_states(struct service *s, const uint8_t *ids, uint32_t count)
{
	uint8_t states[WIRE_IDS_MAX];
	struct buf body = {0};

	for (uint32_t i = 0; i < count; i++)
		states[i] = status_of(s->session, load_u64le(ids + 8 * (size_t)i));
	wire_put_id(&body, WIRE_STATE_INFO);
	buf_append_u64le(&body, s->msg_id);
	wire_put_string(&body, bytes_of(states, count));
	answer(s, &body);
}

static enum service_result take_state_req(struct service *s)
{
	uint32_t count;
	bool flood;
	const uint8_t *ids = take_ids(s, &count, &flood);

	if (!ids)
		return flood ? SERVICE_FLOOD : malformed(s);
	if (!wire_done(&s->r))
		return malformed(s);
	answer_states(s, ids, count);
	return SERVICE_DONE;
}

/* S4: what is there goes again; if anything is not, the states of all say so. */
static enum service_result resend(struct service *s, bool by_request)
{
	struct session_out *out = &s->session->out;
	uint32_t count;
	bool flood, missing = false;
	const uint8_t *ids = take_ids(s, &count, &flood);

	if (!ids)
		return flood ? SERVICE_FLOOD : malformed(s);
	/* States first: sending again changes the ids that the client asks about. */
	for (uint32_t i = 0; i < count && !missing; i++) {
		uint64_t id = load_u64le(ids + 8 * (size_t)i);

		missing = by_request ? !out_sent_by_request(out, id) : !out_sent_by_id(out, id);
	}
	if (missing)
		answer_states(s, ids, count);
	for (uint32_t i = 0; i < count && out->sent_count > 0; i++) {
		uint64_t id = load_u64le(ids + 8 * (size_t)i);
		struct out_message *message =
			by_request ? out_sent_by_request(out, id) : out_sent_by_id(out, id);

		if (message)
			out_send_again(out, message);
	}
	if (out->first)
		session_mark_dirty(s->session);
	return SERVICE_DONE;
}

static enum service_result take_resend_req(struct service *s)
{
	return resend(s, false);
}

static enum service_result take_resend_ans_req(struct service *s)
{
	return resend(s, true);
}

static void put_rpc_result(struct buf *body, uint64_t req_msg_id, enum wire_id result)
{
	wire_put_id(body, WIRE_RPC_RESULT);
	buf_append_u64le(body, req_msg_id);
	wire_put_id(body, result);
}

static void queue_rpc_result(struct service *s, uint64_t req_msg_id, struct buf *body)
{
	session_queue(s->session, OUT_CONTENT | OUT_ANSWER, req_msg_id, buf_bytes(body));
	buf_release(body);
}

/* S6: the query still runs to its end; only its answer is dropped. */
static enum service_result take_drop_answer(struct service *s)
{
	uint64_t req_msg_id = wire_u64(&s->r);
	struct seen_entry *entry = seen_find(&s->session->seen, req_msg_id);
	struct out_message *message;
	struct buf body = {0}, original = {0};

	if (!wire_done(&s->r))
		return malformed(s);
	message = out_withdraw(&s->session->out, req_msg_id);
	if (entry && entry->state == SEEN_PROCESSING) {
		entry->state = SEEN_DROPPED;
		put_rpc_result(&body, s->msg_id, WIRE_ANSWER_DROPPED_RUNNING);
		put_rpc_result(&original, req_msg_id, WIRE_ANSWER_DROPPED_RUNNING);
		queue_rpc_result(s, req_msg_id, &original);
	} else if (message) {
		put_rpc_result(&body, s->msg_id, WIRE_ANSWER_DROPPED);
		buf_append_u64le(&body, message->msg_id);
		buf_append_u32le(&body, message->seqno);
		buf_append_u32le(&body, message->size);
	} else {
		put_rpc_result(&body, s->msg_id, WIRE_ANSWER_UNKNOWN);
	}
	queue_rpc_result(s, s->msg_id, &body);
	free(message);
	return SERVICE_DONE;
}

/* S7: several at once, or some clients ask again after every message. */
static enum service_result take_future_salts(struct service *s)
{
	int64_t now_s = clock_unix_s(s->session->server->clock);
	int32_t count = (int32_t)wire_u32(&s->r);
	struct buf body = {0};

	if (!wire_done(&s->r))
		return malformed(s);
	count = count < 1 ? 1 : count > FUTURE_SALTS_MAX ? FUTURE_SALTS_MAX : count;
	wire_put_id(&body, WIRE_FUTURE_SALTS);
	buf_append_u64le(&body, s->msg_id);
	buf_append_u32le(&body, (uint32_t)now_s);
	buf_append_u32le(&body, (uint32_t)count); /* a bare vector of bare objects */
	for (int64_t epoch = now_s / SALT_EPOCH_S, end = epoch + count; epoch < end; epoch++) {
		buf_append_u32le(&body, (uint32_t)(epoch * SALT_EPOCH_S));
		buf_append_u32le(&body, (uint32_t)((epoch + 1) * SALT_EPOCH_S + SALT_LINGER_S));
		buf_append_u64le(&body, auth_key_salt_of_epoch(s->session->key, epoch));
	}
	answer(s, &body);
	return SERVICE_DONE;
}

/* S9: another session of the same key; destroying the one that asks is undefined, so it is refused.
 */
static enum service_result take_destroy_session(struct service *s)
{
	uint64_t id = wire_u64(&s->r);
	struct mtproto_session *other;
	struct buf body = {0};

	if (!wire_done(&s->r))
		return malformed(s);
	other = mtproto_session_find(s->session->server, s->session->key->id, id);
	if (other == s->session)
		other = NULL;
	wire_put_id(&body, other ? WIRE_DESTROY_SESSION_OK : WIRE_DESTROY_SESSION_NONE);
	buf_append_u64le(&body, id);
	answer(s, &body);
	if (other)
		session_doom(other);
	return SERVICE_DONE;
}

static enum service_result take_destroy_key(struct service *s)
{
	struct mtproto_server *server = s->session->server;
	struct seen_entry *entry = seen_find(&s->session->seen, s->msg_id);

	if (!wire_done(&s->r))
		return malformed(s);
	if (entry)
		entry->state = SEEN_PROCESSING;
	server->host.key_destroy(server->host.ctx, s->session, s->msg_id);
	return SERVICE_DONE;
}

/* Reports that need no answer, and things only a server says. */
static enum service_result ignore(struct service *s)
{
	(void)s;
	return SERVICE_DONE;
}

static const struct service_row {
	int32_t id;
	enum service_parity parity;
	service_fn *take;
} rows[] = {
	{WIRE_PING, SERVICE_EITHER, take_ping},
	{WIRE_PING_DELAY, SERVICE_EITHER, take_ping_delay},
	/* E13 asks for even; mtcute numbers its acknowledgements like content, and works elsewhere.
	 */
	{WIRE_MSGS_ACK, SERVICE_EITHER, take_ack},
	{WIRE_STATE_REQ, SERVICE_EITHER, take_state_req},
	{WIRE_RESEND_REQ, SERVICE_EITHER, take_resend_req},
	{WIRE_RESEND_ANS_REQ, SERVICE_EITHER, take_resend_ans_req},
	{WIRE_DROP_ANSWER, SERVICE_EITHER, take_drop_answer},
	{WIRE_GET_FUTURE_SALTS, SERVICE_EITHER, take_future_salts},
	{WIRE_DESTROY_SESSION, SERVICE_EITHER, take_destroy_session},
	{WIRE_DESTROY_KEY, SERVICE_EITHER, take_destroy_key},
	{WIRE_HTTP_WAIT, SERVICE_EITHER, take_http_wait},
	{WIRE_STATE_INFO, SERVICE_EITHER, ignore},
	{WIRE_ALL_INFO, SERVICE_EITHER, ignore},
	{WIRE_DETAILED_INFO, SERVICE_EITHER, ignore},
	{WIRE_NEW_DETAILED_INFO, SERVICE_EITHER, ignore},
	{WIRE_BAD_MSG, SERVICE_EITHER, ignore},
	{WIRE_BAD_SALT, SERVICE_EITHER, ignore},
	{WIRE_PONG, SERVICE_EITHER, ignore},
	{WIRE_RPC_RESULT, SERVICE_EITHER, ignore},
	{WIRE_NEW_SESSION, SERVICE_EITHER, ignore},
	{WIRE_MSG_COPY, SERVICE_EVEN, ignore},	/* was never in use */
	{WIRE_CONTAINER, SERVICE_EVEN, ignore}, /* inside another: refused before it gets here */
	{WIRE_GZIP_PACKED, SERVICE_EITHER, ignore},
};

static const struct service_row *row_of(int32_t id)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

enum service_parity service_parity_of(int32_t constructor)
{
	const struct service_row *row = row_of(constructor);

	return row ? row->parity : SERVICE_ODD;
}

enum service_result service_take(struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	struct service s = {session, conn, msg_id, wire_reader_of(body)};
	const struct service_row *row = row_of(wire_id(&s.r));

	return row ? row->take(&s) : SERVICE_NOT;
}
