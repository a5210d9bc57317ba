/* SPDX-License-Identifier: Apache-2.0 */
/* What messages of a play say: queries, service messages, containers, packed ones, and noise. */
#include "play.h"

#include <libdeflate.h>

#include "mtproto/wire.h"

static void put_ids(struct play *play, struct link *link, struct buf *out)
{
	uint32_t count = play_take(play);

	wire_put_id(out, WIRE_VECTOR);
	if (count >= 250) { /* more than there are, or than are allowed */
		buf_append_u32le(out, count == 255 ? UINT32_MAX : 8190 + count - 250);
		return;
	}
	count %= 8;
	buf_append_u32le(out, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct mtproto_client *client = &link->client;
		uint8_t which = play_take(play);

		if (which & 1 && client->acks_count)
			buf_append_u64le(out, client->acks[which / 2 % client->acks_count]);
		else
			buf_append_u64le(out, play_known_id(play));
	}
}

static void put_query(uint32_t id, uint32_t argument, struct buf *out)
{
	buf_append_u32le(out, id);
	buf_append_u32le(out, argument);
}

static void put_after(struct play *play, struct buf *out)
{
	uint32_t count = play_take(play) % 3;

	put_query(QUERY_AFTER, count, out);
	for (uint32_t i = 0; i < count; i++)
		buf_append_u64le(out, play_known_id(play));
	put_query(play_take(play) & 1 ? QUERY_ECHO : QUERY_ERROR, 7, out);
}

static void put_packed(struct play *play, struct link *link, unsigned depth, struct buf *out)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
	struct buf plain = {0};
	uint8_t packed[8192];
	size_t size;

	play_body(play, link, depth + 1, &plain);
	size = libdeflate_gzip_compress(
		c, buf_data(&plain), buf_size(&plain), packed, sizeof(packed));
	if (play_take(play) == 255 && size > 8)
		packed[size / 2] ^= 0x40;
	wire_put_id(out, WIRE_GZIP_PACKED);
	wire_put_string(out, bytes_of(packed, size));
	libdeflate_free_compressor(c);
	buf_release(&plain);
}

static void put_messages(struct play *play, struct link *link, unsigned depth, struct buf *out)
{
	uint32_t count = play_take(play) % CONTAINER_MAX;

	wire_put_id(out, WIRE_CONTAINER);
	buf_append_u32le(out, play_take(play) == 255 ? count + 1 : count);
	for (uint32_t i = 0; i < count; i++) {
		struct buf body = {0};
		struct play_numbers n;

		play_body(play, link, depth, &body);
		n = play_numbers(play, link, play_is_content(buf_bytes(&body)));
		buf_append_u64le(out, n.id);
		buf_append_u32le(out, n.seqno);
		buf_append_u32le(out, (uint32_t)buf_size(&body));
		buf_append_bytes(out, buf_bytes(&body));
		buf_release(&body);
	}
}

/* Whatever the input says; the protocol's constructors are found by their numbers. */
static void put_raw(struct play *play, struct buf *out)
{
	size_t size = (size_t)4 * (1 + play_take(play) % 16);

	for (size_t i = 0; i < size; i++)
		buf_append_u8(out, play_take(play));
	play->blind |= (int32_t)load_u32le(buf_data(out)) == WIRE_CONTAINER;
}

/* Service messages with fields of their own. */
static void put_service(struct play *play, uint8_t kind, struct buf *out)
{
	if (kind & 64) {
		wire_put_id(out, WIRE_HTTP_WAIT);
		for (size_t i = 0; i < 3; i++)
			buf_append_u32le(out, (uint32_t)((int8_t)play_take(play) * 500));
	} else if (kind & 32) {
		wire_put_id(out, WIRE_PING_DELAY);
		buf_append_u64le(out, kind);
		buf_append_u32le(out, (uint32_t)(int8_t)play_take(play));
	} else if (kind & 16) {
		put_query((uint32_t)WIRE_GET_FUTURE_SALTS, play_take(play), out);
	} else {
		wire_put_id(out, WIRE_DESTROY_KEY);
	}
}

void play_body(struct play *play, struct link *link, unsigned depth, struct buf *out)
{
	static const enum wire_id with_ids[] = {
		WIRE_MSGS_ACK, WIRE_STATE_REQ, WIRE_RESEND_REQ, WIRE_RESEND_ANS_REQ};
	static const enum wire_id with_u64[] = {
		WIRE_PING, WIRE_DROP_ANSWER, WIRE_DESTROY_SESSION, WIRE_PONG};
	static const uint32_t queries[] = {QUERY_ECHO, QUERY_HOLD, QUERY_ERROR};
	uint8_t kind = play_take(play);

	switch (depth > 2 ? 0 : kind % 10) {
	case 0:
	case 1:
		put_query(queries[kind / 10 % ARRAY_LEN(queries)], kind, out);
		break;
	case 2:
		put_query(kind & 16 ? QUERY_NOISE : QUERY_ZEROS,
			4 + play_take_u16(play) % NOISE_MAX / 4 * 4, out);
		break;
	case 3:
		wire_put_id(out, with_ids[kind / 10 % ARRAY_LEN(with_ids)]);
		put_ids(play, link, out);
		break;
	case 4:
		wire_put_id(out, with_u64[kind / 10 % ARRAY_LEN(with_u64)]);
		buf_append_u64le(
			out, kind & 128 ? 1000u + play_take(play) % 4 : play_known_id(play));
		break;
	case 5:
		put_after(play, out);
		break;
	case 6:
		put_packed(play, link, depth, out);
		break;
	case 7:
		put_messages(play, link, depth + 1, out);
		break;
	case 8:
		put_service(play, kind, out);
		break;
	default:
		put_raw(play, out);
	}
}

bool play_is_content(struct bytes body)
{
	int32_t id = body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;

	return id != WIRE_MSGS_ACK && id != WIRE_CONTAINER && id != WIRE_HTTP_WAIT;
}
