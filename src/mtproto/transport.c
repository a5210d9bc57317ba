/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading frames out of a stream: detection (server role) and the five framings. Writing is in
 * transport_write.c, obfuscation in transport_crypt.c.
 */
#include "mtproto/transport.h"

#include <assert.h>
#include <libdeflate.h>

#include "mtproto/transport_crypt.h"

/* Anything shorter can't be a message: plain ones have 20 bytes before the body. */
#define SHORTEST_MESSAGE 20

#define FULL_OVERHEAD 12 /* length, number, checksum */

void transport_init_server(struct transport *t, enum transport_stream stream)
{
	memset(t, 0, sizeof(*t));
	t->stream = stream;
	if (stream == TRANSPORT_EXCHANGE)
		t->kind = TRANSPORT_HTTP;
}

void transport_release(struct transport *t)
{
	transport_crypt_free(t->crypt);
	t->crypt = NULL;
	buf_release(&t->pending);
}

void transport_feed(struct transport *t, const void *data, size_t size)
{
	uint8_t *to;

	if (size == 0 || t->failed)
		return;
	to = buf_extend(&t->pending, size);
	if (!to) {
		t->failed = true;
		return;
	}
	if (t->crypt)
		transport_crypt_in(t->crypt, data, to, size);
	else
		memcpy(to, data, size);
}

static enum transport_result bad(struct transport *t)
{
	t->failed = true;
	buf_release(&t->pending);
	return TRANSPORT_BAD;
}

void transport_accept_secrets(struct transport *t, const struct transport_secrets *secrets)
{
	assert(!t->client && t->kind == TRANSPORT_UNDETECTED);
	t->secrets = secrets;
}

bool transport_dc_is_known(int dc)
{
	dc = dc < 0 ? -dc : dc;
	return (dc >= 1 && dc <= 5) || (dc >= 10001 && dc <= 10005);
}

/* The tag inside decides whether the header was made with this secret (NULL: with none). */
static bool opens_with(
	struct transport *t, const uint8_t *sealed, const struct transport_secret *secret)
{
	uint8_t header[OBFUSCATION_HEADER];

	memcpy(header, sealed, sizeof(header));
	t->crypt = transport_crypt_new_server(header, secret ? secret->bytes : NULL);
	t->kind = transport_kind_of_tag(load_u32le(header + 56));
	if (secret && secret->padded && t->kind != TRANSPORT_PADDED)
		t->kind = TRANSPORT_UNDETECTED;
	t->dc = (int16_t)(header[60] | header[61] << 8);
	t->secret = secret != NULL;
	if (t->kind != TRANSPORT_UNDETECTED)
		return true;
	transport_crypt_free(t->crypt);
	t->crypt = NULL;
	return false;
}

static bool opens_with_a_secret(struct transport *t, const struct transport_secrets *secrets,
	const uint8_t header[OBFUSCATION_HEADER])
{
	for (size_t i = 0; secrets && i < secrets->count; i++)
		if (opens_with(t, header, &secrets->at[i]))
			return true;
	return false;
}

bool transport_knows_header(
	const struct transport_secrets *secrets, const uint8_t header[TRANSPORT_OBFUSCATION_SIZE])
{
	struct transport t = {0};
	bool known = opens_with_a_secret(&t, secrets, header);

	transport_release(&t);
	return known;
}

/* The 64 bytes are there. What follows is decrypted in place. */
static enum transport_result detect_obfuscated(struct transport *t)
{
	const uint8_t *header = buf_data(&t->pending);
	size_t rest;

	if (buf_size(&t->pending) < OBFUSCATION_HEADER)
		return TRANSPORT_MORE;
	if (!opens_with_a_secret(t, t->secrets, header) &&
		((t->secrets && t->secrets->only) || !opens_with(t, header, NULL)))
		return bad(t);
	if (t->secret && !transport_dc_is_known(t->dc)) {
		t->failed = true;
		return TRANSPORT_BAD_DC;
	}
	buf_consume(&t->pending, OBFUSCATION_HEADER);
	rest = buf_size(&t->pending);
	if (rest > 0)
		transport_crypt_in(t->crypt, buf_data(&t->pending), buf_data(&t->pending), rest);
	return TRANSPORT_PACKET;
}

/* PACKET here means: detected, go on. Rules: first byte; then 4; then 8, where a zero second word
 * is the first sequence number of full framing; everything else is the random header of
 * obfuscation. */
static enum transport_result detect(struct transport *t)
{
	const uint8_t *head = buf_data(&t->pending);
	size_t size = buf_size(&t->pending);

	if (size == 0)
		return TRANSPORT_MORE;
	if (t->stream == TRANSPORT_WEBSOCKET || (t->secrets && t->secrets->only))
		return detect_obfuscated(t);
	if (head[0] == 0xef) {
		t->kind = TRANSPORT_ABRIDGED;
		buf_consume(&t->pending, 1);
		return TRANSPORT_PACKET;
	}
	if (size < 4)
		return TRANSPORT_MORE;
	t->kind = transport_kind_of_tag(load_u32le(head));
	if (t->kind == TRANSPORT_INTERMEDIATE || t->kind == TRANSPORT_PADDED) {
		buf_consume(&t->pending, 4);
		return TRANSPORT_PACKET;
	}
	t->kind = TRANSPORT_UNDETECTED;
	if (size < 8)
		return TRANSPORT_MORE;
	if (load_u32le(head + 4) == 0) {
		t->kind = TRANSPORT_FULL;
		return TRANSPORT_PACKET;
	}
	return detect_obfuscated(t);
}

