/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a request: request line, headers, and what they say about the body. Strict where
 * leniency lets two parsers disagree (RFC 9112 section 11.2): anything ambiguous is 400.
 */
#include "net/http_head.h"

#include <stdlib.h>

#include "base/text.h"

bool http_is_token(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];
		if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return text.size > 0;
}

bool http_is_field_text(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

bool http_equal_nocase(struct bytes a, const char *b)
{
	if (a.size != strlen(b))
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (lower(a.data[i]) != lower((uint8_t)b[i]))
			return false;
	return true;
}

static struct bytes trim(struct bytes text)
{
	while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = bytes_of(text.data + 1, text.size - 1);
	while (text.size && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
		text.size--;
	return text;
}

bool http_header_parse(struct bytes line, struct http_header *header)
{
	const uint8_t *colon = memchr(line.data, ':', line.size);

	if (!colon)
		return false;
	/* A token has no white space: this refuses "Name : value" and folded lines as well. */
	header->name = bytes_of(line.data, (size_t)(colon - line.data));
	header->value = trim(bytes_of(colon + 1, line.size - header->name.size - 1));
	return http_is_token(header->name) && http_is_field_text(header->value);
}

/* ---- Target ---- */

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (lower(c) >= 'a' && lower(c) <= 'f')
		return lower(c) - 'a' + 10;
	return -1;
}

static bool has_dot_segment(struct bytes path)
{
	for (size_t i = 0; i < path.size; i++) {
		size_t rest = path.size - i;
		const uint8_t *p = path.data + i;
		if (*p != '/')
			continue;
		if (rest >= 2 && p[1] == '.' && (rest == 2 || p[2] == '/'))
			return true;
		if (rest >= 3 && p[1] == '.' && p[2] == '.' && (rest == 3 || p[3] == '/'))
			return true;
	}
	return false;
}

/* What decodes to '/', a control or bad UTF-8 is refused: no handler then needs to think of it. */
static bool decode_path(struct arena *arena, struct bytes raw, struct bytes *path)
{
	uint8_t *out = arena_alloc(arena, raw.size);
	size_t size = 0;

	for (size_t i = 0; i < raw.size; i++) {
		uint8_t c = raw.data[i];
		if (c == '%') {
			int high = i + 2 < raw.size ? hex_digit(raw.data[i + 1]) : -1;
			int low = i + 2 < raw.size ? hex_digit(raw.data[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			c = (uint8_t)(high << 4 | low);
			if (c == '/' || c == '\\')
				return false;
			i += 2;
		}
		if (c < ' ' || c == 0x7f)
			return false;
		out[size++] = c;
	}
	*path = bytes_of(out, size);
	return text_is_utf8(*path) && !has_dot_segment(*path);
}

/* absolute-form, which servers must take too (RFC 9112 3.2.2): drop scheme and authority. */
static struct bytes strip_authority(struct bytes target)
{
	size_t skip = 0;

	if (target.size >= 7 && http_equal_nocase(bytes_of(target.data, 7), "http://"))
		skip = 7;
	else if (target.size >= 8 && http_equal_nocase(bytes_of(target.data, 8), "https://"))
		skip = 8;
	if (!skip)
		return target;
	while (skip < target.size && target.data[skip] != '/' && target.data[skip] != '?')
		skip++;
	return bytes_of(target.data + skip, target.size - skip);
}

static int parse_target(struct arena *arena, struct http_request *request, struct bytes target)
{
	const uint8_t *mark;

	for (size_t i = 0; i < target.size; i++)
		if (target.data[i] <= ' ' || target.data[i] >= 0x7f || target.data[i] == '#')
			return 400;
	target = strip_authority(target);
	mark = target.size ? memchr(target.data, '?', target.size) : NULL;
	if (mark) {
		size_t path_size = (size_t)(mark - target.data);
		request->query = bytes_of(mark + 1, target.size - path_size - 1);
		target.size = path_size;
	}
	if (target.size == 0 || (bytes_equal_str(target, "*") && request->method == HTTP_OPTIONS))
		target = BYTES_LITERAL("/");
	if (target.data[0] != '/' || !decode_path(arena, target, &request->path))
		return 400;
	return 0;
}

/* ---- Request line ---- */

static int parse_method(struct bytes text, enum http_method *method)
{
	if (!http_is_token(text))
		return 400;
	for (int i = 0; i < HTTP_METHODS; i++) {
		if (bytes_equal_str(text, http_method_name(i))) {
			*method = i;
			return 0;
		}
	}
	return 501;
}

static int parse_version(struct bytes text, bool *is_1_1)
{
	if (text.size != 8 || memcmp(text.data, "HTTP/", 5) != 0 || text.data[6] != '.' ||
		text.data[5] < '0' || text.data[5] > '9' || text.data[7] < '0' ||
		text.data[7] > '9')
		return 400;
	if (text.data[5] != '1')
		return 505;
	*is_1_1 = text.data[7] != '0';
	return 0;
}

/* method SP target SP version, single spaces. */
static int parse_request_line(
	struct arena *arena, struct http_request *request, struct bytes line, bool *is_1_1)
{
	const uint8_t *first = memchr(line.data, ' ', line.size);
	const uint8_t *last = memrchr(line.data, ' ', line.size);
	int status;

	if (!first || first == last)
		return 400;
	status = parse_method(bytes_of(line.data, (size_t)(first - line.data)), &request->method);
	if (status)
		return status;
	status = parse_version(
		bytes_of(last + 1, (size_t)(line.data + line.size - last - 1)), is_1_1);
	if (status)
		return status;
	return parse_target(arena, request, bytes_of(first + 1, (size_t)(last - first - 1)));
}

/* ---- Headers ---- */

static size_t count_named(const struct http_request *request, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->header_count; i++)
		count += http_equal_nocase(request->headers[i].name, name);
	return count;
}

static int parse_length(struct bytes text, uint64_t *length)
{
	*length = 0;
	if (text.size == 0)
		return 400;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return 400;
		if (i >= 18) /* more digits than any body that could be taken */
			return 413;
		*length = *length * 10 + (text.data[i] - '0');
	}
	return 0;
}

/* Where does the body end? The one question that two parsers must never answer differently. */
static int parse_framing(struct http_parser *parser, bool is_1_1)
{
	const struct http_request *request = parser->request;
	size_t lengths = count_named(request, "Content-Length");
	size_t codings = count_named(request, "Transfer-Encoding");
	int status;

	if (lengths > 1 || codings > 1 || (lengths && codings) || (codings && !is_1_1))
		return 400;
	if (codings) {
		if (!http_equal_nocase(http_header(request, "Transfer-Encoding"), "chunked"))
			return 501;
		parser->chunked = parser->has_body = true;
	}
	if (lengths) {
		status = parse_length(http_header(request, "Content-Length"), &parser->remaining);
		if (status)
			return status;
		parser->has_body = parser->remaining > 0;
	}
	return 0;
}

static int parse_connection(struct http_parser *parser, bool is_1_1)
{
	struct http_request *request = parser->request;
	size_t hosts = count_named(request, "Host");

	if (hosts > 1 || (is_1_1 && hosts == 0))
		return 400;
	request->keep_alive = is_1_1 ? !http_header_has(request, "Connection", "close")
				     : http_header_has(request, "Connection", "keep-alive");
	if (count_named(request, "Expect")) {
		if (!http_equal_nocase(http_header(request, "Expect"), "100-continue"))
			return 417;
		request->expects_continue = is_1_1 && parser->has_body;
	}
	return 0;
}

/* Cuts the next line off the head; its CRLF is there. */
static struct bytes cut_line(struct bytes *head)
{
	const uint8_t *end = memchr(head->data, '\n', head->size);
	struct bytes line = bytes_of(head->data, (size_t)(end - head->data) - 1);

	*head = bytes_of(end + 1, head->size - line.size - 2);
	return line;
}

static int parse_headers(struct http_parser *parser, struct bytes head)
{
	struct http_request *request = parser->request;
	size_t lines = 0;

	for (size_t i = 0; i < head.size; i++)
		lines += head.data[i] == '\n';
	if (lines - 1 > parser->limits.headers_max) /* the last one is the empty line */
		return 431;
	request->headers = arena_array(parser->arena, lines, sizeof(*request->headers));
	while (request->header_count < lines - 1) {
		struct bytes line = cut_line(&head);
		if (!http_header_parse(line, &request->headers[request->header_count]))
			return 400;
		request->header_count++;
	}
	return 0;
}

int http_head_parse(struct http_parser *parser, struct bytes head)
{
	struct bytes line;
	bool is_1_1;
	int status;

	if (head.size > parser->limits.head_max)
		return 431;
	head = arena_bytes(parser->arena, head);
	line = cut_line(&head);
	if (line.size > parser->limits.line_max)
		return 414;
	status = parse_request_line(parser->arena, parser->request, line, &is_1_1);
	if (status == 0)
		status = parse_headers(parser, head);
	if (status == 0)
		status = parse_framing(parser, is_1_1);
	if (status == 0)
		status = parse_connection(parser, is_1_1);
	return status;
}
