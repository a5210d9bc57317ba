/* SPDX-License-Identifier: Apache-2.0 */
/* Routes, forms, header lists and the written response. */
#include "cmocka_env.h"

#include <stdio.h>

#include "net/http_parse.h"

static void handler(struct http_exchange *exchange, void *owner)
{
}

static const struct http_route routes[] = {
	{HTTP_GET, "/", handler},
	{HTTP_GET, "/api/cases", handler},
	{HTTP_POST, "/api/cases/:id/claim", handler},
	{HTTP_GET, "/api/cases/:id", handler},
	{HTTP_DELETE, "/api/cases/:id", handler},
	{HTTP_POST, "/bot:token/:method", handler},
	{HTTP_GET, "/square/*path", handler},
	{HTTP_GET, "/square/", handler},
};

static const struct {
	enum http_method method;
	const char *path;
	int status;
	int row;
	const char *name, *value;
} lookups[] = {
	{HTTP_GET, "/", 200, 0, NULL, NULL},
	{HTTP_HEAD, "/", 200, 0, NULL, NULL},
	{HTTP_GET, "/api/cases", 200, 1, NULL, NULL},
	{HTTP_GET, "/api/cases/", 404, 0, NULL, NULL},
	{HTTP_GET, "/api//cases", 404, 0, NULL, NULL},
	{HTTP_GET, "/api", 404, 0, NULL, NULL},
	{HTTP_GET, "/api/cases/12", 200, 3, "id", "12"},
	{HTTP_DELETE, "/api/cases/12", 200, 4, "id", "12"},
	{HTTP_PUT, "/api/cases/12", 405, 0, NULL, NULL},
	{HTTP_POST, "/api/cases/a b/claim", 200, 2, "id", "a b"},
	{HTTP_POST, "/api/cases//claim", 404, 0, NULL, NULL},
	{HTTP_GET, "/api/cases/1/claim", 405, 0, NULL, NULL},
	{HTTP_POST, "/bot12:AB/sendMessage", 200, 5, "token", "12:AB"},
	{HTTP_POST, "/bot12:AB/sendMessage", 200, 5, "method", "sendMessage"},
	{HTTP_POST, "/bot/sendMessage", 404, 0, NULL, NULL},
	{HTTP_POST, "/bo", 404, 0, NULL, NULL},
	{HTTP_GET, "/square/tile/0/x001/067", 200, 6, "path", "tile/0/x001/067"},
	{HTTP_GET, "/square/", 200, 7, NULL, NULL},
	{HTTP_GET, "/square", 404, 0, NULL, NULL},
};

static void routes_are_found(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(lookups); i++) {
		struct http_request request = {
			.method = lookups[i].method, .path = bytes_from_str(lookups[i].path)};
		const struct http_route *row = NULL;
		int status = http_route_find(routes, ARRAY_LEN(routes), &request, &row);
		if (status != lookups[i].status)
			fail_msg("%s: %d", lookups[i].path, status);
		if (status == 200)
			assert_ptr_equal(row, &routes[lookups[i].row]);
		else
			assert_int_equal(request.param_count, 0);
		if (lookups[i].name)
			assert_true(bytes_equal_str(
				http_param(&request, lookups[i].name), lookups[i].value));
		assert_null(http_param(&request, "unknown").data);
	}
}

static void form_values(void **state)
{
	static const struct {
		const char *form, *name, *value; /* NULL: absent */
	} rows[] = {
		{"a=1&b=two", "a", "1"},
		{"a=1&b=two", "b", "two"},
		{"a=1&a=2", "a", "1"},
		{"a", "a", NULL}, /* no '=': no value */
		{"a=", "a", ""},
		{"x=1+2%2B3%20", "x", "1 2+3 "},
		{"%61b=c=d", "ab", "c=d"},
		{"a=%4", "a", NULL},
		{"a=%4g", "a", NULL},
		{"a=1", "b", NULL},
		{"", "a", NULL},
		{"&&a=1", "a", "1"},
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bytes value =
			http_form_value(&arena, bytes_from_str(rows[i].form), rows[i].name);
		if (!rows[i].value) {
			if (value.size)
				fail_msg("%s", rows[i].form);
			continue;
		}
		if (!value.data || !bytes_equal_str(value, rows[i].value))
			fail_msg("%s: '%.*s'", rows[i].form, (int)value.size, value.data);
	}
	arena_release(&arena);
}

