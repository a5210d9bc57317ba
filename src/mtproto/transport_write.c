/* SPDX-License-Identifier: Apache-2.0 */
/* Writing frames: the client's first bytes, packets, errors and quick acknowledgements. */
#include "mtproto/transport.h"

#include <assert.h>
#include <libdeflate.h>

#include "mtproto/transport_crypt.h"

/* What clients may add. A server adds less: some clients (Telethon) cut off no more than what is
 * left over of 4, and look for errors and tokens in the shortest packets only. */
#define PADDING_MAX 15
#define SERVER_PADDING_MAX 3

static void init_client(struct transport *t, enum transport_kind kind, int16_t dc)
{
	assert(kind != TRANSPORT_UNDETECTED);
	memset(t, 0, sizeof(*t));
	t->client = true;
	t->kind = kind;
	t->dc = dc;
}

static void obfuscate(
	struct transport *t, const uint8_t *secret, const struct random *random, struct buf *out)
{
	uint8_t header[OBFUSCATION_HEADER];

	assert(t->kind != TRANSPORT_FULL);
	t->crypt = transport_crypt_new_client(
		transport_tag_of_kind(t->kind), t->dc, secret, random, header);
	buf_append(out, header, sizeof(header));
}

void transport_init_client_secret(struct transport *t, enum transport_kind kind,
	const struct transport_secret *secret, int16_t dc, const struct random *random,
	struct buf *out)
{
	init_client(t, kind, dc);
	t->secret = true;
	obfuscate(t, secret->bytes, random, out);
}

void transport_init_client(struct transport *t, enum transport_kind kind, bool obfuscated,
	int16_t dc, const struct random *random, struct buf *out)
{
	init_client(t, kind, dc);
	if (obfuscated) {
		obfuscate(t, NULL, random, out);
	} else if (kind == TRANSPORT_ABRIDGED) {
		buf_append_u8(out, 0xef);
	} else if (kind != TRANSPORT_FULL && kind != TRANSPORT_HTTP) {
		buf_append_u32le(out, transport_tag_of_kind(kind));
	}
}

/* What was appended to *out since it had `before` bytes goes through the cipher. */
static void finish(struct transport *t, struct buf *out, size_t before)
{
	if (t->crypt && !out->failed && buf_size(out) > before)
		transport_crypt_out(t->crypt, buf_data(out) + before, buf_size(out) - before);
}

static void put_abridged(struct bytes body, bool quick_ack, struct buf *out)
{
	uint8_t mark = quick_ack ? 0x80 : 0;
	size_t words = body.size / 4;

	if (words < 0x7f)
		buf_append_u8(out, (uint8_t)words | mark);
	else
		buf_append_u32le(out, (uint32_t)(words << 8) | 0x7f | mark);
	buf_append_bytes(out, body);
}

static void put_full(struct transport *t, struct bytes body, struct buf *out)
{
	size_t before = buf_size(out);

	buf_append_u32le(out, (uint32_t)body.size + 12);
	buf_append_u32le(out, t->seq_out++);
	buf_append_bytes(out, body);
	if (!out->failed)
		buf_append_u32le(out, libdeflate_crc32(0, buf_data(out) + before, body.size + 8));
}

static void put_padded(const struct transport *t, struct bytes body, bool quick_ack,
	const struct random *random, struct buf *out)
{
	const size_t padding_max = t->client ? PADDING_MAX : SERVER_PADDING_MAX;
	uint8_t noise[1 + PADDING_MAX];
	size_t padding;

	random_fill(random, noise, sizeof(noise));
	padding = noise[0] % (padding_max + 1);
	buf_append_u32le(out, (uint32_t)(body.size + padding) | (quick_ack ? 0x80000000 : 0));
	buf_append_bytes(out, body);
	buf_append(out, noise + 1, padding);
}

void transport_wrap(struct transport *t, struct bytes body, bool quick_ack,
	const struct random *random, struct buf *out)
{
	size_t before = buf_size(out);

	assert(body.size > 0 && body.size % 4 == 0);
	switch (t->kind) {
	case TRANSPORT_UNDETECTED:
		assert(!"nothing is sent before the peer's transport is known");
		break;
	case TRANSPORT_ABRIDGED:
		put_abridged(body, quick_ack, out);
		break;
	case TRANSPORT_INTERMEDIATE:
		buf_append_u32le(out, (uint32_t)body.size | (quick_ack ? 0x80000000 : 0));
		buf_append_bytes(out, body);
		break;
	case TRANSPORT_PADDED:
		put_padded(t, body, quick_ack, random, out);
		break;
	case TRANSPORT_FULL:
		put_full(t, body, out);
		break;
	case TRANSPORT_HTTP:
		buf_append_bytes(out, body);
		break;
	}
	finish(t, out, before);
}

void transport_wrap_error(
	struct transport *t, int32_t code, const struct random *random, struct buf *out)
{
	uint8_t body[4];

	if (t->kind == TRANSPORT_HTTP) {
		t->error = code;
		return;
	}
	store_u32le(body, (uint32_t)code);
	transport_wrap(t, bytes_of(body, sizeof(body)), false, random, out);
}

void transport_wrap_quick_ack(
	struct transport *t, uint32_t token, const struct random *random, struct buf *out)
{
	size_t before = buf_size(out);
	uint8_t body[8];

	token |= 0x80000000;
	switch (t->kind) {
	case TRANSPORT_ABRIDGED:
		buf_append_u32le(out, __builtin_bswap32(token));
		break;
	case TRANSPORT_INTERMEDIATE:
		buf_append_u32le(out, token);
		break;
	case TRANSPORT_PADDED:
		store_u32le(body, UINT32_MAX);
		store_u32le(body + 4, token);
		put_padded(t, bytes_of(body, sizeof(body)), false, random, out);
		break;
	case TRANSPORT_UNDETECTED:
	case TRANSPORT_FULL:
	case TRANSPORT_HTTP:
		break;
	}
	finish(t, out, before);
}
