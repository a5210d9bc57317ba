/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP parser: cases as data, each also fed in two parts at every point and byte by byte. */
#include "cmocka_env.h"

#include <stdio.h>

#include "net/http_parse.h"

static const struct http_limits small = {
	.line_max = 64,
	.head_max = 256,
	.headers_max = 6,
	.body_max = 20,
};

struct outcome {
	enum http_parse result;
	int status;
	size_t consumed;
	struct http_request request;
	char path[80], body[40];
	struct bytes query;
};

/* Feeds text up to each of the cuts in turn, as a connection would: what is not consumed comes
 * again. */
static void feed(struct arena *arena, const char *text, size_t size, size_t first, size_t chunk,
	struct outcome *out)
{
	struct http_parser parser;
	size_t at = 0, have = first, used;

	*out = (struct outcome){.result = HTTP_PARSE_MORE};
	http_parser_init(&parser, &small);
	http_parser_reset(&parser, &small, arena, &out->request);
	for (;;) {
		/* A copy of exactly these bytes, so that reading past them is caught. */
		uint8_t *copy = malloc(have - at + 1);
		assert_non_null(copy);
		memcpy(copy, text + at, have - at);
		out->result = http_parser_feed(&parser, bytes_of(copy, have - at), &used);
		free(copy);
		assert_true(used <= have - at);
		at += used;
		if (out->result == HTTP_PARSE_HEAD)
			continue;
		if (out->result != HTTP_PARSE_MORE || have == size)
			break;
		have = have + chunk < size ? have + chunk : size;
	}
	out->consumed = at;
	out->status = parser.status;
	out->query = out->request.query;
	if (out->result == HTTP_PARSE_DONE) {
		assert_true(out->request.path.size < sizeof(out->path));
		memcpy(out->path, out->request.path.data, out->request.path.size);
		assert_true(out->request.body.size < sizeof(out->body));
		memcpy(out->body, out->request.body.data, out->request.body.size);
	}
	http_parser_release(&parser);
}

#define HOST "Host: a\r\n"

