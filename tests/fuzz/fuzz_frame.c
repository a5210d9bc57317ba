/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames. The first byte below 128: a hostile stream, both roles; bits say role, kind, obfuscation,
 * secrets; the second byte says how many bytes come at a time; then the stream. Every packet must
 * lie inside what was fed.
 * From 128 on: both ends talk, in any framing, obfuscation and over WebSocket or HTTP, and the
 * input bends some bytes on their way. What was not bent arrives as it was sent.
 */
#include <stdlib.h>

#include "mtproto/transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PACKETS_MAX 8

static const struct transport_secret known[] = {{{0}, false}, {{1}, true}}, unknown = {{2}, false};
static const struct transport_secrets secrets[] = {{known, 2, false}, {known, 2, true}};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void noise(void *ctx, void *out, size_t size)
{
	uint64_t *state = ctx;
	uint8_t *to = out;

	for (size_t i = 0; i < size; i++) {
		*state = *state * 6364136223846793005 + 1442695040888963407;
		to[i] = (uint8_t)(*state >> 56);
	}
}

/* ---- A hostile stream ---- */

static void begin(struct transport *t, uint8_t mode)
{
	static const enum transport_kind kinds[] = {
		TRANSPORT_ABRIDGED, TRANSPORT_INTERMEDIATE, TRANSPORT_PADDED, TRANSPORT_FULL};
	uint64_t state = 1;
	struct random random = {noise, &state};
	enum transport_kind kind = kinds[mode >> 2 & 3];
	struct buf first = {0};

	if (mode & 1)
		transport_init_client(
			t, kind, (mode & 2) && kind != TRANSPORT_FULL, 2, &random, &first);
	else
		transport_init_server(t, mode & 2 ? TRANSPORT_WEBSOCKET : TRANSPORT_TCP);
	if (!t->client && (mode & 16))
		transport_accept_secrets(t, &secrets[mode >> 5 & 1]);
	buf_release(&first);
}

static bool take_all(struct transport *t, size_t *given)
{
	struct transport_packet packet;
	enum transport_result result;
	uint8_t sum = 0;

	while ((result = transport_next(t, &packet)) == TRANSPORT_PACKET) {
		require(packet.size > 0);
		*given += packet.size;
		for (size_t i = 0; i < packet.size; i++)
			sum ^= packet.data[i];
		packet.data[0] = sum; /* packets are decrypted in place */
	}
	return result == TRANSPORT_MORE;
}

static void hostile(const uint8_t *data, size_t size)
{
	struct transport t;
	size_t step = data[1] ? data[1] : size, given = 0, total = size - 2;
	bool alive = true;

	begin(&t, data[0]);
	data += 2;
	size -= 2;
	while (size > 0 && alive) {
		size_t now = size < step ? size : step;

		transport_feed(&t, data, now);
		data += now;
		size -= now;
		alive = take_all(&t, &given);
	}
	require(given <= total);
	transport_release(&t);
}

/* ---- Both ends ---- */

struct input {
	const uint8_t *data;
	size_t size;
};

static uint8_t take(struct input *in)
{
	if (in->size == 0)
		return 0;
	in->size--;
	return *in->data++;
}

struct ends {
	struct transport client, server;
	enum transport_kind kind;
	uint64_t state;
	struct random random;
	struct buf wire;
	bool fair; /* the server must take what the client says */
	bool bent; /* something was changed on its way */
	size_t step;
};

static void open_ends(struct ends *e, struct input *in)
{
	static const struct transport_secret *const with[] = {NULL, &known[0], &known[1], &unknown};
	static const enum transport_kind kinds[] = {TRANSPORT_ABRIDGED, TRANSPORT_INTERMEDIATE,
		TRANSPORT_PADDED, TRANSPORT_FULL, TRANSPORT_HTTP};
	uint8_t how = take(in);
	bool can_hide = (e->kind = kinds[take(in) % ARRAY_LEN(kinds)]) <= TRANSPORT_PADDED;
	const struct transport_secret *secret = can_hide ? with[how >> 1 & 3] : NULL;
	bool hidden = secret || (can_hide && how & 1), only = how & 8, accepts = only || how & 32;
	bool websocket = how & 16 && e->kind != TRANSPORT_HTTP;
	int16_t dc = (int8_t)take(in);

	e->step = take(in);
	transport_init_server(&e->server, e->kind == TRANSPORT_HTTP ? TRANSPORT_EXCHANGE
					  : websocket		    ? TRANSPORT_WEBSOCKET
								    : TRANSPORT_TCP);
	if (accepts && e->kind != TRANSPORT_HTTP)
		transport_accept_secrets(&e->server, &secrets[only]);
	if (secret)
		transport_init_client_secret(&e->client, e->kind, secret, dc, &e->random, &e->wire);
	else
		transport_init_client(&e->client, e->kind, hidden, dc, &e->random, &e->wire);
	e->fair = e->kind == TRANSPORT_HTTP || ((hidden || !websocket) && (secret || !only));
	if (secret)
		e->fair &= accepts && secret != &unknown && transport_dc_is_known(dc) &&
			   (!secret->padded || e->kind == TRANSPORT_PADDED);
}

