/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP over real connections: pipelining, answers from another thread, deadlines, adoption,
 * upgrade. */
#include "served.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_server.h"
#include "net/sniff.h"

static struct loop *loop;
static struct listener *listener;
static struct http_server server;
static struct http_exchange *held;
static int requests, upgraded_bytes, upgraded_closed, told_gone;

/* ---- What the server under test does, by path ---- */

static void echo(struct http_exchange *exchange, void *owner)
{
	buf_append_bytes(&exchange->response.body, exchange->request.path);
	buf_append_str(&exchange->response.body, "|");
	buf_append_bytes(&exchange->response.body, exchange->request.body);
	http_respond(exchange);
}

static void note_gone(struct http_exchange *exchange)
{
	assert_ptr_equal(exchange, held);
	told_gone++;
}

static void hold(struct http_exchange *exchange, void *owner)
{
	assert_null(held);
	held = exchange;
	exchange->on_gone = note_gone;
	told_gone = 0;
}

static void *respond_from_thread(void *arg)
{
	struct http_exchange *exchange = arg;

	buf_append_str(&exchange->response.body, arena_printf(&exchange->arena, "thread"));
	http_respond(exchange);
	return NULL;
}

static void in_thread(struct http_exchange *exchange, void *owner)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, respond_from_thread, exchange), 0);
	pthread_detach(thread);
}

static size_t upgraded_on_data(struct conn *conn, struct bytes in)
{
	upgraded_bytes += (int)in.size;
	conn_write(conn, in);
	return in.size;
}

static void upgraded_on_close(struct conn *conn, enum conn_reason reason)
{
	upgraded_closed++;
}

static const struct conn_ops upgraded_ops = {
	.on_data = upgraded_on_data, .on_close = upgraded_on_close};

static void upgrade(struct http_exchange *exchange, void *owner)
{
	exchange->response.status = 101;
	http_response_header(&exchange->response, "Upgrade", "echo");
	assert_non_null(http_upgrade(exchange, &upgraded_ops, NULL));
}

static const struct http_route routes[] = {
	{HTTP_GET, "/echo/:x", echo},
	{HTTP_POST, "/echo/:x", echo},
	{HTTP_GET, "/hold", hold},
	{HTTP_GET, "/thread", in_thread},
	{HTTP_GET, "/upgrade", upgrade},
};

static void on_request(struct http_exchange *exchange, void *owner)
{
	requests++;
	assert_true(address_is_loopback(&exchange->request.peer));
	http_route_dispatch(routes, ARRAY_LEN(routes), exchange, owner);
}

/* ---- Scaffolding ---- */

static size_t sniffing_on_data(struct conn *conn, struct bytes in)
{
	if (sniff_first_bytes(in) == SNIFF_HTTP)
		http_server_adopt(&server, conn);
	return 0;
}

static void sniffing_on_close(struct conn *conn, enum conn_reason reason)
{
}

static const struct conn_ops sniffing_ops = {
	.on_data = sniffing_on_data, .on_close = sniffing_on_close};

static int set_up_with(const struct conn_ops *ops)
{
	struct listener_config config = {.host = "127.0.0.1", .ops = ops, .owner = &server};

	loop = loop_new(NULL);
	http_server_init(&server, on_request, NULL);
	listener = listener_open(loop, &config, NULL);
	held = NULL;
	requests = upgraded_bytes = upgraded_closed = 0;
	return loop && listener ? 0 : -1;
}

static int set_up(void **state)
{
	return set_up_with(&http_accept_ops);
}

static int set_up_sniffing(void **state)
{
	return set_up_with(&sniffing_ops);
}

static int tear_down(void **state)
{
	listener_close(listener);
	loop_free(loop);
	return arena_blocks_alive() == 0 ? 0 : -1;
}

static char got[65536];
static bool ended;

/* Steps the loop and gathers in got until needle stands in it (NULL: until the end of the stream).
 */
static void gather(int fd, const char *needle)
{
	size_t size = 0;

	memset(got, 0, sizeof(got));
	ended = false;
	for (int i = 0; i < STEPS_MAX && !ended && !(needle && strstr(got, needle)); i++) {
		ssize_t n = recv(fd, got + size, sizeof(got) - 1 - size, MSG_DONTWAIT);
		if (n > 0)
			size += n;
		ended = n == 0;
		loop_step(loop, n > 0 ? 0 : 5);
	}
	if (needle && !strstr(got, needle))
		fail_msg("'%s' did not come, but: %s", needle, got);
	if (!needle)
		assert_true(ended);
}

