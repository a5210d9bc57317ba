/* SPDX-License-Identifier: Apache-2.0 */
/* Connections over real sockets on loopback: echo, limits, deadlines, shedding, moving between
 * threads. */
#include "cmocka_env.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/listener.h"

#define STEPS_MAX 3000

/* What the server side of a test saw. */
struct seen {
	struct conn *conn;
	int opened, drained, closed;
	enum conn_reason reason;
	size_t bytes, data_calls;
	size_t take_max; /* per call; 0: everything */
	bool echo, finish_on_data, close_on_data;
};

static void on_open(struct conn *conn)
{
	struct seen *seen = conn_owner(conn);

	conn_vouch(conn); /* strangers give way: test_crowd.c */
	seen->conn = conn;
	seen->opened++;
}

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct seen *seen = conn_owner(conn);
	size_t size = seen->take_max && seen->take_max < in.size ? seen->take_max : in.size;

	assert_int_equal(seen->closed, 0);
	seen->data_calls++;
	seen->bytes += size;
	if (seen->echo)
		conn_write(conn, bytes_of(in.data, size));
	if (seen->finish_on_data) {
		conn_write(conn, BYTES_LITERAL("bye"));
		conn_finish(conn);
	}
	if (seen->close_on_data) {
		conn_close(conn);
		conn_close(conn); /* twice is fine, and on_close comes later */
		assert_int_equal(seen->closed, 0);
	}
	return size;
}

static size_t take_nothing(struct conn *conn, struct bytes in)
{
	struct seen *seen = conn_owner(conn);

	seen->data_calls++;
	seen->bytes = in.size;
	return 0;
}

static void on_drain(struct conn *conn)
{
	((struct seen *)conn_owner(conn))->drained++;
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	struct seen *seen = conn_owner(conn);

	seen->closed++;
	seen->reason = reason;
	seen->conn = NULL;
}

static const struct conn_ops ops = {
	.on_open = on_open, .on_data = on_data, .on_drain = on_drain, .on_close = on_close};
static const struct conn_ops hoarder = {
	.on_open = on_open, .on_data = take_nothing, .on_drain = on_drain, .on_close = on_close};

static const struct conn_limits limits = {.input_max = 1000, .output_max = 1 << 20};

static struct loop *new_loop(void)
{
	struct loop *loop = loop_new(NULL);

	assert_non_null(loop);
	return loop;
}

static struct listener *listen_on(struct loop *loop, const struct conn_limits *with,
	const struct conn_ops *conn_ops, void *owner, size_t conns_max)
{
	struct listener_config config = {
		.host = "127.0.0.1",
		.limits = with,
		.ops = conn_ops,
		.owner = owner,
		.conns_max = conns_max,
	};
	struct err err;
	struct listener *listener = listener_open(loop, &config, &err);

	if (!listener)
		fail_msg("%s", err.text);
	assert_true(listener_port(listener) > 0);
	return listener;
}

/* A plain blocking client socket. */
static int dial_at(uint32_t ipv4, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(ipv4);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int dial(uint16_t port)
{
	return dial_at(INADDR_LOOPBACK, port);
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

#define STEP_UNTIL(loop, condition)                                                                \
	do {                                                                                       \
		int steps_ = 0;                                                                    \
		while (!(condition)) {                                                             \
			assert_true(++steps_ < STEPS_MAX);                                         \
			loop_step(loop, 10);                                                       \
		}                                                                                  \
	} while (0)

/* The client's end is readable, or closed. */
static bool can_read(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void echo_and_orderly_end(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));
	char text[32] = {0};

	say(fd, "hello");
	STEP_UNTIL(loop, can_read(fd));
	assert_int_equal(recv(fd, text, sizeof(text), 0), 5);
	assert_string_equal(text, "hello");
	assert_true(address_is_loopback(conn_peer(seen.conn)));
	assert_int_equal(conn_count(loop), 1);
	say(fd, "again");
	shutdown(fd, SHUT_WR); /* the answer to what came before still arrives */
	STEP_UNTIL(loop, seen.closed);
	assert_int_equal(recv(fd, text, sizeof(text), 0), 5);
	assert_int_equal(recv(fd, text, sizeof(text), 0), 0);
	assert_int_equal(seen.opened, 1);
	assert_int_equal(seen.closed, 1);
	assert_int_equal(seen.reason, CONN_BY_PEER);
	assert_int_equal(conn_count(loop), 0);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void piecemeal_owner_gets_all_of_it(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true, .take_max = 3};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));
	char text[32] = {0};

	say(fd, "0123456789");
	STEP_UNTIL(loop, can_read(fd));
	/* one write although there were four appends */
	assert_int_equal(recv(fd, text, sizeof(text), 0), 10);
	assert_string_equal(text, "0123456789");
	assert_int_equal(seen.data_calls, 4);
	close(fd);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