static void words_of_header_lists(void **state)
{
	struct http_header headers[] = {
		{BYTES_LITERAL("Connection"), BYTES_LITERAL("keep-alive ,\tUpgrade")},
		{BYTES_LITERAL("connection"), BYTES_LITERAL("x,")},
		{BYTES_LITERAL("Empty"), BYTES_LITERAL("")},
	};
	struct http_request request = {.headers = headers, .header_count = 3};

	assert_true(http_header_has(&request, "Connection", "upgrade"));
	assert_true(http_header_has(&request, "Connection", "Keep-Alive"));
	assert_true(http_header_has(&request, "Connection", "x"));
	assert_false(http_header_has(&request, "Connection", "grade"));
	assert_false(http_header_has(&request, "Connection", "keep"));
	assert_false(http_header_has(&request, "Empty", "x"));
}

#define DATE "Date: Fri, 13 Feb 2009 23:31:30 GMT\r\n"

static void check_written(
	struct http_response *response, bool keep_alive, bool head_only, const char *expected)
{
	struct buf out;

	buf_init(&out, 0);
	http_response_write(response, keep_alive, head_only, 1234567890, &out);
	buf_append_u8(&out, 0);
	assert_string_equal((char *)buf_data(&out), expected);
	buf_release(&out);
	buf_release(&response->body);
}

static void responses_as_written(void **state)
{
	struct http_response response = {0};

	response.body_const = BYTES_LITERAL("hi");
	http_response_header(&response, "X-Y", "z");
	check_written(&response, true, false,
		"HTTP/1.1 200 OK\r\n" DATE
		"X-Y: z\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi");
	check_written(&response, false, true,
		"HTTP/1.1 200 OK\r\n" DATE
		"X-Y: z\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
	response.status = 204;
	check_written(&response, true, false,
		"HTTP/1.1 204 No Content\r\n" DATE "X-Y: z\r\nConnection: keep-alive\r\n\r\n");
	response.status = 101;
	check_written(&response, true, false,
		"HTTP/1.1 101 Switching Protocols\r\n" DATE "X-Y: z\r\n\r\n");
	http_response_error(&response, 404);
	check_written(&response, true, false,
		"HTTP/1.1 404 Not Found\r\n" DATE
		"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\n"
		"Connection: keep-alive\r\n\r\n404 Not Found\n");
}

static void response_splitting_is_refused(void **state)
{
	static const char *const values[] = {"a\r\nSet-Cookie: x", "a\nb", "a\x01"};
	const char *bare = "HTTP/1.1 500 Internal Server Error\r\n" DATE
			   "Content-Length: 0\r\nConnection: close\r\n\r\n";

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct http_response response = {0};
		http_response_header(&response, "Location", values[i]);
		assert_true(response.failed);
		check_written(&response, true, false, bare);
	}
	struct http_response response = {0};
	http_response_header(&response, "a b", "c");
	assert_true(response.failed);
	response = (struct http_response){0};
	for (int i = 0; i < HTTP_RESPONSE_HEADERS_MAX; i++)
		http_response_header(&response, "A", "b");
	assert_false(response.failed);
	http_response_header(&response, "A", "b");
	assert_true(response.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_are_found),
		cmocka_unit_test(form_values),
		cmocka_unit_test(words_of_header_lists),
		cmocka_unit_test(responses_as_written),
		cmocka_unit_test(response_splitting_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
