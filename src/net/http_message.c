/* SPDX-License-Identifier: Apache-2.0 */
/* What requests and responses can be asked and told: headers, forms, errors, the written response.
 */
#include <time.h>

#include "base/text.h"
#include "net/http.h"
#include "net/http_head.h"
#include "net/http_parse.h"

const char *http_method_name(enum http_method method)
{
	static const char *const names[HTTP_METHODS] = {
		[HTTP_GET] = "GET",
		[HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",
		[HTTP_DELETE] = "DELETE",
		[HTTP_OPTIONS] = "OPTIONS",
		[HTTP_PATCH] = "PATCH",
	};

	return names[method];
}

const char *http_status_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} rows[] = {
		{101, "Switching Protocols"},
		{200, "OK"},
		{201, "Created"},
		{202, "Accepted"},
		{204, "No Content"},
		{206, "Partial Content"},
		{301, "Moved Permanently"},
		{302, "Found"},
		{303, "See Other"},
		{304, "Not Modified"},
		{307, "Temporary Redirect"},
		{308, "Permanent Redirect"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{415, "Unsupported Media Type"},
		{416, "Range Not Satisfiable"},
		{417, "Expectation Failed"},
		{420, "Flood"}, /* the Bot API's word for it */
		{421, "Misdirected Request"},
		{422, "Unprocessable Content"},
		{426, "Upgrade Required"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{451, "Unavailable For Legal Reasons"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{505, "HTTP Version Not Supported"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].status == status)
			return rows[i].reason;
	return "Unknown";
}

/* ---- Request ---- */

struct bytes http_header(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (http_equal_nocase(request->headers[i].name, name))
			return request->headers[i].value;
	return bytes_of(NULL, 0);
}

/* Cuts the part before the next separator off *rest. */
static struct bytes cut(struct bytes *rest, char separator)
{
	const uint8_t *at = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
	struct bytes part = *rest;

	if (!at) {
		*rest = bytes_of(NULL, 0);
		return part;
	}
	part.size = (size_t)(at - rest->data);
	*rest = bytes_of(at + 1, rest->size - part.size - 1);
	return part;
}

bool http_header_has(const struct http_request *request, const char *name, const char *word)
{
	for (size_t i = 0; i < request->header_count; i++) {
		struct bytes rest = request->headers[i].value;
		if (!http_equal_nocase(request->headers[i].name, name))
			continue;
		while (rest.data)
			if (http_equal_nocase(text_trim(cut(&rest, ',')), word))
				return true;
	}
	return false;
}

static struct bytes decode_form(struct arena *arena, struct bytes raw)
{
	uint8_t *out = arena_alloc(arena, raw.size);
	size_t size = 0;

	for (size_t i = 0; i < raw.size; i++) {
		out[size] = raw.data[i] == '+' ? ' ' : raw.data[i];
		if (raw.data[i] == '%') {
			if (raw.size - i < 3 ||
				text_unhex(bytes_of(raw.data + i + 1, 2), &out[size], 1) < 0)
				return bytes_of(NULL, 0);
			i += 2;
		}
		size++;
	}
	return bytes_of(out, size);
}

struct bytes http_form_value(struct arena *arena, struct bytes form, const char *name)
{
	while (form.data) {
		struct bytes value = cut(&form, '&');
		struct bytes key = cut(&value, '=');
		if (bytes_equal_str(decode_form(arena, key), name))
			return decode_form(arena, value);
	}
	return bytes_of(NULL, 0);
}

struct bytes http_param(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->param_count; i++)
		if (bytes_equal_str(request->params[i].name, name))
			return request->params[i].value;
	return bytes_of(NULL, 0);
}

/* ---- Response ---- */

void http_response_header(struct http_response *response, const char *name, const char *value)
{
	struct http_header header = {bytes_from_str(name), bytes_from_str(value)};

	if (response->header_count == HTTP_RESPONSE_HEADERS_MAX || !http_is_token(header.name) ||
		!http_is_field_text(header.value)) {
		response->failed = true;
		return;
	}
	response->headers[response->header_count++] = header;
}

void http_response_error(struct http_response *response, int status)
{
	response->status = status;
	response->header_count = 0;
	response->failed = false;
	response->body_const = bytes_of(NULL, 0);
	buf_clear(&response->body);
	http_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	buf_printf(&response->body, "%d %s\n", status, http_status_reason(status));
}

static void write_date(int64_t now_s, struct buf *out)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = now_s;
	struct tm tm;

	gmtime_r(&now, &tm);
	buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * tm.tm_wday,
		tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		tm.tm_sec);
}

static void write_bare_500(int64_t now_s, struct buf *out)
{
	buf_append_str(out, "HTTP/1.1 500 Internal Server Error\r\n");
	write_date(now_s, out);
	buf_append_str(out, "Content-Length: 0\r\nConnection: close\r\n\r\n");
}

void http_response_write(const struct http_response *response, bool keep_alive, bool head_only,
	int64_t now_s, struct buf *out)
{
	struct bytes body = response->body_const;
	int status = response->status ? response->status : 200;
	/* RFC 9110 8.6: these say nothing about a length. */
	bool bodiless = status < 200 || status == 204 || status == 304;

	if (response->failed || response->body.failed) {
		write_bare_500(now_s, out);
		return;
	}
	if (buf_size(&response->body))
		body = buf_bytes(&response->body);
	buf_printf(out, "HTTP/1.1 %d %s\r\n", status, http_status_reason(status));
	write_date(now_s, out);
	for (size_t i = 0; i < response->header_count; i++) {
		buf_append_bytes(out, response->headers[i].name);
		buf_append_str(out, ": ");
		buf_append_bytes(out, response->headers[i].value);
		buf_append_str(out, "\r\n");
	}
	if (!bodiless)
		buf_printf(out, "Content-Length: %zu\r\n", body.size);
	if (status != 101)
		buf_printf(out, "Connection: %s\r\n", keep_alive ? "keep-alive" : "close");
	buf_append_str(out, "\r\n");
	if (!bodiless && !head_only)
		buf_append_bytes(out, body);
}
