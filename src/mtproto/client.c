/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client role: one connection, one session. What comes in is decrypted, unpacked and handed to
 * the events; salts, time and acknowledgements are looked after here. Key creation is in
 * handshake_client.c.
 */
#include "mtproto/client.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "mtproto/envelope.h"
#include "mtproto/gzip.h"
#include "mtproto/wire.h"

/* A call that may have to be sent again. */
struct mtproto_client_sent {
	struct list node;
	uint64_t msg_id;   /* it travels under */
	uint64_t first_id; /* it is known to the caller by */
	size_t size;
	unsigned corrections; /* times it was refused for its salt or time */
	uint8_t body[];
};

/* A server that refuses more often contradicts itself. */
#define CORRECTIONS_MAX 4

static void fail(struct mtproto_client *c, int32_t code)
{
	if (c->over)
		return;
	c->over = true;
	c->events->failed(c->ctx, c, code);
}

static void forget_handshake(struct mtproto_client *c)
{
	if (c->handshake)
		bytes_wipe(c->handshake, sizeof(*c->handshake));
	free(c->handshake);
	c->handshake = NULL;
}

void mtproto_client_init(struct mtproto_client *c, const struct mtproto_client_options *options,
	const struct mtproto_client_events *events, void *ctx, const struct clock *clock,
	const struct random *random, struct buf *out)
{
	memset(c, 0, sizeof(*c));
	c->events = events;
	c->ctx = ctx;
	c->clock = clock;
	c->random = random;
	c->out = out;
	c->session_id = random_u64(random);
	auth_key_init(&c->key);
	list_init(&c->sent);
	transport_init_client(
		&c->transport, options->kind, options->obfuscated, options->dc, random, out);
}

void mtproto_client_release(struct mtproto_client *c)
{
	LIST_EACH_SAFE (node, &c->sent)
		free(LIST_OWNER(node, struct mtproto_client_sent, node));
	list_init(&c->sent);
	forget_handshake(c);
	transport_release(&c->transport);
	auth_key_wipe(&c->key);
}

uint64_t mtproto_client_next_msg_id(struct mtproto_client *c)
{
	uint64_t now_us = (uint64_t)(clock_realtime_us(c->clock) + c->time_offset_us);
	uint64_t id = now_us / 1000000 << 32 | ((now_us % 1000000) << 32) / 1000000;

	id &= ~(uint64_t)3;
	if (id <= c->last_msg_id)
		id = c->last_msg_id + 4;
	c->last_msg_id = id;
	return id;
}

uint32_t mtproto_client_next_seqno(struct mtproto_client *c, bool content)
{
	uint32_t seqno = c->seqno * 2;

	if (content) {
		seqno++;
		c->seqno++;
	}
	return seqno;
}

static void send_plain(struct mtproto_client *c, struct bytes body)
{
	struct buf packet = {0};

	buf_append_u64le(&packet, 0);
	buf_append_u64le(&packet, mtproto_client_next_msg_id(c));
	buf_append_u32le(&packet, (uint32_t)body.size);
	buf_append_bytes(&packet, body);
	transport_wrap(&c->transport, buf_bytes(&packet), false, c->random, c->out);
	buf_release(&packet);
}

void mtproto_client_handshake(
	struct mtproto_client *c, const struct handshake_client_options *options)
{
	struct buf query = {0};

	forget_handshake(c);
	c->handshake = MEM_NEW(struct handshake_client);
	handshake_client_start(c->handshake, options, c->random, &query);
	send_plain(c, buf_bytes(&query));
	buf_release(&query);
}

void mtproto_client_use_key(struct mtproto_client *c, const struct auth_key *key, uint64_t salt)
{
	c->key = *key;
	list_init(&c->key.sessions);
	c->has_key = true;
	c->salt = salt;
}

