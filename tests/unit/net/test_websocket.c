/* SPDX-License-Identifier: Apache-2.0 */
/* WebSocket: the upgrade, frames split at each byte, what the specification forbids. */
#include "cmocka_env.h"

#include "net/websocket.h"

static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

/* Feeds in[0, cut) and then the rest; writes a letter per event: M(essage) P(ing) p(ong) C(lose)
 * B(ad). */
static void decode(struct bytes in, size_t cut, size_t max, char *events, struct buf *messages,
	uint16_t *close_code)
{
	struct websocket_decoder decoder;
	size_t ends[2] = {cut, in.size}, at = 0;

	websocket_decoder_init(&decoder, max);
	for (int part = 0; part < 2; part++) {
		for (bool more = true; more;) {
			size_t used, size = ends[part] - at;
			uint8_t *copy = malloc(size + 1);
			enum websocket_event event;
			assert_non_null(copy);
			memcpy(copy, in.data + at, size);
			event = websocket_decode(&decoder, bytes_of(copy, size), &used);
			free(copy);
			assert_true(used <= size);
			at += used;
			more = event != WEBSOCKET_MORE;
			if (!more) {
				assert_int_equal(at, ends[part]);
				break;
			}
			*events++ = "?MPpCB"[event];
			if (event == WEBSOCKET_MESSAGE)
				buf_append_bytes(messages, buf_bytes(&decoder.message));
			if (event == WEBSOCKET_PING)
				buf_append(messages, decoder.control, decoder.control_size);
			if (event == WEBSOCKET_CLOSE || event == WEBSOCKET_BAD) {
				*close_code = decoder.close_code;
				part = 2;
				break;
			}
		}
	}
	*events = '\0';
	websocket_decoder_release(&decoder);
}

static void frame(struct buf *out, uint8_t first, const char *payload)
{
	size_t at = buf_size(out);

	websocket_encode_masked(out, WEBSOCKET_OP_BINARY, bytes_from_str(payload), mask);
	buf_data(out)[at] = first;
}

static void frames_split_at_each_byte(void **state)
{
	struct buf in, messages;
	char events[16];
	uint16_t code = 0;
	static char medium[301], large[70001];

	memset(medium, 'm', 300);
	memset(large, 'L', 70000);
	buf_init(&in, 0);
	frame(&in, 0x82, "one");
	frame(&in, 0x89, "beat"); /* ping */
	frame(&in, 0x02, "frag"); /* begins a message */
	frame(&in, 0x8a, "");	  /* pong inside it */
	frame(&in, 0x00, "");
	frame(&in, 0x80, "ment");
	frame(&in, 0x82, medium); /* 16-bit length */
	frame(&in, 0x82, "");
	frame(&in, 0x88, "\x03\xe8");
	for (size_t cut = 0; cut <= buf_size(&in); cut++) {
		buf_init(&messages, 0);
		decode(buf_bytes(&in), cut, 400, events, &messages, &code);
		assert_string_equal(events, "MPpMMMC");
		assert_int_equal(code, 1000);
		assert_int_equal(buf_size(&messages), 3 + 4 + 8 + 300);
		assert_memory_equal(buf_data(&messages), "onebeatfragment", 15);
		buf_release(&messages);
	}
	buf_release(&in);

	frame(&in, 0x82, large); /* 64-bit length */
	buf_init(&messages, 0);
	decode(buf_bytes(&in), 9, 70000, events, &messages, &code);
	assert_string_equal(events, "M");
	assert_memory_equal(buf_data(&messages), large, 70000);
	buf_release(&messages);
	buf_release(&in);
}

#define MASKED_EMPTY "\x80\x00\x00\x00\x00"

