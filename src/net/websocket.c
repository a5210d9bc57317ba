/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSocket frames (RFC 6455 section 5), seen from the server: clients mask, we do not.
 *
 *	FIN rsv opcode | MASK length7 | length 16 or 64, big-endian | mask (4) | payload
 *
 * The upgrade is in websocket_accept.c.
 */
#include "net/websocket.h"

#define FIN 0x80
#define RESERVED 0x70
#define MASKED 0x80

void websocket_decoder_init(struct websocket_decoder *decoder, size_t message_max)
{
	*decoder = (struct websocket_decoder){0};
	buf_init(&decoder->message, message_max);
}

void websocket_decoder_release(struct websocket_decoder *decoder)
{
	buf_release(&decoder->message);
}

static enum websocket_event end(
	struct websocket_decoder *decoder, enum websocket_event event, uint16_t close_code)
{
	decoder->ended = event;
	decoder->close_code = close_code;
	buf_release(&decoder->message);
	return event;
}

static uint8_t opcode(const struct websocket_decoder *decoder)
{
	return decoder->header[0] & 0x0f;
}

static bool is_control(const struct websocket_decoder *decoder)
{
	return decoder->header[0] & 0x08;
}

/* ---- Frame header ---- */

/* As far as the bytes that are here tell. */
static size_t header_size_wanted(const struct websocket_decoder *decoder)
{
	uint8_t length;

	if (decoder->header_size < 2)
		return 2;
	length = decoder->header[1] & 0x7f;
	return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
}

static uint64_t payload_length(const struct websocket_decoder *decoder, bool *minimal)
{
	uint8_t length = decoder->header[1] & 0x7f;
	size_t bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
	uint64_t value = 0;

	*minimal = true;
	if (!bytes)
		return length;
	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | decoder->header[2 + i];
	*minimal = value >= (bytes == 2 ? 126 : 65536);
	return value;
}

/* The first two bytes tell most; what they allow is checked before anything is waited for. 0, or
 * the code to close with. */
static uint16_t check_start(const struct websocket_decoder *decoder)
{
	bool final = decoder->header[0] & FIN;

	if (decoder->header[0] & RESERVED || !(decoder->header[1] & MASKED))
		return WEBSOCKET_CLOSE_PROTOCOL;
	switch (opcode(decoder)) {
	case WEBSOCKET_OP_CONTINUE:
		return decoder->in_message ? 0 : WEBSOCKET_CLOSE_PROTOCOL;
	case WEBSOCKET_OP_BINARY:
		return decoder->in_message ? WEBSOCKET_CLOSE_PROTOCOL : 0;
	case WEBSOCKET_OP_TEXT:
		return WEBSOCKET_CLOSE_UNSUPPORTED;
	case WEBSOCKET_OP_CLOSE:
	case WEBSOCKET_OP_PING:
	case WEBSOCKET_OP_PONG:
		/* 125 at most also means that there is no longer length to come. */
		if (!final || (decoder->header[1] & 0x7f) > WEBSOCKET_CONTROL_MAX)
			return WEBSOCKET_CLOSE_PROTOCOL;
		return 0;
	default:
		return WEBSOCKET_CLOSE_PROTOCOL;
	}
}

static uint16_t begin_frame(struct websocket_decoder *decoder)
{
	bool minimal;
	size_t max = decoder->message.max ? decoder->message.max : BUF_MAX_DEFAULT;

	decoder->remaining = payload_length(decoder, &minimal);
	decoder->mask_at = 0;
	decoder->in_frame = true;
	if (!minimal)
		return WEBSOCKET_CLOSE_PROTOCOL;
	if (is_control(decoder)) {
		decoder->control_size = 0;
		return 0;
	}
	if (opcode(decoder) == WEBSOCKET_OP_BINARY) {
		buf_clear(&decoder->message);
		decoder->in_message = true;
	}
	return decoder->remaining > max - buf_size(&decoder->message) ? WEBSOCKET_CLOSE_TOO_BIG : 0;
}

/* Bytes taken; *close_code is set if the header can't be accepted. */
static size_t take_header(struct websocket_decoder *decoder, struct bytes in, uint16_t *close_code)
{
	size_t at = 0;

	while (at < in.size && decoder->header_size < header_size_wanted(decoder)) {
		decoder->header[decoder->header_size++] = in.data[at++];
		if (decoder->header_size == 2)
			*close_code = check_start(decoder);
		if (*close_code)
			return at;
	}
	if (decoder->header_size >= 2 && decoder->header_size == header_size_wanted(decoder))
		*close_code = begin_frame(decoder);
	return at;
}

/* ---- Payload ---- */

