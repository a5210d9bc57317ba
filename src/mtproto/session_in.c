/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a decrypted message goes through before anything happens: salt, id, time, container,
 * sequence, duplicates; in the order of docs/duties.md (E6 to E17). What passes goes to
 * service.c or to the host. https://core.telegram.org/mtproto/service_messages_about_messages
 */
#include "mtproto/conn_private.h"
#include "mtproto/gzip.h"
#include "mtproto/session_private.h"

#define PAST_S 300  /* E9: how far a message id may lie behind our clock, */
#define FUTURE_S 30 /* and ahead of it */

/* S12: so many conflicts between two places within that time, and the session is nobody's. */
#define CONFLICTS_MAX 3
#define CONFLICT_WINDOW_S 30

#define BAD_GZIP_MAX 2 /* on one connection */

/* All that the packed messages of one packet may hold together: a container of short bombs would
 * keep the thread busy for seconds. */
#define PACKET_INFLATED_MAX ((size_t)8 << 20)

enum bad_message {
	BAD_ID_LOW = 16,
	BAD_ID_HIGH = 17,
	BAD_ID_BITS = 18,
	BAD_CONTAINER_REPEATS = 19,
	BAD_TOO_OLD = 20,
	BAD_SEQNO_LOW = 32,
	BAD_SEQNO_HIGH = 33,
	BAD_SEQNO_NOT_EVEN = 34,
	BAD_SEQNO_NOT_ODD = 35,
	BAD_SALT = 48,
	BAD_CONTAINER = 64,
};

/* Into body, of 28 bytes. Returns its size. */
static size_t put_notice(struct auth_key *key, int64_t now_s, uint64_t msg_id, uint32_t seqno,
	enum bad_message code, uint8_t *body)
{
	store_u32le(body, (uint32_t)(code == BAD_SALT ? WIRE_BAD_SALT : WIRE_BAD_MSG));
	store_u64le(body + 4, msg_id);
	store_u32le(body + 12, seqno);
	store_u32le(body + 16, code);
	if (code != BAD_SALT)
		return 20;
	store_u64le(body + 20, auth_key_salt(key, now_s));
	return 28;
}

static void notify(
	struct mtproto_session *session, uint64_t msg_id, uint32_t seqno, enum bad_message code)
{
	uint8_t body[28];
	size_t size = put_notice(
		session->key, clock_unix_s(session->server->clock), msg_id, seqno, code, body);

	session_queue(session, OUT_ANSWER, 0, bytes_of(body, size));
}

/* packet: room for it, used again. */
static void send_alone(
	struct mtproto_conn *conn, const struct envelope_message *message, struct buf *packet)
{
	struct mtproto_server *server = conn->server;

	buf_clear(packet);
	envelope_seal(conn->key, message, ENVELOPE_TO_CLIENT, server->random, packet);
	transport_wrap(&conn->transport, buf_bytes(packet), false, server->random, conn->out);
}

/* In a container that bears an id of the client's own time. */
static void send_wrapped(struct mtproto_conn *conn, const struct envelope_message *refusal,
	uint64_t their_id, struct buf *packet)
{
	uint8_t body[24 + 28];
	struct envelope_message container = *refusal;

	store_u32le(body, WIRE_CONTAINER);
	store_u32le(body + 4, 1);
	store_u64le(body + 8, refusal->msg_id);
	store_u32le(body + 16, refusal->seqno);
	store_u32le(body + 20, (uint32_t)refusal->body.size);
	memcpy(body + 24, refusal->body.data, refusal->body.size);
	container.msg_id = (their_id & ~(uint64_t)3) | 1;
	container.body = bytes_of(body, 24 + refusal->body.size);
	send_alone(conn, &container, packet);
}

/* A packet that is refused for its salt or time may be any that somebody once saw on its way: it
 * makes no session, and takes none to the connection that it came by. */
static enum session_verdict refuse_packet(struct mtproto_conn *conn,
	const struct mtproto_session *session, const struct envelope_message *message,
	enum bad_message code)
{
	struct mtproto_server *server = conn->server;
	int64_t now_s = clock_unix_s(server->clock);
	struct envelope_message refusal = {.salt = auth_key_salt(conn->key, now_s),
		.session_id = message->session_id,
		.msg_id = server_next_msg_id(server, true),
		.seqno = session ? session->seqno * 2 : 0};
	struct buf packet = {0};
	uint8_t body[28];
	bool unheard = message->msg_id >> 32 > (refusal.msg_id >> 32) + PAST_S;
	bool wrapped_first = unheard && random_u64(server->random) % 2;

