/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets in: newcomers beyond what there is room for, and the addresses that are listened on. */
#include "served.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void full_thread_sheds_newcomers(void **state)
{
	struct served s = {.seen = {.echo = true}};
	int second;
	char byte;

	served_open_as(&s, (struct listener_config){.host = "127.0.0.1", .conns_max = 1});
	STEP_UNTIL(s.loop, s.seen.opened);
	second = dial(listener_port(s.listener));
	STEP_UNTIL(s.loop, can_read(second));
	assert_true(recv(second, &byte, 1, 0) <= 0);
	assert_int_equal(listener_shed(s.listener), 1);
	say(s.fd, "x"); /* who is in stays in */
	STEP_UNTIL(s.loop, can_read(s.fd));
	close(second);
	served_close(&s);
}

static void without_descriptors_newcomers_are_shed(void **state)
{
	struct served s = {.seen = {.echo = true}};
	int second, top;
	struct rlimit before, tight;
	char byte;

	served_open(&s, &roomy, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	second = dial(listener_port(s.listener));
	top = dup(second); /* the lowest free number: nothing above it may be opened any more */
	assert_true(top >= 0);
	close(top);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)top;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	STEP_UNTIL(s.loop, listener_shed(s.listener) == 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(recv(second, &byte, 1, 0) <= 0);
	say(s.fd, "x");
	STEP_UNTIL(s.loop, can_read(s.fd));
	close(second);
	served_close(&s);
}

static void taken_port_is_noticed(void **state)
{
	struct loop *loop = new_loop();
	struct listener *listener = listen_on(loop, &roomy, &seen_ops, NULL);
	uint16_t port = listener_port(listener);
	struct err err = {0};

	assert_int_equal(listener_check_free("127.0.0.1", port, &err), -1);
	assert_int_equal(err.code, EADDRINUSE);
	listener_close(listener);
	assert_int_equal(listener_check_free("127.0.0.1", port, &err), 0);
	loop_free(loop);
}

static void every_address_takes_ipv4(void **state)
{
	struct served s = {0};

	served_open_as(&s, (struct listener_config){.host = NULL});
	STEP_UNTIL(s.loop, s.seen.opened);
	assert_true(address_is_ipv4(conn_peer(s.seen.conn)));
	served_close(&s);
}

/* Re-keyed clients look for each of their data centres at an address of its own in 127.0.0.0/8. */
static void loopback_is_every_address_of_it(void **state)
{
	struct served s = {0};
	uint16_t port;
	int second;

	served_open_as(&s, (struct listener_config){.host = LISTEN_LOOPBACK});
	port = listener_port(s.listener);
	assert_int_equal(listener_check_free(LISTEN_LOOPBACK, port, NULL), -1);
	second = dial_at(0x7f9aaf32, port); /* 127.154.175.50 */
	STEP_UNTIL(s.loop, s.seen.opened == 2);
	close(second);
	served_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_thread_sheds_newcomers),
		cmocka_unit_test(without_descriptors_newcomers_are_shed),
		cmocka_unit_test(taken_port_is_noticed),
		cmocka_unit_test(every_address_takes_ipv4),
		cmocka_unit_test(loopback_is_every_address_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
