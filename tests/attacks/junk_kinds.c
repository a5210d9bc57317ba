/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of junk says, piece by piece. Nobody here holds a key: all of it is free to make.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "attacks/junk.h"

#define ABRIDGED 0xef
#define WORD 4 /* abridged framing counts in these */
#define KEY_STEP_QUERY 340
#define BIG_FRAME_SIZE (((uint32_t)2 << 20) - 16)

static size_t fill(struct junk_voice *voice, uint8_t *out, size_t size)
{
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(junk_draw(voice) >> 40);
	return size;
}

static size_t say_text(uint8_t *out, const char *text)
{
	size_t size = strlen(text);

	memcpy(out, text, size);
	return size;
}

static size_t say_silent(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	return 0;
}

static size_t say_random(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	return fill(voice, out, 1 + junk_draw(voice) % 2000);
}

/* An unencrypted message in abridged framing; first_byte: of the connection. */
static size_t put_plain(uint8_t *out, bool first_byte, const uint8_t *body, size_t size)
{
	size_t at = 0;

	if (first_byte)
		out[at++] = ABRIDGED;
	out[at++] = (uint8_t)((20 + size) / WORD);
	memset(out + at, 0, 8);
	store_u64le(out + at + 8, (uint64_t)time(NULL) << 32);
	store_u32le(out + at + 16, (uint32_t)size);
	memcpy(out + at + 20, body, size);
	return at + 20 + size;
}

static size_t put_req_pq(struct junk_voice *voice, uint8_t *out)
{
	uint8_t body[20];

	store_u32le(body, 0xbe7e8ef1u); /* req_pq_multi */
	fill(voice, voice->nonces, 16);
	memcpy(body + 4, voice->nonces, 16);
	return put_plain(out, voice->step == 0, body, sizeof(body));
}

static size_t say_half(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	return voice->step ? 0 : put_req_pq(voice, out);
}

static size_t say_handshake_again(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	return put_req_pq(voice, out);
}

/* Everything fits but the mathematics: the server must do its own to find that out. */
static size_t say_dh(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	uint8_t body[KEY_STEP_QUERY - 20];

	if (voice->step == 0)
		return put_req_pq(voice, out);
	if (voice->step > 1)
		return 0;
	fill(voice, body, sizeof(body));
	store_u32le(body, 0xd712e4beu); /* req_DH_params */
	memcpy(body + 4, voice->nonces, 32);
	body[36] = body[44] = 4;
	memset(body + 41, 0, 3);
	memset(body + 49, 0, 3);
	store_u32le(body + 60, 256u << 8 | 254);
	return put_plain(out, false, body, sizeof(body));
}

static void hear_dh(struct junk_voice *voice, struct bytes in)
{
	/* length, key id, msg_id, length, constructor, our nonce, theirs */
	if (in.size >= 1 + 20 + 4 + 32)
		memcpy(voice->nonces + 16, in.data + 1 + 20 + 4 + 16, 16);
}

static size_t say_victim(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	const struct junk_board *board = voice->board;

	if (voice->step)
		return 0;
	fill(voice, out, 2 + 88);
	out[0] = ABRIDGED;
	out[1] = 88 / WORD;
	if (board->victim_count)
		store_u64le(out + 2, board->victims[junk_draw(voice) % board->victim_count]);
	return 2 + 88;
}

static size_t say_http(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	static const char *const pieces[] = {
		"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: "
		"chunked\r\n\r\n",
		"GET /%00/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /bot1:AAA/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: "
		"99999999999\r\n\r\n",
		"GET / HTTP/9.9\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\n: nameless\r\n\r\n",
		"GET /apiws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
		"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
	};
	size_t count = sizeof(pieces) / sizeof(pieces[0]), which = junk_draw(voice) % (count + 1);

	if (which < count)
		return say_text(out, pieces[which]);
	/* One header line that does not end. */
	memcpy(out, "GET / HTTP/1.1\r\nX: ", 19);
	memset(out + 19, 'x', JUNK_SAY_MAX - 19);
	return JUNK_SAY_MAX;
}

static size_t put_upgrade(uint8_t *out)
{
	return say_text(out, "GET /apiws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
			     "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
			     "Sec-WebSocket-Protocol: binary\r\n"
			     "Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n");
}