	if (buf_size(conn->out) > server_output_high(server))
		return SESSION_BROKEN; /* who reads no refusals needs none */
	refusal.body = bytes_of(
		body, put_notice(conn->key, now_s, message->msg_id, message->seqno, code, body));
	/* Clients ignore what looks older than PAST_S to them, and so that their time is wrong;
	 * wrapped they hear it. Others take the time from the container. Some close the connection
	 * over the one that is not for them, so neither is always the first. */
	if (wrapped_first)
		send_wrapped(conn, &refusal, message->msg_id, &packet);
	send_alone(conn, &refusal, &packet);
	if (unheard && !wrapped_first)
		send_wrapped(conn, &refusal, message->msg_id, &packet);
	buf_release(&packet);
	conn_wrote(conn);
	return SESSION_REFUSED;
}

static int32_t constructor_of(struct bytes body)
{
	return body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;
}

/* https://core.telegram.org/mtproto/service_messages#new-session-creation-notification */
static void announce(struct mtproto_session *session, uint64_t first_msg_id)
{
	struct mtproto_server *server = session->server;
	uint8_t body[28];

	session->first_msg_id = first_msg_id;
	store_u32le(body, (uint32_t)WIRE_NEW_SESSION);
	store_u64le(body + 4, first_msg_id);
	/* The same each time; another one if the server forgot the session in between. */
	store_u64le(body + 12, map_mix(session->id, session->seen.since));
	store_u64le(body + 20, auth_key_salt(session->key, clock_unix_s(server->clock)));
	session_queue(session, OUT_CONTENT, 0, bytes_of(body, sizeof(body)));
}

/* E7. The first message that is accepted makes the session known to host and client; a lower one
 * later is announced as well. lowest: the lowest id in the packet, since clients send again what
 * they sent before. */
static void open_session(struct mtproto_session *session, uint64_t packet_id, uint64_t lowest)
{
	struct mtproto_server *server = session->server;

	if (session->opened) {
		if (lowest < session->first_msg_id)
			announce(session, lowest);
		return;
	}
	if (session->duplicated)
		return;
	session->opened = true;
	session->first_msg_id = lowest;
	session->seen.since = packet_id;
	server->host.session_opened(server->host.ctx, session);
	announce(session, lowest);
	if (server->host.session_online)
		server->host.session_online(server->host.ctx, session, true);
}

/* E11: never executed again; answered from what is stored. */
static void take_duplicate(struct mtproto_session *session, uint64_t msg_id, uint32_t seqno)
{
	const struct seen_entry *entry = seen_find(&session->seen, msg_id);
	struct out_message *answer = NULL;

	if (seen_is_answered(entry->state))
		answer = out_sent_by_request(&session->out, msg_id);
	if (answer && answer->size > RESEND_MAX) {
		session_tell_of(session, answer);
	} else if (answer) {
		out_send_again(&session->out, answer);
		session_mark_dirty(session);
	} else if (seqno & 1) {
		session_ack_repeated(session, msg_id);
	}
}

/* A body whose id, time and number are in order. */
static enum session_verdict take_body(struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	struct mtproto_server *server = session->server;
	struct seen_entry *entry;

	switch (service_take(session, conn, msg_id, body)) {
	case SERVICE_DONE:
		return SESSION_ACCEPTED;
	case SERVICE_FLOOD:
		return SESSION_FLOOD;
	case SERVICE_NOT:
		break;
	}
	entry = seen_find(&session->seen, msg_id);
	if (entry)
		entry->state = SEEN_PROCESSING;
	server->host.call(server->host.ctx, session, conn, msg_id, body);
	return SESSION_ACCEPTED;
}