/* The frame is header bytes of prefix, then size bytes. */
static enum transport_result give(struct transport *t, size_t header, size_t size, size_t trailer,
	struct transport_packet *packet)
{
	packet->data = buf_data(&t->pending) + header;
	packet->size = size;
	t->taken = header + size + trailer;
	/* Padded framing hides how short a short packet is: errors and tokens have up to 15 bytes
	 * more. */
	if (t->client && !packet->is_quick_ack && size < SHORTEST_MESSAGE) {
		packet->is_error = true;
		packet->size = 4;
		if (t->kind == TRANSPORT_PADDED && size >= 8 &&
			load_u32le(packet->data) == UINT32_MAX) {
			packet->is_error = false;
			packet->is_quick_ack = true;
			packet->data += 4;
		}
	}
	return TRANSPORT_PACKET;
}

static size_t packet_max(const struct transport *t)
{
	return t->client ? TRANSPORT_ANSWER_MAX : TRANSPORT_PACKET_MAX;
}

static enum transport_result next_abridged(struct transport *t, struct transport_packet *packet)
{
	uint8_t *head = buf_data(&t->pending);
	size_t have = buf_size(&t->pending);
	size_t header = 1, size = head[0] & 0x7f;

	if (t->client && (head[0] & 0x80)) {
		if (have < 4)
			return TRANSPORT_MORE;
		/* The token comes with its bytes turned round, so that the marked one is first
		 * (T5). */
		store_u32le(head, __builtin_bswap32(load_u32le(head)));
		packet->is_quick_ack = true;
		return give(t, 0, 4, 0, packet);
	}
	packet->quick_ack = head[0] & 0x80;
	if (size == 0x7f) {
		if (have < 4)
			return TRANSPORT_MORE;
		header = 4;
		size = load_u32le(head) >> 8;
	}
	size *= 4;
	if (size == 0 || size > packet_max(t))
		return bad(t);
	return have < header + size ? TRANSPORT_MORE : give(t, header, size, 0, packet);
}

static enum transport_result next_intermediate(struct transport *t, struct transport_packet *packet)
{
	uint8_t *head = buf_data(&t->pending);
	size_t have = buf_size(&t->pending), size;

	if (have < 4)
		return TRANSPORT_MORE;
	size = load_u32le(head);
	if (size & 0x80000000) {
		if (t->client) {
			packet->is_quick_ack = true;
			return give(t, 0, 4, 0, packet);
		}
		packet->quick_ack = true;
		size &= 0x7fffffff;
	}
	if (size < 4 || size > packet_max(t))
		return bad(t);
	if (t->kind == TRANSPORT_INTERMEDIATE && size % 4 != 0)
		return bad(t);
	return have < 4 + size ? TRANSPORT_MORE : give(t, 4, size, 0, packet);
}

static enum transport_result next_full(struct transport *t, struct transport_packet *packet)
{
	uint8_t *head = buf_data(&t->pending);
	size_t have = buf_size(&t->pending), size;

	if (have < 4)
		return TRANSPORT_MORE;
	size = load_u32le(head);
	if (size <= FULL_OVERHEAD || size % 4 != 0 || size > packet_max(t) + FULL_OVERHEAD)
		return bad(t);
	if (have >= 8 && load_u32le(head + 4) != t->seq_in)
		return bad(t);
	if (have < size)
		return TRANSPORT_MORE;
	if (libdeflate_crc32(0, head, size - 4) != load_u32le(head + size - 4))
		return bad(t);
	return give(t, 8, size - FULL_OVERHEAD, 4, packet);
}

/* All that was fed: the border of the request is the packet's. */
static enum transport_result next_http(struct transport *t, struct transport_packet *packet)
{
	size_t size = buf_size(&t->pending);

	return size % 4 != 0 || size > packet_max(t) ? bad(t) : give(t, 0, size, 0, packet);
}

/* The packet given last is done with. */
static void drop_taken(struct transport *t)
{
	if (t->taken == 0)
		return;
	buf_consume(&t->pending, t->taken);
	t->taken = 0;
	if (t->kind == TRANSPORT_FULL)
		t->seq_in++;
}

enum transport_result transport_next(struct transport *t, struct transport_packet *packet)
{
	enum transport_result result = TRANSPORT_MORE;

	memset(packet, 0, sizeof(*packet));
	if (t->failed)
		return TRANSPORT_BAD;
	drop_taken(t);
	if (t->kind == TRANSPORT_UNDETECTED) {
		result = detect(t);
		if (result != TRANSPORT_PACKET)
			return result;
		result = TRANSPORT_MORE;
	}
	if (buf_size(&t->pending) == 0) {
		buf_release(&t->pending);
		return TRANSPORT_MORE;
	}
	switch (t->kind) {
	case TRANSPORT_UNDETECTED:
		break;
	case TRANSPORT_ABRIDGED:
		result = next_abridged(t, packet);
		break;
	case TRANSPORT_INTERMEDIATE:
	case TRANSPORT_PADDED:
		result = next_intermediate(t, packet);
		break;
	case TRANSPORT_FULL:
		result = next_full(t, packet);
		break;
	case TRANSPORT_HTTP:
		result = next_http(t, packet);
		break;
	}
	return result;
}

void transport_put_back(struct transport *t)
{
	t->taken = 0;
}