/* Mostly nothing; else a byte is changed, or some at the end get lost. */
static void bend(struct ends *e, struct input *in)
{
	uint8_t how = take(in), by = how < 200 ? 0 : take(in);
	size_t at;

	if (!by || buf_size(&e->wire) == 0)
		return;
	at = (size_t)take(in) * buf_size(&e->wire) / 256;
	e->bent = true;
	if (how < 240)
		buf_data(&e->wire)[at] ^= by;
	else
		buf_truncate(&e->wire, at);
}

/* What is on the wire arrives; the first packet of it must be this one, if nothing was bent. */
static void deliver(struct ends *e, struct transport *to, struct bytes sent, bool quick_ack)
{
	bool exact = e->kind != TRANSPORT_PADDED, sound = e->fair && !e->bent, came = false;
	size_t total = buf_size(&e->wire);
	struct transport_packet packet;
	enum transport_result result = TRANSPORT_MORE;

	while (buf_size(&e->wire) > 0 && (result == TRANSPORT_MORE || result == TRANSPORT_PACKET)) {
		size_t now = buf_size(&e->wire);

		if (e->step && e->step < now && e->kind != TRANSPORT_HTTP)
			now = e->step;
		transport_feed(to, buf_data(&e->wire), now);
		buf_consume(&e->wire, now);
		while ((result = transport_next(to, &packet)) == TRANSPORT_PACKET) {
			require(packet.size > 0 && packet.size <= total + to->pending.end);
			if (!sound || packet.is_error || packet.is_quick_ack)
				continue;
			require(!came && packet.size >= sent.size);
			require(packet.size - sent.size <= (exact ? 0u : 15u));
			require(memcmp(packet.data, sent.data, sent.size) == 0);
			require(to->client || e->kind == TRANSPORT_FULL ||
				e->kind == TRANSPORT_HTTP || packet.quick_ack == quick_ack);
			came = true;
			if (e->kind == TRANSPORT_HTTP)
				break;
		}
	}
	require(!sound || came);
	buf_clear(&e->wire);
}

static size_t body_size(struct input *in)
{
	uint8_t size = take(in);

	/* 24: what is shorter is an error, to a client */
	return 24 + (size < 240 ? (size_t)4 * size : (size_t)4 * 16 * take(in));
}

static void talk(struct ends *e, struct input *in)
{
	static uint8_t body[24 + 4 * 16 * 256];
	struct bytes sent = bytes_of(body, body_size(in));
	uint8_t how = take(in);

	noise(&e->state, body, sent.size < 64 ? sent.size : 64);
	transport_wrap(&e->client, sent, how & 1, &e->random, &e->wire);
	bend(e, in);
	deliver(e, &e->server, sent, how & 1);
	if (e->server.kind == TRANSPORT_UNDETECTED || e->server.failed)
		return;
	if (how & 2)
		transport_wrap_quick_ack(&e->server, how * 0x01010101u, &e->random, &e->wire);
	if (how & 4)
		transport_wrap_error(&e->server, TRANSPORT_ERROR_FLOOD, &e->random, &e->wire);
	if (e->kind == TRANSPORT_HTTP) /* the client reads a response, not a stream */
		return;
	transport_wrap(&e->server, sent, false, &e->random, &e->wire);
	bend(e, in);
	deliver(e, &e->client, sent, false);
}

static void both_ends(struct input in)
{
	struct ends e = {.state = 1};

	e.random = (struct random){noise, &e.state};
	open_ends(&e, &in);
	for (size_t i = 0; i < PACKETS_MAX && in.size > 0; i++) {
		talk(&e, &in);
		if (e.kind == TRANSPORT_HTTP || e.client.failed || e.server.failed)
			break;
	}
	transport_release(&e.client);
	transport_release(&e.server);
	buf_release(&e.wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	if (data[0] < 128)
		hostile(data, size);
	else
		both_ends((struct input){data + 1, size - 1});
	return 0;
}