static const struct {
	const char *name, *text;
	enum http_method method;
	const char *path, *body;
	size_t left; /* bytes of the next request at the end */
} good[] = {
	{"smallest", "GET / HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/", "", 0},
	{"empty lines before (9112 2.2)", "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/",
		"", 0},
	{"1.0 without Host", "GET /x HTTP/1.0\r\n\r\n", HTTP_GET, "/x", "", 0},
	{"length", "POST /p HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", HTTP_POST, "/p",
		"hello", 0},
	{"length 0", "POST /p HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", HTTP_POST, "/p", "",
		0},
	{"body of just the limit",
		"POST /p HTTP/1.1\r\n" HOST "Content-Length: 20\r\n\r\n01234567890123456789",
		HTTP_POST, "/p", "01234567890123456789", 0},
	{"pipelined", "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b", HTTP_GET, "/a", "", 6},
	{"chunked",
		"POST /c HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		"3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
		HTTP_POST, "/c", "abc0123456789", 0},
	{"chunked, trailer, next request",
		"PUT /c HTTP/1.1\r\n" HOST "transfer-encoding: Chunked\r\n\r\n"
		"0\r\nX: y\r\n\r\nGET",
		HTTP_PUT, "/c", "", 3},
	{"escapes", "DELETE /a%20b%C3%A9/%3A HTTP/1.1\r\n" HOST "\r\n", HTTP_DELETE,
		"/a b\xc3\xa9/:", "", 0},
	{"dots that are names", "GET /.../.a/b..?../.. HTTP/1.1\r\n" HOST "\r\n", HTTP_GET,
		"/.../.a/b..", "", 0},
	{"absolute form (9112 3.2.2)", "GET http://h:1/p?q HTTP/1.1\r\n" HOST "\r\n", HTTP_GET,
		"/p", "", 0},
	{"asterisk form", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", HTTP_OPTIONS, "/", "", 0},
	{"empty value, tabs, obs-text", "GET / HTTP/1.1\r\nHost:\r\nX:\t \xff y \t\r\n\r\n",
		HTTP_GET, "/", "", 0},
};

static const struct {
	const char *name, *text;
	int status;
} hostile[] = {
	{"length and chunked",
		"POST / HTTP/1.1\r\n" HOST
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
		400},
	{"chunked and length",
		"POST / HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
		400},
	{"two lengths",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		400},
	{"list of lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc", 400},
	{"signed length", "POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc", 400},
	{"negative length", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
	{"empty length", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400},
	{"hex length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc", 400},
	{"length over 64 bits",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551619\r\n\r\n", 413},
	{"length over the limit", "POST / HTTP/1.1\r\n" HOST "Content-Length: 21\r\n\r\n", 413},
	{"two codings", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
	{"chunked twice",
		"POST / HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
		400},
	{"coding with a control",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
		"chunked\r\n\r\n",
		400},
	{"unknown coding", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 501},
	{"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	{"space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
	{"folded line (obs-fold)", "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 400},
	{"folded first line", "GET / HTTP/1.1\r\n X: a\r\n" HOST "\r\n", 400},
	{"bare LF after request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
	{"bare LF between headers", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
	{"LF LF", "GET / HTTP/1.1\r\n" HOST "\n", 400},
	{"bare CR in a value", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400},
	{"header without colon", "GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n", 400},
	{"header without name", "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 400},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
	{"two Hosts", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
	{"no version", "GET /\r\n\r\n", 400},
	{"two spaces", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
	{"space in target", "GET /a b HTTP/1.1\r\n" HOST "\r\n", 400},
	{"tab instead of space", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400},
	{"trailing space", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
	{"version in small letters", "GET / http/1.1\r\n" HOST "\r\n", 400},
	{"version 2", "GET / HTTP/2.0\r\n" HOST "\r\n", 505},
	{"version 1.10", "GET / HTTP/1.10\r\n" HOST "\r\n", 400},
	{"unknown method", "BREW / HTTP/1.1\r\n" HOST "\r\n", 501},
	{"CONNECT", "CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n", 501},
	{"method with a control", "G\x01T / HTTP/1.1\r\n" HOST "\r\n", 400},
	{"target without slash", "GET x HTTP/1.1\r\n" HOST "\r\n", 400},
	{"fragment", "GET /#x HTTP/1.1\r\n" HOST "\r\n", 400},
	{"raw UTF-8 in target", "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"dot segment", "GET /a/./b HTTP/1.1\r\n" HOST "\r\n", 400},
	{"dot dot segment", "GET /a/.. HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escaped dot dot", "GET /%2e%2E/etc HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escaped slash", "GET /a%2fb HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escaped backslash", "GET /a%5Cb HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escaped NUL", "GET /a%00 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escaped line break", "GET /a%0d%0a HTTP/1.1\r\n" HOST "\r\n", 400},
	{"bad UTF-8 by escapes", "GET /%c3%28 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"overlong UTF-8 by escapes", "GET /%c0%ae HTTP/1.1\r\n" HOST "\r\n", 400},
	{"half an escape", "GET /%2 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"escape of no digits", "GET /%zz HTTP/1.1\r\n" HOST "\r\n", 400},
	{"unknown expectation", "GET / HTTP/1.1\r\n" HOST "Expect: tea\r\n\r\n", 417},
	{"target too long",
		"GET /0123456789012345678901234567890123456789012345678901234567890123456789", 414},
	{"too many headers",
		"GET / HTTP/1.1\r\n" HOST "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\n\r\n",
		431},
	{"chunk size of no digits",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n;x\r\n", 400},
	{"chunk size with 0x",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0x3\r\n", 400},
	{"chunk size with a sign",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-3\r\n", 400},
	{"chunk size with a space",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc", 400},
	{"chunk size over 64 bits",
		"POST / HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc",
		400},
	{"chunk over the limit",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n15\r\n", 413},
	{"chunks over the limit together",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		"a\r\n0123456789\r\nb\r\n",
		413},
	{"chunk line with bare LF",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc", 400},
	{"chunk data longer than said",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400},
	{"trailer with bare LF",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\n", 400},
	{"trailer that is no header",
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nxyz\r\n\r\n",
		400},
};

static void valid_requests_at_every_split(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		size_t size = strlen(good[i].text);
		for (size_t split = 0; split <= size; split++) {
			struct arena arena;
			struct outcome out;
			arena_init(&arena);
			/* split 0: byte by byte */
			feed(&arena, good[i].text, size, split ? split : 1, split ? size : 1, &out);
			if (out.result != HTTP_PARSE_DONE || strcmp(out.path, good[i].path) != 0 ||
				strcmp(out.body, good[i].body) != 0)
				fail_msg("%s, split %zu: result %d status %d path '%s' body '%s'",
					good[i].name, split, out.result, out.status, out.path,
					out.body);
			assert_int_equal(out.request.method, good[i].method);
			assert_int_equal(out.consumed, size - good[i].left);
			arena_release(&arena);
		}
	}
	assert_int_equal(arena_blocks_alive(), 0);
}

static void every_truncation_waits_for_more(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		for (size_t size = 1; size < strlen(good[i].text) - good[i].left; size++) {
			struct arena arena;
			struct outcome out;
			arena_init(&arena);
			feed(&arena, good[i].text, size, size, 1, &out);
			assert_int_equal(out.result, HTTP_PARSE_MORE);
			arena_release(&arena);
		}
	}
}

static void hostile_requests_are_refused_at_every_split(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		size_t size = strlen(hostile[i].text);
		for (size_t split = 0; split <= size; split++) {
			struct arena arena;
			struct outcome out;
			arena_init(&arena);
			feed(&arena, hostile[i].text, size, split ? split : 1, split ? size : 1,
				&out);
			if (out.result != HTTP_PARSE_BAD || out.status != hostile[i].status)
				fail_msg("%s, split %zu: result %d status %d", hostile[i].name,
					split, out.result, out.status);
			arena_release(&arena);
		}
	}
	assert_int_equal(arena_blocks_alive(), 0);
}

/* A flipped bit makes another request or a refusal, never a read out of bounds (ASan watches). */
static void flipped_bits(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char text[256];
		size_t size = strlen(good[i].text);
		assert_true(size < sizeof(text));
		for (size_t at = 0; at < size * 8; at++) {
			struct arena arena;
			struct outcome out;
			memcpy(text, good[i].text, size);
			text[at / 8] ^= (char)(1 << at % 8);
			arena_init(&arena);
			feed(&arena, text, size, size, 1, &out);
			if (out.result == HTTP_PARSE_BAD)
				assert_true(out.status >= 400 && out.status <= 505);
			arena_release(&arena);
		}
	}
}

static void endless_heads_are_cut_off(void **state)
{
	static char text[600];
	struct arena arena;
	struct outcome out;
	size_t n = (size_t)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: ");

	arena_init(&arena);
	memset(text + n, 'a', sizeof(text) - n);
	feed(&arena, text, sizeof(text), 1, 1, &out);
	assert_int_equal(out.status, 431);
	assert_int_equal(out.consumed, 0);
	memset(text, '\r', sizeof(text));
	feed(&arena, text, sizeof(text), sizeof(text), 1, &out);
	assert_int_equal(out.result, HTTP_PARSE_BAD);
	arena_release(&arena);
}

static void keep_alive_as_the_version_says(void **state)
{
	static const struct {
		const char *text;
		bool keep_alive, expects_continue;
	} rows[] = {
		{"GET / HTTP/1.1\r\n" HOST "\r\n", true, false},
		{"GET / HTTP/1.1\r\n" HOST "Connection: foo, Close\r\n\r\n", false, false},
		{"GET / HTTP/1.0\r\n\r\n", false, false},
		{"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true, false},
		{"GET / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n", true, false},
		{"PUT / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
			true, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena;
		struct outcome out;
		arena_init(&arena);
		feed(&arena, rows[i].text, strlen(rows[i].text), 1, 1, &out);
		assert_int_equal(out.result, HTTP_PARSE_DONE);
		assert_int_equal(out.request.keep_alive, rows[i].keep_alive);
		assert_int_equal(out.request.expects_continue, rows[i].expects_continue);
		arena_release(&arena);
	}
}

static void headers_are_found_in_any_case(void **state)
{
	struct arena arena;
	struct outcome out;
	const char *text =
		"GET /p?a=1&b HTTP/1.1\r\nHOST: h\r\nX-One:  two words \r\nX-one: no\r\n\r\n";

	arena_init(&arena);
	feed(&arena, text, strlen(text), strlen(text), 1, &out);
	assert_int_equal(out.result, HTTP_PARSE_DONE);
	assert_true(bytes_equal_str(http_header(&out.request, "host"), "h"));
	assert_true(bytes_equal_str(http_header(&out.request, "x-ONE"), "two words"));
	assert_null(http_header(&out.request, "X-On").data);
	assert_true(bytes_equal_str(out.query, "a=1&b"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_requests_at_every_split),
		cmocka_unit_test(every_truncation_waits_for_more),
		cmocka_unit_test(hostile_requests_are_refused_at_every_split),
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(endless_heads_are_cut_off),
		cmocka_unit_test(keep_alive_as_the_version_says),
		cmocka_unit_test(headers_are_found_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
