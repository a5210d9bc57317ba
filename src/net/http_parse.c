/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP/1.1 request parser: the state machine and the body. The head (request line and headers)
 *is in http_head.c. A head is left in the input until it is whole, then parsed at once; a body is
 *taken as it comes.
 *
 *	HEAD -> (BODY | CHUNK_SIZE -> CHUNK_DATA -> CHUNK_END -> CHUNK_SIZE … -> TRAILER) -> END
 *
 * Sources: RFC 9112 (sections 2.2, 5, 6, 7 and 11.2 on smuggling), RFC 9110.
 */
#include "net/http_parse.h"

#include <assert.h>

#include "net/http_head.h"

#define CHUNK_LINE_MAX 256
/* All chunk extensions and trailer fields of a request together: nothing here uses them. */
#define EXTRAS_MAX 8192

const struct http_limits http_limits_default = {
	.line_max = 8192,
	.head_max = 32768,
	.headers_max = 64,
	.body_max = (size_t)1 << 20,
};

void http_parser_init(struct http_parser *parser, const struct http_limits *limits)
{
	*parser = (struct http_parser){.limits = *limits};
}

void http_parser_release(struct http_parser *parser)
{
	buf_release(&parser->body);
}

void http_parser_reset(struct http_parser *parser, const struct http_limits *limits,
	struct arena *arena, struct http_request *request)
{
	buf_release(&parser->body);
	*parser = (struct http_parser){.limits = *limits, .arena = arena, .request = request};
	*request = (struct http_request){.body = BYTES_LITERAL("")};
}

struct buf http_parser_take_body(struct http_parser *parser)
{
	struct buf body = parser->body;

	buf_init(&parser->body, 0);
	return body;
}

static enum http_parse bad(struct http_parser *parser, int status)
{
	parser->state = HTTP_AT_ERROR;
	parser->status = status;
	return HTTP_PARSE_BAD;
}

/* Length of the head with its empty line, 0 if more must come, -1 with *status if it can't be
 * right. */
static ssize_t find_head_end(struct http_parser *parser, struct bytes in, int *status)
{
	*status = 400;
	for (size_t i = parser->scanned; i < in.size; i++) {
		if (in.data[i] != '\n')
			continue;
		if (i == 0 || in.data[i - 1] != '\r')
			return -1; /* a bare LF: other parsers might see a line end here */
		if (i >= 3 && in.data[i - 2] == '\n')
			return i + 1;
	}
	parser->scanned = in.size;
	if (in.size > parser->limits.line_max && !memchr(in.data, '\n', parser->limits.line_max))
		*status = 414;
	else if (in.size > parser->limits.head_max)
		*status = 431;
	else
		return 0;
	return -1;
}

static enum http_parse at_head(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	size_t skipped = 0;
	ssize_t size;
	int status;

	/* RFC 9112 2.2: empty lines before a request are ignored. */
	while (parser->scanned == 0 && in.size >= 2 && in.data[0] == '\r' && in.data[1] == '\n') {
		in = bytes_of(in.data + 2, in.size - 2);
		skipped += 2;
	}
	*consumed = skipped;
	if (in.size == 1 && in.data[0] == '\r')
		return HTTP_PARSE_MORE; /* unscanned: it may be half of such a line */
	size = find_head_end(parser, in, &status);
	if (size == 0)
		return HTTP_PARSE_MORE;
	if (size > 0)
		status = http_head_parse(parser, bytes_of(in.data, size));
	if (status != 0)
		return bad(parser, status);
	*consumed = skipped + size;

	if (!parser->has_body) {
		parser->state = HTTP_AT_END;
		return HTTP_PARSE_DONE;
	}
	parser->state = parser->chunked ? HTTP_AT_CHUNK_SIZE : HTTP_AT_BODY;
	return HTTP_PARSE_HEAD;
}

/* Moves up to parser->remaining bytes to the body; the caller has checked remaining against
 * body_max. */
static size_t take_body(struct http_parser *parser, struct bytes in)
{
	size_t size = in.size < parser->remaining ? in.size : (size_t)parser->remaining;

	parser->body.max = parser->limits.body_max + 1; /* max 0 would mean the default */
	buf_append(&parser->body, in.data, size);
	assert(!parser->body.failed);
	parser->remaining -= size;
	return size;
}

static bool too_large(const struct http_parser *parser)
{
	size_t have = buf_size(&parser->body);

	return have > parser->limits.body_max || parser->remaining > parser->limits.body_max - have;
}

static enum http_parse done(struct http_parser *parser)
{
	parser->state = HTTP_AT_END;
	if (buf_size(&parser->body))
		parser->request->body = buf_bytes(&parser->body);
	return HTTP_PARSE_DONE;
}

static enum http_parse at_body(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	if (too_large(parser))
		return bad(parser, 413);
	*consumed = take_body(parser, in);
	return parser->remaining ? HTTP_PARSE_MORE : done(parser);
}