static void hoarding_owner_is_cut_off(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct listener *listener = listen_on(loop, &limits, &hoarder, &seen, 0);
	int fd = dial(listener_port(listener));
	char text[501];

	memset(text, 'x', 500);
	text[500] = '\0';
	say(fd, text);
	STEP_UNTIL(loop, seen.bytes == 500);
	say(fd, text);
	STEP_UNTIL(loop, seen.bytes == 1000);
	assert_int_equal(seen.closed, 0);
	say(fd, "y");
	STEP_UNTIL(loop, seen.closed);
	assert_int_equal(seen.reason, CONN_INPUT_OVERFLOW);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void slow_reader_is_closed(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	static uint8_t block[65536];
	int fd = dial(listener_port(listener));
	size_t written = 0;

	STEP_UNTIL(loop, seen.opened);
	while (!seen.closed) {
		if (seen.conn && !conn_is_closing(seen.conn))
			conn_write(seen.conn, bytes_of(block, sizeof(block)));
		written += sizeof(block);
		assert_true(written < (size_t)64 << 20);
		loop_step(loop, 0);
	}
	assert_int_equal(seen.reason, CONN_OUTPUT_OVERFLOW);
	assert_true(written > limits.output_max);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void waiting_output_drains_and_tells(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	static uint8_t block[65536];
	int fd = dial(listener_port(listener));
	size_t written = 0, got = 0;

	STEP_UNTIL(loop, seen.opened);
	while (conn_unsent(seen.conn) < sizeof(block)) {
		conn_write(seen.conn, bytes_of(block, sizeof(block)));
		written += sizeof(block);
		loop_step(loop, 0);
		assert_int_equal(seen.closed, 0);
	}
	assert_int_equal(seen.drained, 0);
	while (got < written) {
		ssize_t n = recv(fd, block, sizeof(block), MSG_DONTWAIT);
		if (n > 0)
			got += n;
		loop_step(loop, 0);
	}
	STEP_UNTIL(loop, seen.drained);
	assert_int_equal(seen.drained, 1);
	assert_int_equal(conn_unsent(seen.conn), 0);
	close(fd);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

static void more_than_the_cap_in_one_round_reaches_a_reader(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct conn_limits tight = {.input_max = 1000, .output_max = 400 << 10};
	struct listener *listener = listen_on(loop, &tight, &ops, &seen, 0);
	static uint8_t block[65536];
	int fd = dial(listener_port(listener)), big = 4 << 20;
	size_t got = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	STEP_UNTIL(loop, seen.opened);
	for (int i = 0; i < 16; i++) {
		conn_write(seen.conn, bytes_of(block, sizeof(block)));
		if (i % 4 == 3) /* a reader that keeps up */
			while (recv(fd, block, sizeof(block), MSG_DONTWAIT) > 0)
				continue;
	}
	conn_finish(seen.conn);
	while (!seen.closed) {
		loop_step(loop, 0);
		ssize_t n = recv(fd, block, sizeof(block), MSG_DONTWAIT);
		if (n == 0)
			shutdown(fd, SHUT_WR);
		got += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(seen.reason, CONN_BY_OWNER);
	assert_true(got > 0);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void deadlines(void **state)
{
	static const struct {
		struct conn_limits limits;
		const char *said;
		enum conn_reason reason;
	} rows[] = {
		{{100, 100, .first_byte_ms = 30}, "", CONN_NO_FIRST_BYTE},
		{{100, 100, .idle_ms = 30}, "", CONN_IDLE},
		{{100, 100, .first_byte_ms = 20, .idle_ms = 40}, "x", CONN_IDLE},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct loop *loop = new_loop();
		struct seen seen = {0};
		struct listener *listener = listen_on(loop, &rows[i].limits, &ops, &seen, 0);
		int fd = dial(listener_port(listener));
		say(fd, rows[i].said);
		STEP_UNTIL(loop, seen.opened);
		int64_t opened_ms = loop_now_ms(loop);
		STEP_UNTIL(loop, seen.closed);
		assert_int_equal(seen.reason, rows[i].reason);
		assert_true(loop_now_ms(loop) - opened_ms >= 29);
		close(fd);
		listener_close(listener);
		loop_free(loop);
	}
}

/* Units of ten bytes, as an owner would report them. */
static size_t take_units(struct conn *conn, struct bytes in)
{
	struct seen *seen = conn_owner(conn);
	size_t before = seen->bytes / 10;

	seen->bytes += in.size;
	if (seen->bytes / 10 != before)
		conn_set_unfinished(conn, false);
	conn_set_unfinished(conn, seen->bytes % 10 != 0);
	return in.size;
}

static const struct conn_ops unit_taker = {
	.on_open = on_open, .on_data = take_units, .on_drain = on_drain, .on_close = on_close};

/* Says text every so many ms, times times or until it is cut; true: it was cut. */
static bool drip(const struct conn_limits *with, const char *text, int every_ms, int times)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct listener *listener = listen_on(loop, with, &unit_taker, &seen, 0);
	int fd = dial(listener_port(listener));
	bool cut;

	for (int i = 0; i < times && !seen.closed; i++) {
		int64_t until_ms = loop_now_ms(loop) + every_ms;

		(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
		do
			loop_step(loop, 1);
		while (loop_now_ms(loop) < until_ms);
	}
	cut = seen.closed;
	if (cut)
		assert_int_equal(seen.reason, CONN_UNFINISHED);
	close(fd);
	listener_close(listener);
	loop_free(loop);
	return cut;
}

static void what_is_begun_must_be_finished(void **state)
{
	const struct conn_limits strict = {100, 100, .unit_ms = 60};
	const struct conn_limits paced = {100, 100, .unit_ms = 60, .unit_rate = 50};

	assert_true(drip(&strict, "x", 10, 60)); /* ten bytes would take 100 ms */
	assert_false(drip(&strict, "xxx", 10, 30));
	assert_false(drip(&strict, "xxxxxxxxxx", 90, 3)); /* between units nothing counts */
	assert_true(drip(&strict, "xxxxxxxxxxxxx", 90, 3));
	assert_false(drip(&paced, "x", 15, 20)); /* slow, but faster than 50 bytes a second */
	assert_true(drip(&paced, "x", 45, 20));
}

static void stalled_reader_is_closed(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct conn_limits with = {.input_max = 10, .output_max = 32 << 20, .stall_ms = 50};
	struct listener *listener = listen_on(loop, &with, &ops, &seen, 0);
	static uint8_t block[16 << 20];
	int fd = dial(listener_port(listener));

	STEP_UNTIL(loop, seen.opened);
	conn_write(seen.conn, bytes_of(block, sizeof(block)));
	STEP_UNTIL(loop, seen.closed);
	assert_int_equal(seen.reason, CONN_STALLED);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void finish_delivers_although_the_peer_still_sends(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.finish_on_data = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));
	char text[8] = {0};

	say(fd, "first");
	STEP_UNTIL(loop, can_read(fd));
	say(fd, "more that nobody reads");
	loop_step(loop, 10);
	assert_int_equal(recv(fd, text, sizeof(text), MSG_WAITALL), 3);
	assert_string_equal(text, "bye");
	assert_int_equal(seen.closed, 0);
	assert_int_equal(seen.data_calls, 1);
	close(fd);
	STEP_UNTIL(loop, seen.closed);
	assert_int_equal(seen.reason, CONN_BY_OWNER);
	listener_close(listener);
	loop_free(loop);
}

static void close_inside_on_data(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.close_on_data = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));

	say(fd, "x");
	STEP_UNTIL(loop, seen.closed);
	assert_int_equal(seen.closed, 1);
	assert_int_equal(seen.reason, CONN_BY_OWNER);
	close(fd);
	listener_close(listener);
	loop_free(loop);
}

static void pause_holds_back_and_resume_delivers(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));

	STEP_UNTIL(loop, seen.opened);
	conn_pause(seen.conn);
	loop_step(loop, 0);
	say(fd, "wait");
	for (int i = 0; i < 5; i++)
		loop_step(loop, 5);
	assert_int_equal(seen.bytes, 0);
	conn_resume(seen.conn);
	STEP_UNTIL(loop, seen.bytes == 4);
	close(fd);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

static void freed_loop_closes_its_connections(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {0};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int fd = dial(listener_port(listener));

	STEP_UNTIL(loop, seen.opened);
	listener_close(listener);
	loop_free(loop);
	assert_int_equal(seen.closed, 1);
	assert_int_equal(seen.reason, CONN_SHUTDOWN);
	close(fd);
}

static void full_thread_sheds_newcomers(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 1);
	int first = dial(listener_port(listener)), second;
	char byte;

	STEP_UNTIL(loop, seen.opened);
	second = dial(listener_port(listener));
	STEP_UNTIL(loop, can_read(second));
	assert_true(recv(second, &byte, 1, 0) <= 0);
	assert_int_equal(listener_shed(listener), 1);
	say(first, "x"); /* who is in stays in */
	STEP_UNTIL(loop, can_read(first));
	close(first);
	close(second);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

static void without_descriptors_newcomers_are_shed(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener *listener = listen_on(loop, &limits, &ops, &seen, 0);
	int first = dial(listener_port(listener)), second, top;
	struct rlimit before, tight;
	char byte;

	STEP_UNTIL(loop, seen.opened);
	second = dial(listener_port(listener));
	top = dup(second); /* the lowest free number: nothing above it may be opened any more */
	assert_true(top >= 0);
	close(top);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)top;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	STEP_UNTIL(loop, listener_shed(listener) == 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(recv(second, &byte, 1, 0) <= 0);
	say(first, "x");
	STEP_UNTIL(loop, can_read(first));
	close(first);
	close(second);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

static void taken_port_is_noticed(void **state)
{
	struct loop *loop = new_loop();
	struct listener *listener = listen_on(loop, &limits, &ops, NULL, 0);
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
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener_config config = {.limits = &limits, .ops = &ops, .owner = &seen};
	struct listener *listener = listener_open(loop, &config, NULL);
	int fd;

	assert_non_null(listener);
	fd = dial(listener_port(listener));
	STEP_UNTIL(loop, seen.opened);
	assert_true(address_is_ipv4(conn_peer(seen.conn)));
	close(fd);
	STEP_UNTIL(loop, seen.closed);
	listener_close(listener);
	loop_free(loop);
}

/* Re-keyed clients look for each of their data centres at an address of its own in 127.0.0.0/8. */
static void loopback_is_every_address_of_it(void **state)
{
	struct loop *loop = new_loop();
	struct seen seen = {.echo = true};
	struct listener_config config = {
		.host = LISTEN_LOOPBACK, .limits = &limits, .ops = &ops, .owner = &seen};
	struct listener *listener = listener_open(loop, &config, NULL);
	int first, second;

	assert_non_null(listener);
	assert_int_equal(listener_check_free(LISTEN_LOOPBACK, listener_port(listener), NULL), -1);
	first = dial(listener_port(listener));
	second = dial_at(0x7f9aaf32, listener_port(listener)); /* 127.154.175.50 */
	STEP_UNTIL(loop, seen.opened == 2);
	close(first);
	close(second);
	STEP_UNTIL(loop, seen.closed == 2);
	listener_close(listener);
	loop_free(loop);
}

static void outgoing(void **state)
{
	struct loop *loop = new_loop();
	struct seen server = {.echo = true}, client = {0}, refused = {0};
	struct listener *listener = listen_on(loop, &limits, &ops, &server, 0);
	struct address to;
	struct conn *conn;

	assert_int_equal(address_parse(&to, "127.0.0.1", listener_port(listener), NULL), 0);
	conn = conn_connect(loop, &to, &limits, &ops, &client, NULL);
	assert_non_null(conn);
	assert_int_equal(client.opened, 0);
	conn_write(conn, BYTES_LITERAL("early"));
	STEP_UNTIL(loop, client.bytes == 5);
	assert_int_equal(client.opened, 1);
	conn_close(conn);
	STEP_UNTIL(loop, client.closed && server.closed);
	assert_int_equal(server.reason, CONN_BY_PEER);
	listener_close(listener);

	conn = conn_connect(loop, &to, &limits, &ops, &refused, NULL); /* nobody listens now */
	assert_non_null(conn);
	STEP_UNTIL(loop, refused.closed);
	assert_int_equal(refused.opened, 0);
	assert_int_equal(refused.reason, CONN_CONNECT_FAILED);
	loop_free(loop);
}

/* ---- Moving between threads, under traffic ---- */

#define MOVE_TOTAL ((size_t)4 << 20)
#define HOP_EVERY 30000

static struct loop *loops[2];

/* One at a time has it: the thread where the connection is. */
struct traveller {
	size_t got, next_hop;
	int hops, at;
	atomic_bool closed;
};

static size_t travel_on_data(struct conn *conn, struct bytes in);

static void travel_on_open(struct conn *conn)
{
	struct traveller *traveller = conn_owner(conn);

	assert_ptr_equal(conn_loop(conn), loops[traveller->at]);
	assert_ptr_equal(loop_current(), loops[traveller->at]);
}

static void travel_on_close(struct conn *conn, enum conn_reason reason)
{
	struct traveller *traveller = conn_owner(conn);

	assert_ptr_equal(loop_current(), loops[traveller->at]);
	atomic_store(&traveller->closed, true);
}

static const struct conn_ops travel_ops = {
	.on_open = travel_on_open, .on_data = travel_on_data, .on_close = travel_on_close};

/* Echoes in odd pieces, checks the sequence, and leaves for the other loop with input left unread.
 */
static size_t travel_on_data(struct conn *conn, struct bytes in)
{
	struct traveller *traveller = conn_owner(conn);
	size_t size = in.size > 777 ? 777 : in.size;

	assert_ptr_equal(loop_current(), loops[traveller->at]);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(in.data[i], (uint8_t)((traveller->got + i) * 31 >> 3));
	conn_write(conn, bytes_of(in.data, size));
	traveller->got += size;
	if (traveller->got >= traveller->next_hop) {
		traveller->next_hop += HOP_EVERY;
		traveller->hops++;
		traveller->at = 1 - traveller->at;
		assert_true(conn_move(conn, loops[traveller->at], &travel_ops, traveller));
	}
	return size;
}

static void *run_loop(void *arg)
{
	loop_run(arg);
	return NULL;
}

static void *send_all(void *arg)
{
	int fd = *(int *)arg;
	uint8_t block[4096];

	for (size_t at = 0; at < MOVE_TOTAL; at += sizeof(block)) {
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = (uint8_t)((at + i) * 31 >> 3);
		if (send(fd, block, sizeof(block), MSG_NOSIGNAL) != sizeof(block))
			return NULL;
	}
	return NULL;
}

static void moves_between_loops_under_traffic(void **state)
{
	static const struct conn_limits wide = {.input_max = 1 << 20, .output_max = 8 << 20};
	struct traveller traveller = {.next_hop = HOP_EVERY};
	struct listener *listener;
	pthread_t threads[2], sender;
	size_t got = 0;
	uint8_t block[65536];
	int fd;

	loops[0] = new_loop();
	loops[1] = new_loop();
	listener = listen_on(loops[0], &wide, &travel_ops, &traveller, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_loop, loops[i]), 0);
	fd = dial(listener_port(listener));
	assert_int_equal(pthread_create(&sender, NULL, send_all, &fd), 0);
	while (got < MOVE_TOTAL) {
		ssize_t n = recv(fd, block, sizeof(block), 0);
		assert_true(n > 0);
		for (ssize_t i = 0; i < n; i++)
			assert_int_equal(block[i], (uint8_t)((got + i) * 31 >> 3));
		got += n;
	}
	pthread_join(sender, NULL);
	close(fd);
	for (int i = 0; i < STEPS_MAX && !atomic_load(&traveller.closed); i++)
		usleep(1000);
	assert_true(atomic_load(&traveller.closed));
	for (int i = 0; i < 2; i++) {
		loop_stop(loops[i]);
		pthread_join(threads[i], NULL);
	}
	assert_int_equal(traveller.got, MOVE_TOTAL);
	assert_int_equal(traveller.hops, MOVE_TOTAL / HOP_EVERY);
	assert_int_equal(conn_count(loops[0]) + conn_count(loops[1]), 0);
	listener_close(listener);
	loop_free(loops[0]);
	loop_free(loops[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_and_orderly_end),
		cmocka_unit_test(piecemeal_owner_gets_all_of_it),
		cmocka_unit_test(hoarding_owner_is_cut_off),
		cmocka_unit_test(slow_reader_is_closed),
		cmocka_unit_test(waiting_output_drains_and_tells),
		cmocka_unit_test(more_than_the_cap_in_one_round_reaches_a_reader),
		cmocka_unit_test(deadlines),
		cmocka_unit_test(what_is_begun_must_be_finished),
		cmocka_unit_test(stalled_reader_is_closed),
		cmocka_unit_test(finish_delivers_although_the_peer_still_sends),
		cmocka_unit_test(close_inside_on_data),
		cmocka_unit_test(pause_holds_back_and_resume_delivers),
		cmocka_unit_test(freed_loop_closes_its_connections),
		cmocka_unit_test(full_thread_sheds_newcomers),
		cmocka_unit_test(without_descriptors_newcomers_are_shed),
		cmocka_unit_test(taken_port_is_noticed),
		cmocka_unit_test(every_address_takes_ipv4),
		cmocka_unit_test(loopback_is_every_address_of_it),
		cmocka_unit_test(outgoing),
		cmocka_unit_test(moves_between_loops_under_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