void mtproto_client_send_raw(struct mtproto_client *c, uint64_t salt, uint64_t session_id,
	uint64_t msg_id, uint32_t seqno, struct bytes body, bool quick_ack)
{
	struct envelope_message message = {salt, session_id, msg_id, seqno, body, 0};
	struct buf packet = {0};

	assert(c->has_key);
	envelope_seal(&c->key, &message, ENVELOPE_TO_SERVER, c->random, &packet);
	transport_wrap(&c->transport, buf_bytes(&packet), quick_ack, c->random, c->out);
	buf_release(&packet);
}

uint64_t mtproto_client_send(struct mtproto_client *c, struct bytes body, bool content)
{
	uint64_t msg_id = mtproto_client_next_msg_id(c);

	mtproto_client_send_raw(c, c->salt, c->session_id, msg_id,
		mtproto_client_next_seqno(c, content), body, false);
	return msg_id;
}

void mtproto_client_flush_acks(struct mtproto_client *c)
{
	uint8_t body[12 + sizeof(c->acks)];

	if (c->acks_count == 0)
		return;
	store_u32le(body, (uint32_t)WIRE_MSGS_ACK);
	store_u32le(body + 4, WIRE_VECTOR);
	store_u32le(body + 8, c->acks_count);
	memcpy(body + 12, c->acks, 8 * (size_t)c->acks_count);
	mtproto_client_send(c, bytes_of(body, 12 + 8 * (size_t)c->acks_count), false);
	c->acks_count = 0;
}

uint64_t mtproto_client_call(struct mtproto_client *c, struct bytes body, bool keep)
{
	uint64_t msg_id;

	mtproto_client_flush_acks(c);
	msg_id = mtproto_client_send(c, body, true);
	if (keep) {
		struct mtproto_client_sent *sent = mem_alloc(sizeof(*sent) + body.size);

		sent->msg_id = sent->first_id = msg_id;
		sent->size = body.size;
		sent->corrections = 0;
		memcpy(sent->body, body.data, body.size);
		list_append(&c->sent, &sent->node);
	}
	return msg_id;
}

void mtproto_client_ping(struct mtproto_client *c, uint64_t ping_id)
{
	uint8_t body[12];

	store_u32le(body, WIRE_PING);
	store_u64le(body + 4, ping_id);
	mtproto_client_send(c, bytes_of(body, sizeof(body)), true);
}

static struct mtproto_client_sent *find_sent(struct mtproto_client *c, uint64_t msg_id)
{
	LIST_EACH (node, &c->sent) {
		struct mtproto_client_sent *sent =
			LIST_OWNER(node, struct mtproto_client_sent, node);

		if (sent->msg_id == msg_id)
			return sent;
	}
	return NULL;
}

static void send_again(struct mtproto_client *c, struct mtproto_client_sent *sent)
{
	sent->msg_id = mtproto_client_send(c, bytes_of(sent->body, sent->size), true);
}

void mtproto_client_reconnect(
	struct mtproto_client *c, const struct mtproto_client_options *options, struct buf *out)
{
	transport_release(&c->transport);
	c->out = out;
	c->over = false;
	transport_init_client(
		&c->transport, options->kind, options->obfuscated, options->dc, c->random, out);
	LIST_EACH (node, &c->sent)
		send_again(c, LIST_OWNER(node, struct mtproto_client_sent, node));
}

static void take_result(struct mtproto_client *c, struct bytes body)
{
	uint64_t id = load_u64le(body.data + 4);
	struct mtproto_client_sent *sent = find_sent(c, id);
	struct bytes result = bytes_of(body.data + 12, body.size - 12), text;
	struct wire_reader r = wire_reader_of(result);
	int32_t constructor = wire_id(&r), code;
	struct buf plain = {0};

	if (sent) {
		id = sent->first_id;
		list_remove(&sent->node);
		free(sent);
	}
	if (constructor == WIRE_RPC_ERROR) {
		code = (int32_t)wire_u32(&r);
		text = wire_string(&r);
		c->events->result(c->ctx, c, id, bytes_of(NULL, 0), code, text);
	} else if (constructor == WIRE_GZIP_PACKED) {
		if (gzip_inflate(wire_string(&r), &plain) < 0)
			fail(c, 0);
		else
			c->events->result(c->ctx, c, id, buf_bytes(&plain), 0, bytes_of(NULL, 0));
	} else {
		c->events->result(c->ctx, c, id, result, 0, bytes_of(NULL, 0));
	}
	buf_release(&plain);
}