/* Forty pings to a piece; after a while a message that is no MTProto. */
static size_t say_websocket(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	size_t at = 0;

	if (voice->step == 0)
		return put_upgrade(out);
	while (voice->step % 8 && at < 40 * 46) {
		fill(voice, out + at, 46);
		out[at] = 0x89;
		out[at + 1] = 0x80 | 40;
		at += 46;
	}
	if (at)
		return at;
	fill(voice, out, 508);
	out[0] = 0x82;
	out[1] = 0x80 | 126;
	out[2] = 500 >> 8;
	out[3] = 500 & 255;
	return 508;
}

static size_t put_hello(struct junk_voice *voice, uint8_t *out)
{
	fill(voice, out, 517);
	memcpy(out, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
	return 517;
}

static size_t say_tls(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	return voice->step ? 0 : put_hello(voice, out);
}

/* ---- One byte at a time ---- */

static size_t say_slow_tls(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	uint8_t hello[517];

	put_hello(voice, hello);
	out[0] = hello[voice->step % sizeof(hello)];
	return 1;
}

static size_t say_slow_header(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	out[0] = 0x55; /* begins no other protocol */
	return 1;
}

static size_t say_slow_frame(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	static const uint8_t head[] = {ABRIDGED, 0x7f, 0, 0, 4};

	if (voice->step)
		return fill(voice, out, 1);
	memcpy(out, head, sizeof(head));
	return sizeof(head);
}

static size_t say_slow_http_head(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	if (voice->step == 0)
		return say_text(out, "GET / HTTP/1.1\r\nX: ");
	out[0] = 'x';
	return 1;
}

static size_t say_slow_http_body(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	if (voice->step == 0)
		return say_text(out, "POST /bot1:AAA/getMe HTTP/1.1\r\nHost: x\r\n"
				     "Content-Type: application/json\r\n"
				     "Content-Length: 1000\r\n\r\n{");
	out[0] = ' ';
	return 1;
}

static size_t say_slow_websocket(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	static const uint8_t head[] = {0x82, 0x80 | 126, 1, 0, 0, 0, 0, 0};

	if (voice->step == 0)
		return put_upgrade(out);
	if (voice->step > 1)
		return fill(voice, out, 1);
	memcpy(out, head, sizeof(head));
	return sizeof(head);
}

static size_t say_big_frame(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX])
{
	if ((uint64_t)(voice->step + 1) * JUNK_SAY_MAX >= BIG_FRAME_SIZE)
		return 0;
	fill(voice, out, 64);
	memset(out + 64, 0x5a, JUNK_SAY_MAX - 64);
	if (voice->step == 0) {
		memset(out, 0xee, 4); /* intermediate framing */
		store_u32le(out + 4, BIG_FRAME_SIZE);
	}
	return JUNK_SAY_MAX;
}

#define SLOW_MS 10000

const struct junk_kind_row junk_kind_rows[JUNK_KINDS] = {
	[JUNK_SILENT] = {"silent", say_silent, 1000},
	[JUNK_RANDOM] = {"random bytes", say_random, 500},
	[JUNK_HALF] = {"half a handshake", say_half, 1000},
	[JUNK_VICTIM] = {"somebody's key id", say_victim, 1000},
	[JUNK_HTTP] = {"HTTP garbage", say_http, 500},
	[JUNK_WEBSOCKET] = {"WebSocket flood", say_websocket, 100, .waits = true},
	[JUNK_TLS] = {"TLS hello", say_tls, 1000},
	[JUNK_DH] = {"garbage for RSA", say_dh, 1, .waits = true, .leaves = true, .hear = hear_dh},
	[JUNK_SLOW_TLS] = {"slow TLS hello", say_slow_tls, SLOW_MS},
	[JUNK_SLOW_HEADER] = {"slow obfuscation header", say_slow_header, SLOW_MS},
	[JUNK_SLOW_FRAME] = {"slow frame", say_slow_frame, SLOW_MS},
	[JUNK_SLOW_HANDSHAKE] = {"handshake without end", say_handshake_again, SLOW_MS},
	[JUNK_SLOW_HTTP_HEAD] = {"slow HTTP head", say_slow_http_head, SLOW_MS},
	[JUNK_SLOW_HTTP_BODY] = {"slow HTTP body", say_slow_http_body, SLOW_MS},
	[JUNK_SLOW_WEBSOCKET] = {"slow WebSocket message", say_slow_websocket, SLOW_MS,
		.waits = true},
	[JUNK_BIG_FRAME] = {"big frame without its end", say_big_frame, 1},
};