/* ---- Chunks ---- */

/* A whole line without its CRLF. 1: *line; 0: more must come; -1: bare CR or LF, or too long. */
static int next_line(struct bytes in, size_t max, struct bytes *line)
{
	for (size_t i = 0; i < in.size && i < max; i++) {
		if (in.data[i] == '\n')
			return -1;
		if (in.data[i] != '\r')
			continue;
		if (i + 1 == in.size)
			return 0;
		*line = bytes_of(in.data, i);
		return in.data[i + 1] == '\n' ? 1 : -1;
	}
	return in.size < max ? 0 : -1;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* chunk-size [ chunk-ext ]; the extension is ignored, but no control may hide in it. */
static bool parse_chunk_line(struct bytes line, uint64_t *size)
{
	size_t digits = 0;

	*size = 0;
	while (digits < line.size && hex_digit(line.data[digits]) >= 0)
		*size = *size << 4 | (uint64_t)hex_digit(line.data[digits++]);
	if (digits == 0 || digits > 15 || (digits < line.size && line.data[digits] != ';'))
		return false;
	return http_is_field_text(bytes_of(line.data + digits, line.size - digits));
}

static enum http_parse at_chunk_size(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	struct bytes line;
	int found = next_line(in, CHUNK_LINE_MAX, &line);

	if (found == 0)
		return HTTP_PARSE_MORE;
	if (found < 0 || !parse_chunk_line(line, &parser->remaining))
		return bad(parser, 400);
	if (too_large(parser))
		return bad(parser, 413);
	if (memchr(line.data, ';', line.size))
		parser->extras += line.size;
	if (parser->extras > EXTRAS_MAX)
		return bad(parser, 431);
	*consumed = line.size + 2;
	parser->state = parser->remaining ? HTTP_AT_CHUNK_DATA : HTTP_AT_TRAILER;
	return HTTP_PARSE_MORE;
}

static enum http_parse at_chunk_data(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	*consumed = take_body(parser, in);
	if (parser->remaining == 0)
		parser->state = HTTP_AT_CHUNK_END;
	return HTTP_PARSE_MORE;
}

static enum http_parse at_chunk_end(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	if (in.data[0] != '\r' || (in.size > 1 && in.data[1] != '\n'))
		return bad(parser, 400);
	if (in.size < 2)
		return HTTP_PARSE_MORE;
	*consumed = 2;
	parser->state = HTTP_AT_CHUNK_SIZE;
	return HTTP_PARSE_MORE;
}

/* Trailer fields are checked and dropped: none may change how a request is understood. */
static enum http_parse at_trailer(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	struct http_header header;
	struct bytes line;
	int found = next_line(in, EXTRAS_MAX, &line);

	if (found == 0)
		return HTTP_PARSE_MORE;
	if (found < 0)
		return bad(parser, 400);
	*consumed = line.size + 2;
	if (line.size == 0)
		return done(parser);
	parser->extras += line.size;
	if (parser->extras > EXTRAS_MAX)
		return bad(parser, 431);
	if (!http_header_parse(line, &header))
		return bad(parser, 400);
	return HTTP_PARSE_MORE;
}

static enum http_parse step(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	switch (parser->state) {
	case HTTP_AT_HEAD:
		return at_head(parser, in, consumed);
	case HTTP_AT_BODY:
		return at_body(parser, in, consumed);
	case HTTP_AT_CHUNK_SIZE:
		return at_chunk_size(parser, in, consumed);
	case HTTP_AT_CHUNK_DATA:
		return at_chunk_data(parser, in, consumed);
	case HTTP_AT_CHUNK_END:
		return at_chunk_end(parser, in, consumed);
	case HTTP_AT_TRAILER:
		return at_trailer(parser, in, consumed);
	case HTTP_AT_END:
		return HTTP_PARSE_DONE;
	case HTTP_AT_ERROR:
		break;
	}
	return HTTP_PARSE_BAD;
}

/* Without input only this can be told. */
static enum http_parse at_rest(struct http_parser *parser)
{
	if (parser->state == HTTP_AT_END)
		return HTTP_PARSE_DONE;
	if (parser->state == HTTP_AT_ERROR)
		return HTTP_PARSE_BAD;
	return parser->state == HTTP_AT_BODY && too_large(parser) ? bad(parser, 413)
								  : HTTP_PARSE_MORE;
}

enum http_parse http_parser_feed(struct http_parser *parser, struct bytes in, size_t *consumed)
{
	*consumed = 0;
	while (*consumed < in.size) {
		enum http_parse_state before = parser->state;
		size_t used = 0;
		enum http_parse result =
			step(parser, bytes_of(in.data + *consumed, in.size - *consumed), &used);

		*consumed += used;
		if (result != HTTP_PARSE_MORE || before == HTTP_AT_HEAD)
			return result;
		if (used == 0 && parser->state == before)
			return HTTP_PARSE_MORE;
	}
	return at_rest(parser);
}