static int count(const char *needle)
{
	int n = 0;

	for (const char *at = got; (at = strstr(at, needle)); at++)
		n++;
	return n;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* ---- Tests ---- */

static void pipelined_requests_are_answered_in_order(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, GET("/echo/1") "POST /echo/2 HTTP/1.1\r\nHost: a\r\nContent-Length: "
			       "3\r\n\r\nabc" GET("/thread") GET("/echo/4") GET("/nothing"));
	gather(fd, "404 Not Found\n");
	assert_int_equal(requests, 5);
	assert_int_equal(count("HTTP/1.1 200 OK"), 4);
	assert_true(strstr(got, "/echo/1|") < strstr(got, "/echo/2|abc"));
	assert_true(strstr(got, "/echo/2|abc") < strstr(got, "\r\n\r\nthread"));
	assert_true(strstr(got, "\r\n\r\nthread") < strstr(got, "/echo/4|"));
	assert_false(ended);
	close(fd);
}

static void byte_by_byte(void **state)
{
	const char *text = "POST /echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
			   "Connection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
	int fd = dial(listener_port(listener));

	for (const char *at = text; *at; at++) {
		assert_int_equal(send(fd, at, 1, MSG_NOSIGNAL), 1);
		loop_step(loop, 5);
	}
	gather(fd, NULL);
	assert_non_null(strstr(got, "/echo/x|hi"));
	assert_non_null(strstr(got, "Connection: close"));
	close(fd);
}

static void errors_close_and_arrive(void **state)
{
	static const struct {
		const char *request, *status;
	} rows[] = {
		{"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
		{"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "501 Not Implemented"},
		{"POST /echo/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\nbegin",
			"413 Content Too Large"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int fd = dial(listener_port(listener));
		say(fd, rows[i].request);
		gather(fd, NULL);
		if (!strstr(got, rows[i].status))
			fail_msg("%s: %s", rows[i].status, got);
		assert_int_equal(count("HTTP/1.1 "), 1);
		close(fd);
	}
	assert_int_equal(requests, 0);
}

static void other_methods_are_named(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, "PUT /echo/1 HTTP/1.1\r\nHost: a\r\n\r\n");
	gather(fd, "405 Method Not Allowed\n");
	assert_non_null(strstr(got, "\r\nAllow: GET, POST\r\n"));
	close(fd);
}

static void expectation_is_met_before_the_body(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, "POST /echo/1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
		"4\r\n\r\n");
	gather(fd, "HTTP/1.1 100 Continue\r\n\r\n");
	say(fd, "body");
	gather(fd, "/echo/1|body");
	assert_int_equal(count("100 Continue"), 0);
	close(fd);
}

static void head_has_no_body(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, "HEAD /echo/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	gather(fd, NULL);
	assert_non_null(strstr(got, "Content-Length: 8\r\n"));
	assert_null(strstr(got, "/echo"));
	close(fd);
}

static void client_gone_before_the_answer(void **state)
{
	struct linger reset = {.l_onoff = 1};
	int fd = dial(listener_port(listener));

	say(fd, GET("/hold"));
	for (int i = 0; i < STEPS_MAX && !held; i++)
		loop_step(loop, 5);
	assert_non_null(held);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd); /* a reset */
	for (int i = 0; i < STEPS_MAX && conn_count(loop); i++)
		loop_step(loop, 5);
	assert_int_equal(conn_count(loop), 0);
	assert_int_equal(told_gone, 1);
	http_respond_error(held, 500);
	loop_step(loop, 0);
}

static void client_that_says_no_more_is_told_of_and_answered(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, GET("/hold"));
	for (int i = 0; i < STEPS_MAX && !held; i++)
		loop_step(loop, 5);
	for (int i = 0; i < 5; i++)
		loop_step(loop, 1);
	assert_int_equal(told_gone, 0);
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < STEPS_MAX && !told_gone; i++)
		loop_step(loop, 5);
	for (int i = 0; i < 5; i++)
		loop_step(loop, 1);
	assert_int_equal(told_gone, 1);
	http_respond_error(held, 418);
	gather(fd, NULL);
	assert_non_null(strstr(got, "418"));
	assert_int_equal(told_gone, 1);
	close(fd);
}

