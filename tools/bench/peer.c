/* SPDX-License-Identifier: Apache-2.0 */
/* Between net's connections and mtproto's client role. */
#include "bench/peer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/introduce.h"
#include "bench/process.h"
#include "tl/write.h"

/* What decoding may take of the arena, beyond a multiple of the input. */
#define DECODE_ROOM ((size_t)64 << 10)
#define NEW_SESSION_CREATED 0x9ec20908u

/* ---- Shared by all ---- */

int peers_init(struct peers *peers, struct loop *loop, uint16_t port, const char *key_path,
	struct err *err)
{
	memset(peers, 0, sizeof(*peers));
	peers->loop = loop;
	arena_init(&peers->arena);
	peers->key = rsa_key_load_public(key_path, err);
	return peers->key ? address_parse(&peers->to, "127.0.0.1", port, err) : -1;
}

void peers_release(struct peers *peers)
{
	rsa_key_free(peers->key);
	arena_release(&peers->arena);
	buf_release(&peers->query);
	buf_release(&peers->wrapped);
}

void peers_fail(struct peers *peers, const char *format, ...)
{
	va_list args;

	if (peers->failed)
		return;
	peers->failed = true;
	va_start(args, format);
	vsnprintf(peers->failure.text, sizeof(peers->failure.text), format, args);
	va_end(args);
}

int peers_run(struct peers *peers, bool (*done)(void *ctx), void *ctx, int64_t timeout_ms,
	struct err *err)
{
	int64_t until_us = now_us() + timeout_ms * 1000, left_us = timeout_ms * 1000;

	while (!(done && done(ctx))) {
		if (peers->failed) {
			*err = peers->failure;
			return -1;
		}
		if (peers->interrupted && *peers->interrupted)
			return err_set(err, 0, "interrupted");
		left_us = until_us - now_us();
		if (left_us <= 0)
			return done ? err_set(err, 0, "not done after %lld s",
					      (long long)timeout_ms / 1000)
				    : 0;
		loop_step(peers->loop, left_us < 50000 ? (int)(left_us / 1000) + 1 : 50);
	}
	return 0;
}

/* ---- Connection ---- */

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct peer *peer = conn_owner(conn);

	/* Asked for each time, so that what the client writes leaves at the round's end. */
	peer->client.out = conn_out(conn);
	mtproto_client_feed(&peer->client, in.data, in.size);
	return in.size;
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	struct peer *peer = conn_owner(conn);

	if (!peer || peer->conn != conn)
		return;
	peer->conn = NULL;
	if (reason == CONN_SHUTDOWN)
		return;
	if (peer->ops->closed)
		peer->ops->closed(peer);
	else
		peers_fail(peer->peers, "a connection ended: %s", conn_reason_name(reason));
}

static const struct conn_ops conn_ops = {.on_data = on_data, .on_close = on_close};

static const struct conn_limits limits = {
	.input_max = (size_t)4 << 20,
	.output_max = (size_t)16 << 20,
	.stall_ms = 60 * 1000,
};

/* ---- Events of the client role ---- */

static void on_ready(void *ctx, struct mtproto_client *client)
{
	struct peer *peer = ctx;

	peer->ops->ready(peer);
	arena_reset(&peer->peers->arena);
}

/* Takes the call out of the list. */
static bool find_call(struct peer *peer, uint64_t msg_id, struct peer_call *out)
{
	for (uint32_t i = 0; i < peer->call_count; i++) {
		if (peer->calls[i].msg_id != msg_id)
			continue;
		*out = peer->calls[i];
		peer->calls[i] = peer->calls[--peer->call_count];
		return true;
	}
	return false;
}

static void on_result(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body,
	int32_t error_code, struct bytes error_text)
{
	struct peer *peer = ctx;
	struct peer_answer answer = {.error_code = error_code, .error_text = error_text};
	struct tl_reader reader;
	struct peer_call call;

	if (!find_call(peer, msg_id, &call)) {
		peers_fail(peer->peers, "an answer to no question");
		return;
	}
	if (error_code == 0) {
		tl_reader_init(&reader, body, 16 * body.size + DECODE_ROOM);
		if (tl_read_result(&reader, &peer->peers->arena, call.method, PEER_LAYER,
			    &answer.reply) < 0 ||
			tl_reader_finish(&reader) < 0) {
			peers_fail(peer->peers, "the answer to %s is not of the schema: %s",
				tl_name_text(call.method), tl_fault_text(reader.fault));
			return;
		}
	}
	if (call.done)
		call.done(peer, &answer, call.tag);
	arena_reset(&peer->peers->arena);
}