static void tell_service(struct mtproto_client *c, uint64_t msg_id, struct bytes body)
{
	if (c->events->service)
		c->events->service(c->ctx, c, msg_id, body);
}

/* Salt and clock are put right and the call goes again; for the rest, the caller must know. */
static void take_bad(
	struct mtproto_client *c, uint64_t msg_id, int32_t constructor, struct bytes body)
{
	struct mtproto_client_sent *sent = find_sent(c, load_u64le(body.data + 4));
	uint32_t code = load_u32le(body.data + 16);

	if (constructor == WIRE_BAD_SALT)
		c->salt = load_u64le(body.data + 20);
	else if (code == 16 || code == 17)
		c->time_offset_us = (int64_t)(msg_id >> 32) * 1000000 - clock_realtime_us(c->clock);
	if (code == 17)
		c->last_msg_id = 0;
	if (sent && (code == 48 || code == 16 || code == 17) &&
		sent->corrections++ < CORRECTIONS_MAX)
		send_again(c, sent);
	else
		tell_service(c, msg_id, body);
}

static const struct {
	int32_t id;
	uint32_t size_min;
} shapes[] = {
	{WIRE_RPC_RESULT, 16},
	{WIRE_BAD_MSG, 20},
	{WIRE_BAD_SALT, 28},
	{WIRE_PONG, 20},
	{WIRE_FUTURE_SALTS, 20},
	{WIRE_STATE_INFO, 16},
	{WIRE_DETAILED_INFO, 28},
	{WIRE_NEW_DETAILED_INFO, 20},
	{WIRE_DESTROY_SESSION_OK, 12},
	{WIRE_DESTROY_SESSION_NONE, 12},
	{WIRE_DESTROY_KEY_OK, 4},
	{WIRE_DESTROY_KEY_NONE, 4},
	{WIRE_DESTROY_KEY_FAIL, 4},
	{WIRE_MSGS_ACK, 12},
};

/* False: an update or something else that is not the protocol's own. */
static bool is_service(int32_t constructor, size_t size, bool *whole)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		if (shapes[i].id != constructor)
			continue;
		*whole = size >= shapes[i].size_min;
		return true;
	}
	return false;
}

static void take_acks(struct mtproto_client *c, struct bytes body)
{
	size_t count = (body.size - 12) / 8;

	for (size_t i = 0; i < count && c->events->acknowledged; i++)
		c->events->acknowledged(c->ctx, c, load_u64le(body.data + 12 + 8 * i));
}

static void take_message(
	struct mtproto_client *c, uint64_t msg_id, uint32_t seqno, struct bytes body)
{
	int32_t constructor = body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;
	bool whole = true;

	if (seqno & 1) {
		if (c->acks_count == ARRAY_LEN(c->acks))
			mtproto_client_flush_acks(c);
		c->acks[c->acks_count++] = msg_id;
	}
	if (!is_service(constructor, body.size, &whole)) {
		if (constructor == WIRE_NEW_SESSION && body.size >= 28)
			c->salt = load_u64le(body.data + 20);
		if (c->events->update)
			c->events->update(c->ctx, c, msg_id, body);
	} else if (!whole) {
		fail(c, 0);
	} else if (constructor == WIRE_RPC_RESULT) {
		take_result(c, body);
	} else if (constructor == WIRE_BAD_SALT || constructor == WIRE_BAD_MSG) {
		take_bad(c, msg_id, constructor, body);
	} else if (constructor == WIRE_MSGS_ACK) {
		take_acks(c, body);
	} else {
		tell_service(c, msg_id, body);
	}
}

