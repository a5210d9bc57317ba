/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection may take of us: input that waits, output that nobody reads, time. */
#include "served.h"

#include <sys/socket.h>
#include <unistd.h>

static size_t take_nothing(struct conn *conn, struct bytes in)
{
	struct seen *seen = conn_owner(conn);

	seen->data_calls++;
	seen->bytes = in.size;
	return 0;
}

static const struct conn_ops hoarder = {.on_open = seen_open,
	.on_data = take_nothing,
	.on_drain = seen_drain,
	.on_close = seen_close};

static void hoarding_owner_is_cut_off(void **state)
{
	struct served s = {0};
	char text[501];

	served_open(&s, &roomy, &hoarder);
	memset(text, 'x', 500);
	text[500] = '\0';
	say(s.fd, text);
	STEP_UNTIL(s.loop, s.seen.bytes == 500);
	say(s.fd, text);
	STEP_UNTIL(s.loop, s.seen.bytes == 1000);
	assert_int_equal(s.seen.closed, 0);
	say(s.fd, "y");
	STEP_UNTIL(s.loop, s.seen.closed);
	assert_int_equal(s.seen.reason, CONN_INPUT_OVERFLOW);
	served_close(&s);
}

static void slow_reader_is_closed(void **state)
{
	struct served s = {0};
	static uint8_t block[65536];
	size_t written = 0;

	served_open(&s, &roomy, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	while (!s.seen.closed) {
		if (s.seen.conn && !conn_is_closing(s.seen.conn))
			conn_write(s.seen.conn, bytes_of(block, sizeof(block)));
		written += sizeof(block);
		assert_true(written < (size_t)64 << 20);
		loop_step(s.loop, 0);
	}
	assert_int_equal(s.seen.reason, CONN_OUTPUT_OVERFLOW);
	assert_true(written > roomy.output_max);
	served_close(&s);
}

static void waiting_output_drains_and_tells(void **state)
{
	struct served s = {0};
	static uint8_t block[65536];
	size_t written = 0, got = 0;

	served_open(&s, &roomy, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	while (conn_unsent(s.seen.conn) < sizeof(block)) {
		conn_write(s.seen.conn, bytes_of(block, sizeof(block)));
		written += sizeof(block);
		loop_step(s.loop, 0);
		assert_int_equal(s.seen.closed, 0);
	}
	assert_int_equal(s.seen.drained, 0);
	while (got < written) {
		ssize_t n = recv(s.fd, block, sizeof(block), MSG_DONTWAIT);
		if (n > 0)
			got += n;
		loop_step(s.loop, 0);
	}
	STEP_UNTIL(s.loop, s.seen.drained);
	assert_int_equal(s.seen.drained, 1);
	assert_int_equal(conn_unsent(s.seen.conn), 0);
	served_close(&s);
}

static void more_than_the_cap_in_one_round_reaches_a_reader(void **state)
{
	struct served s = {0};
	struct conn_limits tight = {.input_max = 1000, .output_max = 400 << 10};
	static uint8_t block[65536];
	int big = 4 << 20;
	size_t got = 0;

	served_open(&s, &tight, &seen_ops);
	setsockopt(s.fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	STEP_UNTIL(s.loop, s.seen.opened);
	for (int i = 0; i < 16; i++) {
		conn_write(s.seen.conn, bytes_of(block, sizeof(block)));
		if (i % 4 == 3) /* a reader that keeps up */
			while (recv(s.fd, block, sizeof(block), MSG_DONTWAIT) > 0)
				continue;
	}
	conn_finish(s.seen.conn);
	while (!s.seen.closed) {
		loop_step(s.loop, 0);
		ssize_t n = recv(s.fd, block, sizeof(block), MSG_DONTWAIT);
		if (n == 0)
			shutdown(s.fd, SHUT_WR);
		got += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(s.seen.reason, CONN_BY_OWNER);
	assert_true(got > 0);
	served_close(&s);
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
		struct served s = {0};

		served_open(&s, &rows[i].limits, &seen_ops);
		say(s.fd, rows[i].said);
		STEP_UNTIL(s.loop, s.seen.opened);
		int64_t opened_ms = loop_now_ms(s.loop);
		STEP_UNTIL(s.loop, s.seen.closed);
		assert_int_equal(s.seen.reason, rows[i].reason);
		assert_true(loop_now_ms(s.loop) - opened_ms >= 29);
		served_close(&s);
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

static const struct conn_ops unit_taker = {.on_open = seen_open,
	.on_data = take_units,
	.on_drain = seen_drain,
	.on_close = seen_close};

#define HELD_UP_MS 5 /* the machine did something else for so long */
#define RUNS_MAX 200

struct drip {
	bool cut, held_up;
};

/* Says text every so many ms, times times or until it is cut. */
static struct drip drip(const struct conn_limits *with, const char *text, int every_ms, int times)
{
	struct served s = {0};
	struct drip result = {0};

	served_open(&s, with, &unit_taker);
	for (int i = 0; i < times && !s.seen.closed; i++) {
		int64_t until_ms = loop_now_ms(s.loop) + every_ms;

		(void)!send(s.fd, text, strlen(text), MSG_NOSIGNAL);
		do
			loop_step(s.loop, 1);
		while (loop_now_ms(s.loop) < until_ms);
		result.held_up |= loop_now_ms(s.loop) - until_ms > HELD_UP_MS;
	}
	result.cut = s.seen.closed;
	if (result.cut)
		assert_int_equal(s.seen.reason, CONN_UNFINISHED);
	served_close(&s);
	return result;
}

static bool is_cut(const struct conn_limits *with, const char *text, int every_ms, int times)
{
	return drip(with, text, every_ms, times).cut;
}

/* A run that was held up was slower than it says, and shows nothing: there is another. */
static bool is_left(const struct conn_limits *with, const char *text, int every_ms, int times)
{
	struct drip seen = {0};

	for (int i = 0; i < RUNS_MAX; i++) {
		seen = drip(with, text, every_ms, times);
		if (!seen.cut || !seen.held_up)
			break;
	}
	return !seen.cut;
}

static void what_is_begun_must_be_finished(void **state)
{
	const struct conn_limits strict = {100, 100, .unit_ms = 60};
	const struct conn_limits paced = {100, 100, .unit_ms = 60, .unit_rate = 50};

	assert_true(is_cut(&strict, "x", 10, 60)); /* ten bytes would take 100 ms */
	assert_true(is_left(&strict, "xxx", 10, 30));
	assert_true(is_left(&strict, "xxxxxxxxxx", 90, 3)); /* between units nothing counts */
	assert_true(is_cut(&strict, "xxxxxxxxxxxxx", 90, 3));
	assert_true(is_left(&paced, "x", 15, 20)); /* slow, but faster than 50 bytes a second */
	assert_true(is_cut(&paced, "x", 45, 20));
}

static void stalled_reader_is_closed(void **state)
{
	struct served s = {0};
	struct conn_limits with = {.input_max = 10, .output_max = 32 << 20, .stall_ms = 50};
	static uint8_t block[16 << 20];

	served_open(&s, &with, &seen_ops);
	STEP_UNTIL(s.loop, s.seen.opened);
	conn_write(s.seen.conn, bytes_of(block, sizeof(block)));
	STEP_UNTIL(s.loop, s.seen.closed);
	assert_int_equal(s.seen.reason, CONN_STALLED);
	served_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hoarding_owner_is_cut_off),
		cmocka_unit_test(slow_reader_is_closed),
		cmocka_unit_test(waiting_output_drains_and_tells),
		cmocka_unit_test(more_than_the_cap_in_one_round_reaches_a_reader),
		cmocka_unit_test(deadlines),
		cmocka_unit_test(what_is_begun_must_be_finished),
		cmocka_unit_test(stalled_reader_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
