/* SPDX-License-Identifier: Apache-2.0 */
/* Moving between threads, under traffic. */
#include "served.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

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
	listener = listen_on(loops[0], &wide, &travel_ops, &traveller);
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
		cmocka_unit_test(moves_between_loops_under_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