/* E16: one level, bounded; nothing but a query may be inside. */
static enum session_verdict take_packed(struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	struct wire_reader r = wire_reader_of(body);
	enum session_verdict verdict = SESSION_ACCEPTED;
	struct buf plain = {0};
	struct bytes packed;
	int32_t inner = 0;

	(void)wire_id(&r);
	packed = wire_string(&r);
	if (wire_done(&r) && gzip_inflate(packed, &plain) == 0 && buf_size(&plain) % 4 == 0)
		inner = constructor_of(buf_bytes(&plain));
	session->server->packet_inflated += buf_size(&plain);
	if (session->server->packet_inflated > PACKET_INFLATED_MAX) {
		verdict = SESSION_FLOOD;
	} else if (inner == 0 || service_parity_of(inner) != SERVICE_ODD) {
		mtproto_session_error(session, msg_id, 400, "INPUT_FETCH_ERROR");
		if (++conn->bad_gzip >= BAD_GZIP_MAX)
			verdict = SESSION_BROKEN;
	} else {
		verdict = take_body(session, conn, msg_id, buf_bytes(&plain));
	}
	buf_release(&plain);
	return verdict;
}

static bool parity_is_right(int32_t constructor, uint32_t seqno, enum bad_message *code)
{
	enum service_parity parity = service_parity_of(constructor);

	*code = parity == SERVICE_EVEN ? BAD_SEQNO_NOT_EVEN : BAD_SEQNO_NOT_ODD;
	return parity == SERVICE_EITHER || (seqno & 1) == (parity == SERVICE_ODD);
}

/* S12. The packet came from another place than the one before it, by another connection that lives
 * as well. That alone is a phone between two networks, or a proxy with two ways out. Each request
 * of HTTP may have a way of its own. */
static bool is_contested(const struct mtproto_session *session, const struct mtproto_conn *conn)
{
	const struct mtproto_host *host = &session->server->host;
	struct mtproto_conn *before = mtproto_session_conn(session);

	return host->place && before && before != conn && !before->closing &&
	       !mtproto_conn_is_exchange(before) && !mtproto_conn_is_exchange(conn) &&
	       clock_monotonic_us(session->server->clock) - before->last_packet_us <
		       CONFLICT_WINDOW_S * 1000000LL &&
	       host->place(host->ctx, before) != host->place(host->ctx, conn);
}

/* Its number does not go with those of the other connection: two who count for themselves. A sender
 * who has one counter can't look so, whatever a proxy does with the packets. */
static void note_conflict(struct mtproto_session *session)
{
	uint32_t now_s = server_uptime_s(session->server);

	if (!session->contested)
		return;
	session->contested = false; /* a packet counts once */
	if (now_s - session->conflicts_s > CONFLICT_WINDOW_S)
		session->conflicts = 0;
	if (session->conflicts++ == 0)
		session->conflicts_s = now_s;
	if (session->conflicts >= CONFLICTS_MAX)
		session_disown(session);
}

/* True: the message is new, and now recorded. */
static bool admit(
	struct mtproto_session *session, uint64_t msg_id, uint32_t seqno, int32_t constructor)
{
	enum bad_message code;

	switch (seen_check(&session->seen, msg_id, seqno)) {
	case SEEN_DUPLICATE:
		if (constructor == WIRE_CONTAINER)
			notify(session, msg_id, seqno, BAD_CONTAINER_REPEATS);
		else
			take_duplicate(session, msg_id, seqno);
		return false;
	case SEEN_TOO_OLD:
		notify(session, msg_id, seqno, BAD_TOO_OLD);
		return false;
	case SEEN_SEQNO_LOW:
		notify(session, msg_id, seqno, BAD_SEQNO_LOW);
		note_conflict(session);
		return false;
	case SEEN_SEQNO_HIGH:
		notify(session, msg_id, seqno, BAD_SEQNO_HIGH);
		note_conflict(session);
		return false;
	case SEEN_NEW:
		break;
	}
	if (!parity_is_right(constructor, seqno, &code)) {
		notify(session, msg_id, seqno, code);
		return false;
	}
	seen_add(&session->seen, msg_id, seqno, SEEN_SERVICE, clock_unix_s(session->server->clock));
	return true;
}

/* One message, bare or from a container. */
static enum session_verdict take_message(struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, uint32_t seqno, struct bytes body)
{
	int32_t constructor = constructor_of(body);
	enum session_verdict verdict;

	if (session->duplicated) {
		if (seqno & 1)
			session_refuse_duplicated(session, msg_id);
		return SESSION_REFUSED;
	}
	if (!admit(session, msg_id, seqno, constructor)) {
		if (session->duplicated)
			session_refuse_duplicated(session, msg_id);
		return SESSION_REFUSED;
	}
	if (constructor == WIRE_GZIP_PACKED)
		verdict = take_packed(session, conn, msg_id, body);
	else
		verdict = take_body(session, conn, msg_id, body);
	if (seqno & 1)
		session_ack_taken(session, msg_id);
	return verdict;
}