static void on_update(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct peer *peer = ctx;
	struct tl_object *update;
	struct tl_reader reader;

	if (!peer->ops->update || body.size < 4 || load_u32le(body.data) == NEW_SESSION_CREATED)
		return;
	tl_reader_init(&reader, body, 16 * body.size + DECODE_ROOM);
	update = tl_read_object(&reader, &peer->peers->arena, TL_TYPE_ANY);
	if (!update || tl_reader_finish(&reader) < 0)
		peers_fail(peer->peers, "an update is not of the schema: %s",
			tl_fault_text(reader.fault));
	else
		peer->ops->update(peer, update);
	arena_reset(&peer->peers->arena);
}

static void on_failed(void *ctx, struct mtproto_client *client, int32_t code)
{
	struct peer *peer = ctx;

	peers_fail(peer->peers, "the server broke the protocol or refused (transport code %d)",
		(int)code);
}

static const struct mtproto_client_events events = {
	.ready = on_ready,
	.result = on_result,
	.update = on_update,
	.failed = on_failed,
};

/* ---- Peer ---- */

static bool peer_connect(
	struct peer *peer, struct peers *peers, const struct peer_ops *ops, void *owner)
{
	const struct mtproto_client_options options = {
		.kind = TRANSPORT_INTERMEDIATE, .obfuscated = true, .dc = 2};
	struct err err;

	memset(peer, 0, sizeof(*peer));
	peer->ops = ops;
	peer->owner = owner;
	peer->conn = conn_connect(peers->loop, &peers->to, &limits, &conn_ops, peer, &err);
	if (!peer->conn) {
		peers_fail(peers, "%s", err.text);
		return false;
	}
	peer->peers = peers;
	mtproto_client_init(&peer->client, &options, &events, peer, &clock_system, &random_system,
		conn_out(peer->conn));
	return true;
}

void peer_open(struct peer *peer, struct peers *peers, const struct peer_ops *ops, void *owner)
{
	const struct handshake_client_options handshake = {.server_key = peers->key,
		.form = HANDSHAKE_RSA_PAD,
		.multi = true,
		.name_dc = true,
		.dc = 2,
		.expires_in = peers->expires_in};

	if (peer_connect(peer, peers, ops, owner))
		mtproto_client_handshake(&peer->client, &handshake);
}

void peer_open_known(
	struct peer *peer, const struct peer *other, const struct peer_ops *ops, void *owner)
{
	if (!peer_connect(peer, other->peers, ops, owner))
		return;
	peer->client.time_offset_us = other->client.time_offset_us;
	mtproto_client_use_key(&peer->client, &other->client.key, other->client.salt);
	ops->ready(peer);
}

void peer_close(struct peer *peer)
{
	if (!peer->conn)
		return;
	conn_set_owner(peer->conn, &conn_ops, NULL); /* on_close must not find us any more */
	conn_close(peer->conn);
	peer->conn = NULL;
	peer->call_count = 0;
}

void peer_flush_acks(struct peer *peer)
{
	if (!peer->conn)
		return;
	peer->client.out = conn_out(peer->conn);
	mtproto_client_flush_acks(&peer->client);
}

void peer_release(struct peer *peer)
{
	if (peer->peers)
		mtproto_client_release(&peer->client);
	free(peer->calls);
	peer->calls = NULL;
	peer->peers = NULL;
}

static struct peer_call *new_call(struct peer *peer)
{
	assert(peer->call_count < PEER_CALLS_MAX);
	if (peer->call_count == peer->call_capacity) {
		peer->call_capacity = peer->call_capacity ? 2 * peer->call_capacity : 2;
		peer->calls = mem_realloc(peer->calls, peer->call_capacity * sizeof(*peer->calls));
	}
	return &peer->calls[peer->call_count++];
}

void peer_call(struct peer *peer, const struct tl_object *query,
	void (*done)(struct peer *peer, const struct peer_answer *answer, uint32_t tag),
	uint32_t tag)
{
	struct peers *peers = peer->peers;
	struct bytes body;
	uint64_t msg_id;

	if (!peer->conn)
		return; /* the run has failed already */
	buf_clear(&peers->query);
	tl_write_object(&peers->query, query, PEER_LAYER);
	assert(!peers->query.failed);
	body = buf_bytes(&peers->query);
	if (!peer->introduced) {
		buf_clear(&peers->wrapped);
		introduce(&peers->wrapped, PEER_LAYER, body);
		body = buf_bytes(&peers->wrapped);
	}
	peer->introduced = true;
	peer->client.out = conn_out(peer->conn);
	msg_id = mtproto_client_call(&peer->client, body, true);
	*new_call(peer) = (struct peer_call){msg_id, query->name, tag, done};
}