static const struct {
	const char *name;
	const char *bytes;
	size_t size;
	uint16_t code;
} forbidden[] = {
#define ROW(name, bytes, code) {name, bytes, sizeof(bytes) - 1, code}
	ROW("unmasked (5.1)", "\x82\x01x", 1002),
	ROW("reserved bit (5.2)", "\xc2" MASKED_EMPTY, 1002),
	ROW("reserved opcode", "\x83" MASKED_EMPTY, 1002),
	ROW("reserved control opcode", "\x8b" MASKED_EMPTY, 1002),
	ROW("text", "\x81" MASKED_EMPTY, 1003),
	ROW("continuation of nothing (5.4)", "\x80" MASKED_EMPTY, 1002),
	ROW("message inside a message (5.4)", "\x02" MASKED_EMPTY "\x82" MASKED_EMPTY, 1002),
	ROW("fragmented ping (5.5)", "\x09" MASKED_EMPTY, 1002),
	ROW("ping of 126 bytes (5.5)", "\x89\xfe\x00\x7e", 1002),
	ROW("length not minimal, 16 bits", "\x82\xfe\x00\x7d\x00\x00\x00\x00", 1002),
	ROW("length not minimal, 64 bits",
		"\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x00\x00", 1002),
	ROW("too big at once", "\x82\xfe\x04\x01\x00\x00\x00\x00", 1009),
	ROW("length with the highest bit",
		"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009),
	ROW("close of one byte (5.5.1)", "\x88\x81\x00\x00\x00\x00\x03", 1002),
	ROW("close with code 1005 (7.4.1)", "\x88\x82\x00\x00\x00\x00\x03\xed", 1002),
	ROW("close with code 999", "\x88\x82\x00\x00\x00\x00\x03\xe7", 1002),
};

static void forbidden_frames(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		for (size_t cut = 0; cut <= forbidden[i].size; cut++) {
			struct buf messages;
			char events[16];
			uint16_t code = 0;
			buf_init(&messages, 0);
			decode(bytes_of(forbidden[i].bytes, forbidden[i].size), cut, 1024, events,
				&messages, &code);
			if (strcmp(events, "B") != 0 || code != forbidden[i].code)
				fail_msg("%s, cut %zu: events %s code %u", forbidden[i].name, cut,
					events, code);
			buf_release(&messages);
		}
	}
}

static void fragments_together_obey_the_limit(void **state)
{
	struct buf in, messages;
	char events[16];
	uint16_t code = 0;

	buf_init(&in, 0);
	buf_init(&messages, 0);
	frame(&in, 0x02, "01234567");
	frame(&in, 0x80, "8");
	decode(buf_bytes(&in), 0, 8, events, &messages, &code);
	assert_string_equal(events, "B");
	assert_int_equal(code, 1009);
	decode(buf_bytes(&in), 0, 9, events, &messages, &code);
	assert_string_equal(events, "M");
	buf_release(&in);
	buf_release(&messages);
}

