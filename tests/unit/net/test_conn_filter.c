/* SPDX-License-Identifier: Apache-2.0 */
/* A filter between socket and owner: what it is given and when, its goodbye, its failure, its way
 * to another loop. The filter of the test turns every bit round; 0x00 on the wire (0xff plain)
 * breaks it, 0x01 is the peer's end, and it greets with "hi" when it first hears something. */
#include "cmocka_env.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"

#define STEPS_MAX 3000

struct flip {
	struct conn_filter filter;
	bool greeted;
	int outs, freed;
};

static void flip_bytes(struct bytes from, struct buf *to)
{
	for (size_t i = 0; i < from.size; i++)
		buf_append_u8(to, (uint8_t)~from.data[i]);
}

static enum conn_filtered flip_in(
	struct conn_filter *filter, struct bytes wire, struct buf *plain, struct buf *reply)
{
	struct flip *flip = (struct flip *)filter;

	if (!flip->greeted)
		buf_append_str(reply, "hi");
	flip->greeted = true;
	for (size_t i = 0; i < wire.size; i++) {
		if (wire.data[i] == 0) {
			buf_append_str(reply, "alas");
			return CONN_FILTER_BROKEN;
		}
		if (wire.data[i] == 1)
			return CONN_FILTER_ENDED;
		flip_bytes(bytes_of(wire.data + i, 1), plain);
	}
	return CONN_FILTERED;
}

static int flip_out(struct conn_filter *filter, struct bytes plain, struct buf *wire)
{
	struct flip *flip = (struct flip *)filter;

	flip->outs++;
	if (memchr(plain.data, '!', plain.size))
		return -1;
	flip_bytes(plain, wire);
	return 0;
}

static void flip_goodbye(struct conn_filter *filter, struct buf *wire)
{
	buf_append_str(wire, "bye");
}

static void flip_free(struct conn_filter *filter)
{
	((struct flip *)filter)->freed++;
}

static const struct conn_filter_ops flip_ops = {flip_in, flip_out, flip_goodbye, flip_free};

/* ---- One connection, its peer, its filter ---- */

struct fixture {
	struct loop *loop, *other;
	struct conn *conn;
	int peer;
	struct flip flip;
	struct buf got; /* by the owner */
	int opened, closed;
	enum conn_reason reason;
	size_t take;	 /* before the filter is set inside on_data */
	bool set_inside; /* the filter is set at the first on_data */
	bool echo, finish, move, pause;
};

static const struct conn_ops owner_ops;

static void on_open(struct conn *conn)
{
	((struct fixture *)conn_owner(conn))->opened++;
}

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct fixture *f = conn_owner(conn);

	if (f->set_inside) {
		f->set_inside = false;
		conn_set_filter(conn, &f->flip.filter);
		if (f->move)
			assert_true(conn_move(conn, f->other, &owner_ops, f));
		return f->take;
	}
	buf_append_bytes(&f->got, in);
	if (f->echo) {
		for (size_t i = 0; i < in.size; i++)
			conn_write(conn, bytes_of(in.data + i, 1));
	}
	if (f->finish)
		conn_finish(conn);
	if (f->pause)
		conn_pause(conn);
	return in.size;
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	struct fixture *f = conn_owner(conn);

	f->closed++;
	f->reason = reason;
	f->conn = NULL;
}

static const struct conn_ops owner_ops = {
	.on_open = on_open, .on_data = on_data, .on_close = on_close};
static const struct conn_limits limits = {.input_max = 1 << 20, .output_max = 8 << 20};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct address peer = {.port = 1};
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	f->loop = loop_new(NULL);
	f->other = loop_new(NULL);
	f->flip.filter.ops = &flip_ops;
	f->peer = fds[1];
	f->conn = conn_new(f->loop, fds[0], &peer, &limits, &owner_ops, f, NULL);
	assert_non_null(f->conn);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	loop_free(f->other);
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->flip.freed, 1);
	buf_release(&f->got);
	close(f->peer);
	free(f);
	return 0;
}

static void say(struct fixture *f, const void *data, size_t size)
{
	assert_int_equal(send(f->peer, data, size, MSG_NOSIGNAL), size);
}

static void say_flipped(struct fixture *f, const char *text)
{
	struct buf wire = {0};

	flip_bytes(bytes_from_str(text), &wire);
	say(f, buf_data(&wire), buf_size(&wire));
	buf_release(&wire);
}

static void steps(struct fixture *f)
{
	for (int i = 0; i < 5; i++) {
		loop_step(f->loop, 1);
		loop_step(f->other, 0);
	}
}

static void hear(struct fixture *f, const char *raw, const char *flipped, const char *raw_end)
{
	struct buf want = {0};
	char got[256];
	ssize_t n;

	steps(f);
	buf_append_str(&want, raw);
	flip_bytes(bytes_from_str(flipped), &want);
	buf_append_str(&want, raw_end);
	n = recv(f->peer, got, sizeof(got), 0);
	assert_int_equal(n, buf_size(&want));
	assert_memory_equal(got, buf_data(&want), (size_t)n);
	buf_release(&want);
}

