/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The WebSocket decoder with any bytes, fed whole and in two parts: events and payloads must be the
 * same. The first byte chooses where it is cut.
 */
#include <stdint.h>
#include <stdlib.h>

#include "net/websocket.h"

#define MESSAGE_MAX 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Everything that the decoder says, as bytes to compare. */
static void note(
	struct buf *log, enum websocket_event event, const struct websocket_decoder *decoder)
{
	buf_append_u8(log, (uint8_t)event);
	if (event == WEBSOCKET_MESSAGE) {
		require(buf_size(&decoder->message) <= MESSAGE_MAX);
		buf_append_u32le(log, (uint32_t)buf_size(&decoder->message));
		buf_append_bytes(log, buf_bytes(&decoder->message));
	} else if (event == WEBSOCKET_PING || event == WEBSOCKET_PONG) {
		require(decoder->control_size <= WEBSOCKET_CONTROL_MAX);
		buf_append_u8(log, decoder->control_size);
		buf_append(log, decoder->control, decoder->control_size);
	} else {
		require(decoder->close_code >= 1000 && decoder->close_code <= 4999);
		buf_append_u32le(log, decoder->close_code);
	}
}

static bool feed(struct websocket_decoder *decoder, struct bytes in, struct buf *log)
{
	uint8_t *copy = malloc(in.size + 1);
	enum websocket_event event;
	size_t at = 0, used;

	require(copy != NULL);
	memcpy(copy, in.data, in.size);
	for (;;) {
		event = websocket_decode(decoder, bytes_of(copy + at, in.size - at), &used);
		require(used <= in.size - at);
		at += used;
		if (event == WEBSOCKET_MORE)
			break;
		note(log, event, decoder);
		if (event == WEBSOCKET_CLOSE || event == WEBSOCKET_BAD)
			break;
	}
	require(event != WEBSOCKET_MORE || at == in.size);
	free(copy);
	return event == WEBSOCKET_MORE;
}

static void decode(struct bytes in, size_t cut, struct buf *log)
{
	struct websocket_decoder decoder;

	websocket_decoder_init(&decoder, MESSAGE_MAX);
	if (feed(&decoder, bytes_of(in.data, cut), log))
		feed(&decoder, bytes_of(in.data + cut, in.size - cut), log);
	websocket_decoder_release(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, parts;
	struct bytes in;

	if (size < 1)
		return 0;
	in = bytes_of(data + 1, size - 1);
	buf_init(&whole, 0);
	buf_init(&parts, 0);
	decode(in, in.size, &whole);
	decode(in, data[0] % (in.size + 1), &parts);
	require(bytes_equal(buf_bytes(&whole), buf_bytes(&parts)));
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
