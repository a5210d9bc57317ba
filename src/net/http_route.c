/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the row of a route table that fits a request, and what its pattern's names stand for. */
#include "net/http.h"

/* Up to the next '/' of text that begins behind one; *text moves behind the part. */
static struct bytes cut_segment(struct bytes *text)
{
	const uint8_t *slash = text->size ? memchr(text->data, '/', text->size) : NULL;
	struct bytes segment =
		bytes_of(text->data, slash ? (size_t)(slash - text->data) : text->size);

	*text = bytes_of(text->data + segment.size, text->size - segment.size);
	return segment;
}

static bool add_param(struct http_request *request, struct bytes name, struct bytes value)
{
	if (request->param_count == HTTP_PARAMS_MAX)
		return false;
	request->params[request->param_count++] = (struct http_param){name, value};
	return true;
}

/* "fixed", ":name" or "fixed:name" against a segment of the path. A name stands for something. */
static bool match_segment(struct http_request *request, struct bytes pattern, struct bytes segment)
{
	const uint8_t *colon = pattern.size ? memchr(pattern.data, ':', pattern.size) : NULL;
	size_t fixed = colon ? (size_t)(colon - pattern.data) : pattern.size;

	if (segment.size < fixed || (fixed && memcmp(pattern.data, segment.data, fixed) != 0))
		return false;
	if (!colon)
		return segment.size == fixed;
	return segment.size > fixed &&
	       add_param(request, bytes_of(colon + 1, pattern.size - fixed - 1),
		       bytes_of(segment.data + fixed, segment.size - fixed));
}

static bool match(struct http_request *request, const char *pattern_text)
{
	struct bytes pattern = bytes_from_str(pattern_text);
	struct bytes path = request->path;

	request->param_count = 0;
	while (pattern.size && path.size) {
		struct bytes want, have;
		/* Both stand at a '/': the parser checked the path's, and parts end before the
		 * next. */
		pattern = bytes_of(pattern.data + 1, pattern.size - 1);
		path = bytes_of(path.data + 1, path.size - 1);
		if (pattern.size && pattern.data[0] == '*')
			return path.size > 0 &&
			       add_param(
				       request, bytes_of(pattern.data + 1, pattern.size - 1), path);
		want = cut_segment(&pattern);
		have = cut_segment(&path);
		if (!match_segment(request, want, have))
			return false;
	}
	return pattern.size == 0 && path.size == 0;
}

static bool method_fits(enum http_method row, enum http_method asked)
{
	return row == asked || (row == HTTP_GET && asked == HTTP_HEAD);
}

int http_route_find(const struct http_route *rows, size_t count, struct http_request *request,
	const struct http_route **row)
{
	int status = 404;

	for (size_t i = 0; i < count; i++) {
		if (!match(request, rows[i].pattern))
			continue;
		if (method_fits(rows[i].method, request->method)) {
			*row = &rows[i];
			return 200;
		}
		status = 405;
	}
	request->param_count = 0;
	return status;
}

/* The methods that the path does have. */
static char *allowed(const struct http_route *rows, size_t count, struct http_exchange *exchange)
{
	char *list = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *name = http_method_name(rows[i].method);
		if (match(&exchange->request, rows[i].pattern))
			list = list ? arena_printf(&exchange->arena, "%s, %s", list, name)
				    : arena_printf(&exchange->arena, "%s", name);
	}
	exchange->request.param_count = 0;
	return list;
}

void http_route_dispatch(
	const struct http_route *rows, size_t count, struct http_exchange *exchange, void *owner)
{
	const struct http_route *row;
	int status = http_route_find(rows, count, &exchange->request, &row);

	if (status == 200) {
		row->handler(exchange, owner);
		return;
	}
	http_response_error(&exchange->response, status);
	if (status == 405)
		http_response_header(&exchange->response, "Allow", allowed(rows, count, exchange));
	http_respond(exchange);
}