static void assert_got(const struct fixture *f, const char *text)
{
	assert_int_equal(buf_size(&f->got), strlen(text));
	assert_memory_equal(buf_data(&f->got), text, strlen(text));
}

/* ---- Cases ---- */

static void bytes_go_through_both_ways(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	assert_ptr_equal(conn_filter(f->conn), &f->flip.filter);
	f->echo = true;
	say_flipped(f, "abc");
	hear(f, "hi", "abc", "");
	assert_got(f, "abc");
	/* What was written byte by byte was filtered at once, with the round. */
	assert_int_equal(f->flip.outs, 1);
}

static void what_is_unread_is_filtered(void **state)
{
	struct fixture *f = *state;
	struct buf wire = {0};

	f->set_inside = f->echo = true;
	f->take = 3;
	buf_append_str(&wire, "PRE");
	flip_bytes(BYTES_LITERAL("rest"), &wire);
	say(f, buf_data(&wire), buf_size(&wire));
	buf_release(&wire);
	hear(f, "hi", "rest", "");
	assert_got(f, "rest");
	say_flipped(f, "more");
	hear(f, "", "more", "");
}

static void travels_with_a_move(void **state)
{
	struct fixture *f = *state;

	f->set_inside = f->move = f->echo = true;
	say_flipped(f, "first");
	hear(f, "hi", "first", "");
	assert_ptr_equal(conn_loop(f->conn), f->other);
	assert_int_equal(f->opened, 2);
	say_flipped(f, "second");
	hear(f, "", "second", "");
	assert_got(f, "firstsecond");
}

static void says_goodbye_after_all_output(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	f->echo = f->finish = true;
	say_flipped(f, "x");
	hear(f, "hi", "x", "bye");
	shutdown(f->peer, SHUT_WR);
	steps(f);
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->reason, CONN_BY_OWNER);
}

static void peers_end_inside_the_filter(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	f->echo = true;
	say(f, "\x9e\x01\x9e", 3); /* 'a', the end, and what nobody is to see */
	hear(f, "hi", "a", "bye");
	assert_got(f, "a");
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->reason, CONN_BY_PEER);
}

/* As one that sends its request and that nothing follows, while the answer takes its time. */
static void peers_end_waits_for_a_late_answer(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	f->pause = true;
	say(f, "\x9e\x01", 2);
	hear(f, "hi", "", "");
	assert_int_equal(f->closed, 0);
	conn_write(f->conn, BYTES_LITERAL("late"));
	conn_resume(f->conn);
	hear(f, "", "late", "bye");
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->reason, CONN_BY_PEER);
}

static void broken_input_gets_the_last_reply(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	f->echo = true;
	say(f, "\x9e\x00\x9e", 3);
	hear(f, "hialas", "", "");
	assert_got(f, "");
	shutdown(f->peer, SHUT_WR);
	steps(f);
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->reason, CONN_BAD_FILTERED);
}

static void output_that_cannot_be_said_ends_it(void **state)
{
	struct fixture *f = *state;

	conn_set_filter(f->conn, &f->flip.filter);
	conn_write(f->conn, BYTES_LITERAL("oh!"));
	steps(f);
	shutdown(f->peer, SHUT_WR);
	steps(f);
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->reason, CONN_BAD_FILTERED);
}

/* Not everything is doubled at once: the wire side holds a piece or two. */
static void a_slow_reader_is_sent_everything(void **state)
{
	static uint8_t chunk[65536], got[65536];
	struct fixture *f = *state;
	size_t total = 4 << 20, received = 0;

	conn_set_filter(f->conn, &f->flip.filter);
	memset(chunk, 'z', sizeof(chunk));
	for (size_t sent = 0; sent < total; sent += sizeof(chunk))
		conn_write(f->conn, bytes_of(chunk, sizeof(chunk)));
	steps(f);
	assert_true(conn_unsent(f->conn) > 0);
	for (int i = 0; i < STEPS_MAX && received < total; i++) {
		ssize_t n = recv(f->peer, got, sizeof(got), 0);

		loop_step(f->loop, 1);
		for (ssize_t j = 0; j < n; j++)
			assert_int_equal(got[j], (uint8_t)~'z');
		received += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(received, total);
	assert_int_equal(conn_unsent(f->conn), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bytes_go_through_both_ways),
		CASE(what_is_unread_is_filtered),
		CASE(travels_with_a_move),
		CASE(says_goodbye_after_all_output),
		CASE(peers_end_inside_the_filter),
		CASE(peers_end_waits_for_a_late_answer),
		CASE(broken_input_gets_the_last_reply),
		CASE(output_that_cannot_be_said_ends_it),
		CASE(a_slow_reader_is_sent_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
