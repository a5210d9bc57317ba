/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP request parser with any bytes, fed whole and in two parts: both ways must end alike, or
 * two machines in a row could see two different requests. The first byte chooses where it is cut.
 */
#include <stdint.h>
#include <stdlib.h>

#include "net/http_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_limits limits = {
	.line_max = 256,
	.head_max = 1024,
	.headers_max = 16,
	.body_max = 512,
};

struct outcome {
	enum http_parse result;
	int status;
	size_t consumed, headers;
	struct bytes path, query, body;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* A copy of just these bytes, so that a read beyond them is seen. */
static enum http_parse feed_copy(struct http_parser *parser, struct bytes in, size_t *used)
{
	uint8_t *copy = malloc(in.size + 1);
	enum http_parse result;

	require(copy != NULL);
	memcpy(copy, in.data, in.size);
	result = http_parser_feed(parser, bytes_of(copy, in.size), used);
	free(copy);
	require(*used <= in.size);
	return result;
}

static void parse(struct arena *arena, struct bytes in, size_t cut, struct outcome *out)
{
	struct http_request *request = ARENA_NEW(arena, struct http_request);
	struct http_parser parser;
	size_t at = 0, used, end = cut;

	http_parser_init(&parser, &limits);
	http_parser_reset(&parser, &limits, arena, request);
	for (;;) {
		out->result = feed_copy(&parser, bytes_of(in.data + at, end - at), &used);
		at += used;
		if (out->result == HTTP_PARSE_HEAD)
			continue;
		if (out->result != HTTP_PARSE_MORE || end == in.size)
			break;
		end = in.size;
	}
	out->consumed = at;
	out->status = parser.status;
	if (out->result == HTTP_PARSE_DONE) {
		out->headers = request->header_count;
		out->path = request->path;
		out->query = request->query;
		out->body = arena_bytes(arena, request->body);
		require(out->path.size > 0 && out->path.data[0] == '/');
		require(out->body.size <= limits.body_max);
		http_form_value(arena, request->query, "q");
		http_header_has(request, "Connection", "close");
	}
	http_parser_release(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole = {0}, parts = {0};
	struct arena arena;
	struct bytes in;

	if (size < 1)
		return 0;
	in = bytes_of(data + 1, size - 1);
	arena_init(&arena);
	parse(&arena, in, in.size, &whole);
	parse(&arena, in, in.size ? data[0] % (in.size + 1) : 0, &parts);
	require(whole.result == parts.result);
	if (whole.result == HTTP_PARSE_DONE) {
		require(whole.consumed == parts.consumed && whole.headers == parts.headers);
		require(bytes_equal(whole.path, parts.path));
		require(bytes_equal(whole.query, parts.query));
		require(bytes_equal(whole.body, parts.body));
	}
	arena_release(&arena);
	return 0;
}