struct inner_message {
	uint64_t msg_id;
	uint32_t seqno;
	struct bytes body;
};

/* False at the end, or when the container does not hold what it says (r->failed). */
static bool next_inner(struct wire_reader *r, struct inner_message *inner)
{
	uint32_t size;

	if (r->failed || wire_left(r) == 0)
		return false;
	inner->msg_id = wire_u64(r);
	inner->seqno = wire_u32(r);
	size = wire_u32(r);
	if (size % 4 != 0 || size < 4)
		r->failed = true;
	inner->body = bytes_of(wire_take(r, size), size);
	return !r->failed;
}

/* E14: accepted or refused as a whole. */
static enum session_verdict check_container(
	const struct envelope_message *message, uint64_t *lowest, enum bad_message *code)
{
	struct wire_reader r = wire_reader_of(message->body);
	struct inner_message inner;
	uint32_t count, seen = 0;

	(void)wire_id(&r);
	count = wire_u32(&r);
	if (count > WIRE_CONTAINER_MAX)
		return SESSION_FLOOD;
	*code = BAD_CONTAINER;
	*lowest = message->msg_id;
	while (next_inner(&r, &inner)) {
		if (inner.msg_id % 4 != 0 || inner.msg_id >= message->msg_id ||
			inner.seqno > message->seqno ||
			constructor_of(inner.body) == WIRE_CONTAINER || ++seen > count)
			return SESSION_REFUSED;
		if (inner.msg_id < *lowest)
			*lowest = inner.msg_id;
	}
	return r.failed || seen != count ? SESSION_REFUSED : SESSION_ACCEPTED;
}

static enum session_verdict take_container(struct mtproto_session *session,
	struct mtproto_conn *conn, const struct envelope_message *message)
{
	struct wire_reader r = wire_reader_of(message->body);
	struct inner_message inner;
	enum bad_message code;
	uint64_t lowest;
	enum session_verdict verdict = check_container(message, &lowest, &code);

	if (verdict == SESSION_REFUSED)
		notify(session, message->msg_id, message->seqno, code);
	if (verdict != SESSION_ACCEPTED)
		return verdict;
	if (!session->duplicated &&
		!admit(session, message->msg_id, message->seqno, WIRE_CONTAINER))
		return SESSION_REFUSED;
	open_session(session, message->msg_id, lowest);
	(void)wire_take(&r, 8);
	while (next_inner(&r, &inner)) {
		verdict = take_message(session, conn, inner.msg_id, inner.seqno, inner.body);
		if (verdict == SESSION_FLOOD || verdict == SESSION_BROKEN || conn->closing)
			return verdict;
	}
	return SESSION_ACCEPTED;
}

/* E6, E8, E9. 0: in order. */
static int check_outer(const struct mtproto_conn *conn, const struct envelope_message *message,
	enum bad_message *code)
{
	int64_t now_s = clock_unix_s(conn->server->clock);
	int64_t sent_s = (int64_t)(message->msg_id >> 32);

	if (!auth_key_salt_valid(conn->key, message->salt, now_s))
		*code = BAD_SALT;
	else if (message->msg_id % 4 != 0)
		*code = BAD_ID_BITS;
	else if (sent_s < now_s - PAST_S)
		*code = BAD_ID_LOW;
	else if (sent_s > server_told_s(conn->server) + FUTURE_S)
		*code = BAD_ID_HIGH;
	else
		return 0;
	return -1;
}

enum session_verdict session_receive(
	struct mtproto_conn *conn, const struct envelope_message *message)
{
	struct mtproto_session *session;
	enum bad_message code;

	if (check_outer(conn, message, &code) < 0)
		return refuse_packet(conn,
			mtproto_session_find(conn->server, conn->key->id, message->session_id),
			message, code);
	if (message->body.size < 4)
		return SESSION_BROKEN;
	session = session_obtain(conn->server, conn->key, message->session_id);
	session->contested = is_contested(session, conn);
	session_attach(session, conn);
	if (constructor_of(message->body) == WIRE_CONTAINER)
		return take_container(session, conn, message);
	open_session(session, message->msg_id, message->msg_id);
	return take_message(session, conn, message->msg_id, message->seqno, message->body);
}
