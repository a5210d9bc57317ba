/* SPDX-License-Identifier: Apache-2.0 */
/* Connections over real sockets on loopback: what is said arrives, and each way to end. Limits are
 * in test_conn_limits.c, moving between threads in test_conn_move.c. */
#include "served.h"

#include <sys/socket.h>
#include <unistd.h>

static void echo_and_orderly_end(void **state)
{
	struct served s = {.seen = {.echo = true}};
	char text[32] = {0};

	served_open(&s, &roomy, &seen_ops);
	say(s.fd, "hello");
	STEP_UNTIL(s.loop, can_read(s.fd));
	assert_int_equal(recv(s.fd, text, sizeof(text), 0), 5);
	assert_string_equal(text, "hello");
	assert_true(address_is_loopback(conn_peer(s.seen.conn)));
	assert_int_equal(conn_count(s.loop), 1);
	say(s.fd, "again");
	shutdown(s.fd, SHUT_WR); /* the answer to what came before still arrives */
	STEP_UNTIL(s.loop, s.seen.closed);
	assert_int_equal(recv(s.fd, text, sizeof(text), 0), 5);
	assert_int_equal(recv(s.fd, text, sizeof(text), 0), 0);
	assert_int_equal(s.seen.opened, 1);
	assert_int_equal(s.seen.closed, 1);
	assert_int_equal(s.seen.reason, CONN_BY_PEER);
	assert_int_equal(conn_count(s.loop), 0);
	served_close(&s);
}

static void piecemeal_owner_gets_all_of_it(void **state)
{
	struct served s = {.seen = {.echo = true, .take_max = 3}};
	char text[32] = {0};

	served_open(&s, &roomy, &seen_ops);
	say(s.fd, "0123456789");
	STEP_UNTIL(s.loop, can_read(s.fd));
	/* one write although there were four appends */
	assert_int_equal(recv(s.fd, text, sizeof(text), 0), 10);
	assert_string_equal(text, "0123456789");
	assert_int_equal(s.seen.data_calls, 4);
	served_close(&s);
}

static void finish_delivers_although_the_peer_still_sends(void **state)
{
	struct served s = {.seen = {.finish_on_data = true}};
	char text[8] = {0};

	served_open(&s, &roomy, &seen_ops);
	say(s.fd, "first");
	STEP_UNTIL(s.loop, can_read(s.fd));
	say(s.fd, "more that nobody reads");
	loop_step(s.loop, 10);
	assert_int_equal(recv(s.fd, text, sizeof(text), MSG_WAITALL), 3);
	assert_string_equal(text, "bye");
	assert_int_equal(s.seen.closed, 0);
	assert_int_equal(s.seen.data_calls, 1);
	served_close(&s);
	assert_int_equal(s.seen.reason, CONN_BY_OWNER);
}

static void close_inside_on_data(void **state)
{
	struct served s = {.seen = {.close_on_data = true}};

	served_open(&s, &roomy, &seen_ops);
	say(s.fd, "x");
	STEP_UNTIL(s.loop, s.seen.closed);
	assert_int_equal(s.seen.closed, 1);
	assert_int_equal(s.seen.reason, CONN_BY_OWNER);
	served_close(&s);
}

static void pause_holds_back_and_resume_delivers(void **state)
{
	struct served s = {.seen = {.echo = true}};

	served_open(&s, &roomy, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	conn_pause(s.seen.conn);
	loop_step(s.loop, 0);
	say(s.fd, "wait");
	for (int i = 0; i < 5; i++)
		loop_step(s.loop, 5);
	assert_int_equal(s.seen.bytes, 0);
	conn_resume(s.seen.conn);
	STEP_UNTIL(s.loop, s.seen.bytes == 4);
	served_close(&s);
}

static void freed_loop_closes_its_connections(void **state)
{
	struct served s = {0};

	served_open(&s, &roomy, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	listener_close(s.listener);
	loop_free(s.loop);
	assert_int_equal(s.seen.closed, 1);
	assert_int_equal(s.seen.reason, CONN_SHUTDOWN);
	close(s.fd);
}

static void outgoing(void **state)
{
	struct loop *loop = new_loop();
	struct seen server = {.echo = true}, client = {0}, refused = {0};
	struct listener *listener = listen_on(loop, &roomy, &seen_ops, &server);
	struct address to;
	struct conn *conn;

	assert_int_equal(address_parse(&to, "127.0.0.1", listener_port(listener), NULL), 0);
	conn = conn_connect(loop, &to, &roomy, &seen_ops, &client, NULL);
	assert_non_null(conn);
	assert_int_equal(client.opened, 0);
	conn_write(conn, BYTES_LITERAL("early"));
	STEP_UNTIL(loop, client.bytes == 5);
	assert_int_equal(client.opened, 1);
	conn_close(conn);
	STEP_UNTIL(loop, client.closed && server.closed);
	assert_int_equal(server.reason, CONN_BY_PEER);
	listener_close(listener);

	conn = conn_connect(loop, &to, &roomy, &seen_ops, &refused, NULL); /* nobody listens now */
	assert_non_null(conn);
	STEP_UNTIL(loop, refused.closed);
	assert_int_equal(refused.opened, 0);
	assert_int_equal(refused.reason, CONN_CONNECT_FAILED);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_and_orderly_end),
		cmocka_unit_test(piecemeal_owner_gets_all_of_it),
		cmocka_unit_test(finish_delivers_although_the_peer_still_sends),
		cmocka_unit_test(close_inside_on_data),
		cmocka_unit_test(pause_holds_back_and_resume_delivers),
		cmocka_unit_test(freed_loop_closes_its_connections),
		cmocka_unit_test(outgoing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