static void next_request_waits_for_the_answer(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, GET("/hold") GET("/echo/2"));
	for (int i = 0; i < 20; i++)
		loop_step(loop, 1);
	assert_non_null(held);
	assert_int_equal(requests, 1);
	shutdown(fd, SHUT_WR); /* and the answers still come */
	loop_step(loop, 5);
	http_respond_error(held, 418);
	gather(fd, NULL);
	assert_int_equal(requests, 2);
	assert_true(strstr(got, "418") && strstr(got, "/echo/2|"));
	close(fd);
}

static void slow_requests_time_out(void **state)
{
	static const char *const begun[] = {
		"GET / HT", "POST /echo/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo"};

	server.head_ms = server.body_ms = 30;
	server.body_rate = 0;
	for (size_t i = 0; i < ARRAY_LEN(begun); i++) {
		int fd = dial(listener_port(listener));
		say(fd, begun[i]);
		gather(fd, NULL);
		assert_non_null(strstr(got, "408 Request Timeout"));
		close(fd);
	}
	server.keep_alive_ms = 30;
	int fd = dial(listener_port(listener));
	say(fd, GET("/echo/1"));
	gather(fd, NULL); /* idle between requests: no word, just the end */
	assert_int_equal(count("HTTP/1.1 "), 1);
	close(fd);
}

/* Two bytes are here: at twenty a second that is 100 ms more. */
static void slow_bodies_get_time_for_what_came(void **state)
{
	static const char head[] =
		"POST /echo/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo";
	int fd = dial(listener_port(listener));
	int64_t until_ms;

	server.body_ms = 30;
	server.body_rate = 20;
	say(fd, head);
	until_ms = loop_now_ms(loop) + 80;
	while (loop_now_ms(loop) < until_ms)
		loop_step(loop, 5);
	say(fd, "dy");
	gather(fd, "/echo/1|body");
	close(fd);
	fd = dial(listener_port(listener));
	say(fd, head);
	gather(fd, NULL);
	assert_non_null(strstr(got, "408 Request Timeout"));
	close(fd);
}

static size_t tiny_body(const struct http_request *head, void *owner)
{
	return bytes_equal_str(head->path, "/echo/1") ? 2 : 3000000;
}

static void body_limit_per_request(void **state)
{
	int fd = dial(listener_port(listener));

	server.body_max = tiny_body;
	say(fd, "POST /echo/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
	gather(fd, NULL);
	assert_non_null(strstr(got, "413"));
	close(fd);
	fd = dial(listener_port(listener));
	say(fd, "POST /echo/2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
	gather(fd, "/echo/2|abc");
	close(fd);
}

static void upgrade_passes_what_follows(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, GET("/echo/1") GET("/upgrade") "raw bytes");
	gather(fd, "raw bytes");
	assert_non_null(strstr(got, "HTTP/1.1 101 Switching Protocols\r\n"));
	assert_null(strstr(strstr(got, " 101 "), "Content-Length"));
	say(fd, "more");
	gather(fd, "more");
	assert_int_equal(upgraded_bytes, 13);
	assert_int_equal(requests, 2);
	close(fd);
	for (int i = 0; i < STEPS_MAX && !upgraded_closed; i++)
		loop_step(loop, 5);
	assert_int_equal(upgraded_closed, 1);
}

static void adopts_a_sniffed_connection(void **state)
{
	int fd = dial(listener_port(listener));

	say(fd, "GE");
	loop_step(loop, 5);
	say(fd, "T /echo/1 HTTP/1.1\r\nHost: a\r\n\r\n" GET("/echo/2"));
	gather(fd, "/echo/2|");
	assert_non_null(strstr(got, "/echo/1|"));
	close(fd);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pipelined_requests_are_answered_in_order),
		CASE(byte_by_byte),
		CASE(errors_close_and_arrive),
		CASE(other_methods_are_named),
		CASE(expectation_is_met_before_the_body),
		CASE(head_has_no_body),
		CASE(client_gone_before_the_answer),
		CASE(client_that_says_no_more_is_told_of_and_answered),
		CASE(next_request_waits_for_the_answer),
		CASE(slow_requests_time_out),
		CASE(slow_bodies_get_time_for_what_came),
		CASE(body_limit_per_request),
		CASE(upgrade_passes_what_follows),
		cmocka_unit_test_setup_teardown(
			adopts_a_sniffed_connection, set_up_sniffing, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
