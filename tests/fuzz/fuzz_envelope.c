/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client with a key can say: plaintexts after decryption, containers, service messages,
 * packed queries, over several sessions, reconnects and time. The input is a list of records:
 * operation 1 | argument 1 | size 2 | body.
 */
#include <assert.h>
#include <stdlib.h>

#include "mtproto/session_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	struct mtproto_server server;
	struct mtproto_conn conn;
	struct auth_key key;
	struct buf out;
	int64_t now_us;
	uint64_t held, next_id;
	bool closed;
} f;

static int64_t now(void *ctx)
{
	(void)ctx;
	return f.now_us;
}

static void noise(void *ctx, void *out, size_t size)
{
	(void)ctx;
	memset(out, 0x5a, size);
}

static const struct clock fuzz_clock = {now, now, NULL};
static const struct random fuzz_random = {noise, NULL};

static enum mtproto_key_lookup key_find(void *ctx, uint64_t id, struct auth_key **key)
{
	(void)ctx;
	(void)id;
	*key = &f.key;
	return MTPROTO_KEY_FOUND;
}

static void key_new(void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key)
{
	(void)ctx;
	(void)conn;
	(void)new_key;
}

static void key_destroy(void *ctx, struct mtproto_session *session, uint64_t req_msg_id)
{
	(void)ctx;
	mtproto_session_key_destroyed(session, req_msg_id, MTPROTO_DESTROY_NONE);
}

static void session_event(void *ctx, struct mtproto_session *session)
{
	(void)ctx;
	assert(session->key == &f.key);
}

static void call(void *ctx, struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	(void)ctx;
	assert(conn->session == session && body.size >= 4 && body.size % 4 == 0);
	if (body.data[0] & 1)
		f.held = msg_id;
	else
		mtproto_session_reply(session, msg_id, body);
}

static void output(void *ctx, struct mtproto_conn *conn)
{
	(void)ctx;
	(void)conn;
	buf_clear(&f.out);
}

static void close_conn(void *ctx, struct mtproto_conn *conn)
{
	(void)ctx;
	(void)conn;
	f.closed = true;
}

static void connect_again(void)
{
	mtproto_conn_init(&f.conn, &f.server, TRANSPORT_TCP, &f.out, NULL);
	transport_feed(&f.conn.transport, "\xef", 1);
	struct transport_packet packet;
	assert(transport_next(&f.conn.transport, &packet) == TRANSPORT_MORE);
	f.conn.key = &f.key;
	f.key.refs++;
	f.closed = false;
}

static void begin(void)
{
	static const struct mtproto_host host = {.key_find = key_find,
		.key_new = key_new,
		.key_destroy = key_destroy,
		.session_opened = session_event,
		.session_closed = session_event,
		.call = call,
		.output = output,
		.close = close_conn};
	static uint8_t full[256];

	memset(&f, 0, sizeof(f));
	f.now_us = 1800000000LL * 1000000;
	auth_key_init(&f.key);
	auth_key_set(&f.key, full);
	mtproto_server_init(&f.server, &host, &fuzz_clock, &fuzz_random, NULL);
	f.server.limits.sessions_per_key_max = 3;
	connect_again();
}

static void end(void)
{
	mtproto_conn_release(&f.conn);
	mtproto_server_release(&f.server);
	assert(f.key.refs == 0 && f.key.sessions_count == 0);
	buf_release(&f.out);
}

/* The low bits of the argument choose session and seqno, so that most messages get past the checks.
 */
static void say(uint8_t argument, struct bytes body)
{
	struct envelope_message message = {0};

	message.salt = auth_key_salt(&f.key, f.now_us / 1000000);
	message.session_id = argument & 3;
	message.msg_id = ((uint64_t)f.now_us / 1000000 << 32) + (f.next_id += 4096);
	message.seqno = argument >> 2 & 1 ? 2 * (uint32_t)(f.next_id / 4096) + 1
					  : 2 * (uint32_t)(f.next_id / 4096);
	if (argument & 8)
		message.msg_id -= 2 * 4096;
	message.body = body;
	server_enter(&f.server);
	if (session_receive(&f.conn, &message) >= SESSION_FLOOD)
		conn_fail(&f.conn, TRANSPORT_ERROR_FLOOD);
	server_leave(&f.server);
}

static void parse(struct bytes plain)
{
	struct envelope_message message;

	if (envelope_parse(plain.data, plain.size, &message) < 0)
		return;
	server_enter(&f.server);
	(void)session_receive(&f.conn, &message);
	server_leave(&f.server);
}

static void run_record(uint8_t operation, uint8_t argument, struct bytes body)
{
	struct mtproto_session *session;

	if (f.closed || operation % 8 == 3) {
		mtproto_conn_release(&f.conn);
		connect_again();
	}
	switch (operation % 8) {
	case 0:
	case 1:
		body.size &= ~(size_t)3;
		say(argument, body);
		break;
	case 2:
		parse(body);
		break;
	case 4:
		f.now_us += (int64_t)argument * 10000000;
		mtproto_server_tick(&f.server);
		break;
	case 5:
		session = mtproto_session_find(&f.server, f.key.id, argument & 3);
		if (session && f.held)
			mtproto_session_error(session, f.held, 400, "HELD");
		break;
	case 6:
		session = mtproto_session_find(&f.server, f.key.id, argument & 3);
		if (session && body.size >= 4)
			(void)mtproto_session_push(session,
				bytes_of(body.data, body.size & ~(size_t)3), MTPROTO_PUSH_UPDATE);
		break;
	default:
		mtproto_server_flush(&f.server);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin();
	while (size >= 4) {
		size_t body = data[2] | (size_t)data[3] << 8;

		if (body > size - 4)
			body = size - 4;
		run_record(data[0], data[1], bytes_of(data + 4, body));
		data += 4 + body;
		size -= 4 + body;
	}
	mtproto_server_flush(&f.server);
	end();
	return 0;
}