/* Of an unfinished frame nothing is said; any flipped bit ends in some event or in waiting. */
static void truncated_and_flipped(void **state)
{
	struct buf in, messages;
	char events[64];
	uint16_t code;

	buf_init(&in, 0);
	frame(&in, 0x82, "payload");
	for (size_t size = 0; size < buf_size(&in); size++) {
		buf_init(&messages, 0);
		decode(bytes_of(buf_data(&in), size), 0, 100, events, &messages, &code);
		assert_string_equal(events, "");
	}
	for (size_t bit = 0; bit < buf_size(&in) * 8; bit++) {
		buf_data(&in)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		decode(buf_bytes(&in), 0, 100, events, &messages, &code);
		assert_true(strlen(events) <= 2);
		buf_release(&messages);
		buf_data(&in)[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_release(&in);
}

static void encoded_headers(void **state)
{
	static const struct {
		size_t size;
		const char *header;
		size_t header_size;
	} rows[] = {
		{0, "\x82\x00", 2},
		{125, "\x82\x7d", 2},
		{126, "\x82\x7e\x00\x7e", 4},
		{65535, "\x82\x7e\xff\xff", 4},
		{65536, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out;
		buf_init(&out, 0);
		websocket_encode_header(&out, WEBSOCKET_OP_BINARY, rows[i].size);
		assert_int_equal(buf_size(&out), rows[i].header_size);
		assert_memory_equal(buf_data(&out), rows[i].header, rows[i].header_size);
		buf_release(&out);
	}
	struct buf out;
	buf_init(&out, 0);
	websocket_encode_close(&out, 1009);
	assert_int_equal(buf_size(&out), 4);
	assert_memory_equal(buf_data(&out), "\x88\x02\x03\xf1", 4);
	buf_release(&out);
}

/* The digest of the key of RFC 6455 1.3 joined with the GUID; the sum itself is crypto's to test.
 */
static void example_sha1(const void *data, size_t size, uint8_t digest[20])
{
	static const uint8_t known[20] = {0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90,
		0xf6, 0x46, 0x06, 0xcf, 0x38, 0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea};
	const char *joined = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	assert_int_equal(size, strlen(joined));
	assert_memory_equal(data, joined, size);
	memcpy(digest, known, 20);
}

#define H(n, v) {BYTES_LITERAL(n), BYTES_LITERAL(v)}

static int accept_with(struct http_header *headers, size_t count, struct arena *arena,
	struct http_response *response)
{
	struct http_request request = {
		.method = HTTP_GET,
		.headers = headers,
		.header_count = count,
		.body = BYTES_LITERAL(""),
	};

	*response = (struct http_response){0};
	return websocket_accept(&request, "binary", example_sha1, arena, response);
}

static void upgrade_of_the_specification(void **state)
{
	struct http_header headers[] = {
		H("Upgrade", "WebSocket"),
		H("Connection", "keep-alive, Upgrade"),
		H("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
		H("Sec-WebSocket-Version", "13"),
		H("Sec-WebSocket-Protocol", "chat, binary"),
	};
	static const struct {
		size_t change;
		const char *value;
		int status;
	} wrong[] = {
		{0, "h2c", 400},
		{1, "close", 400},
		{2, "dGhlIHNhbXBsZSBub25j", 400},
		{2, "dGhlIHNhbXBsZSBub25jZ===", 400},
		{3, "8", 426},
	};
	struct arena arena;
	struct http_response response;

	arena_init(&arena);
	assert_int_equal(accept_with(headers, 5, &arena, &response), 0);
	assert_int_equal(response.status, 101);
	assert_false(response.failed);
	assert_int_equal(response.header_count, 4);
	assert_true(bytes_equal_str(response.headers[2].name, "Sec-WebSocket-Accept"));
	assert_true(bytes_equal_str(response.headers[2].value, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
	assert_true(bytes_equal_str(response.headers[3].value, "binary"));
	assert_int_equal(accept_with(headers, 4, &arena, &response), 0);
	assert_int_equal(response.header_count, 3);

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct http_header kept = headers[wrong[i].change];
		headers[wrong[i].change].value = bytes_from_str(wrong[i].value);
		assert_int_equal(accept_with(headers, 5, &arena, &response), -1);
		assert_int_equal(response.status, wrong[i].status);
		buf_release(&response.body);
		headers[wrong[i].change] = kept;
	}
	arena_release(&arena);
}

static bool origin_allowed(const char *origin, const char *host, const char *allowed)
{
	struct http_header headers[] = {H("Host", ""), H("Origin", "")};
	struct http_request request = {.headers = headers, .header_count = origin ? 2 : 1};

	headers[0].value = bytes_from_str(host);
	headers[1].value = bytes_from_str(origin);
	return websocket_origin_allowed(&request, allowed);
}

static void origins(void **state)
{
	static const char listed[] = "https://chat.example, http://127.0.0.1:5173";

	assert_true(origin_allowed(NULL, "msg.example", ""));
	assert_true(origin_allowed("https://msg.example", "msg.example", ""));
	assert_true(origin_allowed("http://msg.example:8443", "MSG.example:8443", ""));
	assert_false(origin_allowed("https://msg.example:444", "msg.example:8443", ""));
	assert_false(origin_allowed("https://msg.example.evil", "msg.example", ""));
	assert_false(origin_allowed("file://msg.example", "msg.example", ""));
	assert_false(origin_allowed("null", "null", ""));
	assert_false(origin_allowed("", "", ""));
	assert_true(origin_allowed("https://chat.example", "msg.example", listed));
	assert_true(origin_allowed("http://127.0.0.1:5173", "msg.example", listed));
	assert_false(origin_allowed("http://chat.example", "msg.example", listed));
	assert_false(origin_allowed("https://chat.example.evil", "msg.example", listed));
	assert_false(origin_allowed("https://chat", "msg.example", listed));
	assert_true(origin_allowed("https://anywhere.example", "msg.example", "*"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_split_at_each_byte),
		cmocka_unit_test(forbidden_frames),
		cmocka_unit_test(fragments_together_obey_the_limit),
		cmocka_unit_test(truncated_and_flipped),
		cmocka_unit_test(encoded_headers),
		cmocka_unit_test(upgrade_of_the_specification),
		cmocka_unit_test(origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