static void take_container(struct mtproto_client *c, struct bytes body)
{
	struct wire_reader r = wire_reader_of(body);
	uint32_t count;

	(void)wire_id(&r);
	count = wire_u32(&r);
	for (uint32_t i = 0; i < count && !c->over; i++) {
		uint64_t msg_id = wire_u64(&r);
		uint32_t seqno = wire_u32(&r), size = wire_u32(&r);
		const uint8_t *data = wire_take(&r, size);

		if (r.failed)
			break;
		take_message(c, msg_id, seqno, bytes_of(data, size));
	}
	if (!c->over && !wire_done(&r))
		fail(c, 0);
}

static void note_id(struct mtproto_client *c, uint64_t msg_id)
{
	if (!c->oldest_id || msg_id < c->oldest_id)
		c->oldest_id = msg_id;
	if (msg_id > c->newest_id)
		c->newest_id = msg_id;
}

static void take_encrypted(struct mtproto_client *c, const struct transport_packet *packet)
{
	struct envelope_message message;
	size_t size = packet->size;

	if (c->transport.kind == TRANSPORT_PADDED && size >= ENVELOPE_OUTER)
		size -= (size - ENVELOPE_OUTER) % 16;
	if (!c->has_key || load_u64le(packet->data) != c->key.id ||
		envelope_open(&c->key, packet->data, size, ENVELOPE_TO_CLIENT, &message) < 0 ||
		message.session_id != c->session_id || message.msg_id % 2 == 0) {
		fail(c, 0);
		return;
	}
	note_id(c, message.msg_id);
	if (message.body.size >= 8 && (int32_t)load_u32le(message.body.data) == WIRE_CONTAINER)
		take_container(c, message.body);
	else
		take_message(c, message.msg_id, message.seqno, message.body);
}

static void take_plain(struct mtproto_client *c, const struct transport_packet *packet)
{
	struct buf query = {0};
	size_t size;

	if (!c->handshake || packet->size < 20 ||
		(size = load_u32le(packet->data + 16)) > packet->size - 20) {
		fail(c, 0);
		return;
	}
	switch (handshake_client_take(c->handshake, bytes_of(packet->data + 20, size), &query)) {
	case HANDSHAKE_CLIENT_SEND:
		send_plain(c, buf_bytes(&query));
		break;
	case HANDSHAKE_CLIENT_DONE:
		c->time_offset_us =
			c->handshake->server_time * 1000000 - clock_realtime_us(c->clock);
		mtproto_client_use_key(c, &c->handshake->key, c->handshake->key.first_salt);
		forget_handshake(c);
		c->events->ready(c->ctx, c);
		break;
	case HANDSHAKE_CLIENT_WRONG:
		fail(c, 0);
		break;
	}
	buf_release(&query);
}

static void take_packet(struct mtproto_client *c, const struct transport_packet *packet)
{
	if (packet->is_quick_ack) {
		if (c->events->quick_ack)
			c->events->quick_ack(c->ctx, c, load_u32le(packet->data));
	} else if (packet->is_error) {
		fail(c, packet->size >= 4 ? (int32_t)load_u32le(packet->data) : 0);
	} else if (load_u64le(packet->data) == 0) {
		take_plain(c, packet);
	} else {
		take_encrypted(c, packet);
	}
}

void mtproto_client_feed(struct mtproto_client *c, const void *data, size_t size)
{
	struct transport_packet packet;
	enum transport_result result = TRANSPORT_MORE;

	if (c->over)
		return;
	transport_feed(&c->transport, data, size);
	while (!c->over) {
		result = transport_next(&c->transport, &packet);
		if (result != TRANSPORT_PACKET)
			break;
		take_packet(c, &packet);
	}
	if (result == TRANSPORT_BAD)
		fail(c, 0);
}