static size_t take_payload(struct websocket_decoder *decoder, struct bytes in)
{
	size_t size = in.size < decoder->remaining ? in.size : (size_t)decoder->remaining;
	const uint8_t *mask = decoder->header + decoder->header_size - 4;
	uint8_t *out;

	if (size == 0)
		return 0;
	if (is_control(decoder)) {
		out = decoder->control + decoder->control_size;
		decoder->control_size += size;
	} else {
		out = buf_extend(&decoder->message, size); /* fits: begin_frame() looked */
	}
	for (size_t i = 0; i < size; i++)
		out[i] = in.data[i] ^ mask[(decoder->mask_at + i) & 3];
	decoder->mask_at = (decoder->mask_at + size) & 3;
	decoder->remaining -= size;
	return size;
}

/* RFC 6455 7.4: codes that may stand in a close frame. */
static bool is_close_code(uint16_t code)
{
	return (code >= 1000 && code <= 1011 && code != 1004 && code != 1005 && code != 1006) ||
	       (code >= 3000 && code <= 4999);
}

static enum websocket_event end_control(struct websocket_decoder *decoder)
{
	uint16_t code = WEBSOCKET_CLOSE_NORMAL;

	if (opcode(decoder) == WEBSOCKET_OP_PING)
		return WEBSOCKET_PING;
	if (opcode(decoder) == WEBSOCKET_OP_PONG)
		return WEBSOCKET_PONG;
	if (decoder->control_size == 1)
		return end(decoder, WEBSOCKET_BAD, WEBSOCKET_CLOSE_PROTOCOL);
	if (decoder->control_size >= 2)
		code = (uint16_t)(decoder->control[0] << 8 | decoder->control[1]);
	if (!is_close_code(code))
		return end(decoder, WEBSOCKET_BAD, WEBSOCKET_CLOSE_PROTOCOL);
	return end(decoder, WEBSOCKET_CLOSE, code);
}

static enum websocket_event end_frame(struct websocket_decoder *decoder)
{
	decoder->in_frame = false;
	decoder->header_size = 0;
	if (is_control(decoder))
		return end_control(decoder);
	if (!(decoder->header[0] & FIN))
		return WEBSOCKET_MORE;
	decoder->in_message = false;
	return WEBSOCKET_MESSAGE;
}

enum websocket_event websocket_decode(
	struct websocket_decoder *decoder, struct bytes in, size_t *consumed)
{
	enum websocket_event event = WEBSOCKET_MORE;
	size_t at = 0;

	*consumed = 0;
	if (decoder->ended)
		return decoder->ended;
	if (in.size == 0)
		return WEBSOCKET_MORE;
	while (event == WEBSOCKET_MORE) {
		uint16_t close_code = 0;

		if (!decoder->in_frame)
			at += take_header(
				decoder, bytes_of(in.data + at, in.size - at), &close_code);
		if (close_code) {
			event = end(decoder, WEBSOCKET_BAD, close_code);
			break;
		}
		if (!decoder->in_frame)
			break;
		at += take_payload(decoder, bytes_of(in.data + at, in.size - at));
		if (decoder->remaining)
			break;
		event = end_frame(decoder);
	}
	*consumed = at;
	return event;
}

bool websocket_is_unfinished(const struct websocket_decoder *decoder)
{
	return decoder->header_size > 0 || decoder->in_message;
}

/* ---- Encoder ---- */

static void encode_header(struct buf *out, enum websocket_opcode op, size_t size, uint8_t masked)
{
	uint8_t header[10] = {FIN | op};
	size_t bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;

	header[1] = masked | (bytes == 0 ? size : bytes == 2 ? 126 : 127);
	for (size_t i = 0; i < bytes; i++)
		header[2 + i] = (uint8_t)((uint64_t)size >> (8 * (bytes - 1 - i)));
	buf_append(out, header, 2 + bytes);
}

void websocket_encode_header(struct buf *out, enum websocket_opcode op, size_t size)
{
	encode_header(out, op, size, 0);
}

void websocket_encode(struct buf *out, enum websocket_opcode op, struct bytes payload)
{
	encode_header(out, op, payload.size, 0);
	buf_append_bytes(out, payload);
}

void websocket_encode_close(struct buf *out, uint16_t code)
{
	uint8_t payload[2] = {(uint8_t)(code >> 8), (uint8_t)code};

	websocket_encode(out, WEBSOCKET_OP_CLOSE, bytes_of(payload, 2));
}

void websocket_encode_masked(
	struct buf *out, enum websocket_opcode op, struct bytes payload, const uint8_t mask[4])
{
	encode_header(out, op, payload.size, MASKED);
	buf_append(out, mask, 4);
	for (size_t i = 0; i < payload.size; i++)
		buf_append_u8(out, payload.data[i] ^ mask[i & 3]);
}
