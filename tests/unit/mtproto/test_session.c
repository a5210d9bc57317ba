/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions over their life: pushes, batches, slow clients, limits, several connections, moving
 * between threads, forgetting. Single rules of the protocol are wire cases. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/wire.h"

static struct world world;
static uint8_t full[256];

static int set_up(void **state)
{
	(void)state;
	world_init(&world);
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i + 3);
	world_add_key(&world, full, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_release(&world);
	return 0;
}

static void open_ready(struct link *link, struct auth_key *key)
{
	link_open(link, &world, TRANSPORT_ABRIDGED, true, TRANSPORT_TCP);
	link_use_key(link, key);
	link_call(link, QUERY_ECHO, 1);
	link_pump(link);
	assert_int_equal(link->results, 1);
}

static struct mtproto_session *session_of(const struct link *link)
{
	struct mtproto_session *session =
		mtproto_session_find(&world.server, link->client.key.id, link->client.session_id);

	assert_non_null(session);
	return session;
}

static int push(struct link *link, size_t size, enum mtproto_push kind)
{
	uint8_t *body = mem_zalloc(1, size);
	int result;

	store_u32le(body, 0xabcd0001);
	result = mtproto_session_push(session_of(link), bytes_of(body, size), kind);
	free(body);
	return result;
}

/* Fan-out: one flush serves all, each gets one packet. */
static void pushes_to_many_sessions(void **state)
{
	enum { COUNT = 150, UPDATES = 3 };
	struct link *links = mem_zalloc(COUNT, sizeof(*links));

	(void)state;
	world.server.limits.sessions_per_key_max = COUNT;
	for (size_t i = 0; i < COUNT; i++)
		open_ready(&links[i], world.keys[0]);
	for (size_t i = 0; i < COUNT * UPDATES; i++)
		assert_int_equal(push(&links[i % COUNT], 200, MTPROTO_PUSH_UPDATE), 0);
	mtproto_server_flush(&world.server);
	for (size_t i = 0; i < COUNT; i++) {
		/* abridged: 4 of length; a container with three updates */
		assert_in_range(buf_size(&links[i].to_client), 3 * 216, 3 * 216 + 200);
		link_pump(&links[i]);
		assert_int_equal(link_log_count(&links[i], "update abcd0001"), UPDATES);
	}
	for (size_t i = 0; i < COUNT; i++)
		link_release(&links[i]);
	free(links);
}

/* Packets in plain abridged framing. */
static size_t packets_in(const struct buf *out)
{
	size_t count = 0;

	for (size_t at = 0; at < buf_size(out); count++) {
		const uint8_t *p = buf_data(out) + at;

		at += p[0] < 0x7f ? 1 + 4 * (size_t)p[0] : 4 + 4 * (size_t)(load_u32le(p) >> 8);
	}
	return count;
}

/* GramJS forgets what follows an rpc_error in the same container. */
static void nothing_stands_behind_an_error(void **state)
{
	static const uint8_t body[4] = {1, 2, 3, 4};
	struct mtproto_session *session;
	struct link link;

	(void)state;
	link_open(&link, &world, TRANSPORT_ABRIDGED, false, TRANSPORT_TCP);
	link_use_key(&link, world.keys[0]);
	link_call(&link, QUERY_ECHO, 1);
	link_pump(&link);
	session = session_of(&link);
	mtproto_session_reply(session, 4, bytes_of(body, sizeof(body)));
	mtproto_session_reply(session, 8, bytes_of(body, sizeof(body)));
	mtproto_session_error(session, 12, 400, "INPUT_METHOD_INVALID");
	mtproto_session_error(session, 16, 400, "INPUT_METHOD_INVALID");
	mtproto_session_reply(session, 20, bytes_of(body, sizeof(body)));
	mtproto_server_flush(&world.server);
	assert_int_equal(packets_in(&link.to_client), 3);
	link_release(&link);
}

/* The limit per key is passed: the oldest go, and the newest work. */
static void sessions_of_a_key_are_bounded(void **state)
{
	struct link link;

	(void)state;
	world.server.limits.sessions_per_key_max = 5;
	for (int i = 0; i < 12; i++) {
		open_ready(&link, world.keys[0]);
		link_release(&link);
	}
	assert_int_equal(world.server.sessions_count, 5);
	assert_int_equal(world.keys[0]->sessions_count, 5);
	assert_int_equal(world.sessions_closed, 7);
}

static void sessions_of_a_thread_are_bounded(void **state)
{
	struct link link;

	(void)state;
	world.server.limits.sessions_max = 4;
	for (int i = 0; i < 10; i++) {
		open_ready(&link, world.keys[0]);
		link_release(&link);
	}
	assert_int_equal(world.server.sessions_count, 4);
}

static void a_client_that_does_not_read(void **state)
{
	struct link link;
	int result = 0;

	(void)state;
	world.server.limits.output_high = 64 << 10;
	world.server.limits.session_queue_max = 1 << 20;
	open_ready(&link, world.keys[0]);
	link.stuck = true;
	for (int i = 0; i < 100 && result == 0; i++) {
		result = push(&link, 20000, MTPROTO_PUSH_UPDATE);
		mtproto_server_flush(&world.server);
		assert_in_range(buf_size(&link.to_client), 0, (64 << 10) + (600 << 10));
	}
	/* The session is given up, so that the client asks for what it missed. */
	assert_int_equal(result, -1);
	assert_true(link.closed);
	assert_int_equal(world.sessions_closed, 1);
	assert_int_equal(world.server.sessions_count, 0);
	link_release(&link);
}

static void what_waited_goes_when_the_client_reads(void **state)
{
	struct link link;

	(void)state;
	world.server.limits.output_high = 10000;
	open_ready(&link, world.keys[0]);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(push(&link, 8000, MTPROTO_PUSH_UPDATE), 0);
		mtproto_server_flush(&world.server);
	}
	assert_in_range(buf_size(&link.to_client), 8000, 30000);
	link_pump(&link);
	assert_int_equal(link_log_count(&link, "update abcd0001"), 40);
	link_release(&link);
}

static void pushes_without_connection(void **state)
{
	struct link link, again;
	struct mtproto_client_options options = {TRANSPORT_ABRIDGED, true, 0};

	(void)state;
	open_ready(&link, world.keys[0]);
	mtproto_conn_release(&link.conn);
	assert_int_equal(world.offline, 1);
	assert_int_equal(push(&link, 100, MTPROTO_PUSH_UPDATE), 0);
	assert_int_equal(push(&link, 100, MTPROTO_PUSH_ONCE), 0);
	mtproto_server_flush(&world.server);
	/* The client comes back by another connection. */
	again = link;
	list_init(&again.client.sent);
	mtproto_conn_init(&again.conn, &world.server, TRANSPORT_TCP, &again.to_client, &again);
	again.client.ctx = &again;
	mtproto_client_reconnect(&again.client, &options, &again.to_server);
	mtproto_client_ping(&again.client, 5);
	link_pump(&again);
	assert_int_equal(world.online, 2);
	assert_int_equal(link_log_count(&again, "update abcd0001"), 1);
	/* More than an absent client may have waiting: the session is given up. */
	mtproto_conn_release(&again.conn);
	assert_int_equal(push(&again, 100000, MTPROTO_PUSH_UPDATE), -1);
	mtproto_server_tick(&world.server);
	assert_int_equal(world.server.sessions_count, 0);
	mtproto_conn_init(&again.conn, &world.server, TRANSPORT_TCP, &again.to_client, &again);
	link_release(&again);
}

/* E7: what one session is told never reaches another one, also on one connection. */
static void two_sessions_on_one_connection(void **state)
{
	struct link link;
	uint64_t first, second;

	(void)state;
	open_ready(&link, world.keys[0]);
	first = link.client.session_id;
	link_log_clear(&link);
	second = link.client.session_id = first + 1;
	link_call(&link, QUERY_HOLD, 1);
	link_pump(&link);
	assert_int_equal(world.server.sessions_count, 2);
	assert_false(mtproto_session_is_online(
		mtproto_session_find(&world.server, world.keys[0]->id, first)));
	world_answer_held(&world);
	link_pump(&link); /* the client fails on a message of another session */
	assert_int_equal(link_log_count(&link, "result"), 1);
	assert_int_equal(link_log_count(&link, "failed"), 0);
	assert_true(link.client.session_id == second);
	link_release(&link);
}

/* Answers leave by the connection that spoke last; the other takes over when it goes. */
static void two_connections_of_one_session(void **state)
{
	struct link first, second;

	(void)state;
	open_ready(&first, world.keys[0]);
	link_open(&second, &world, TRANSPORT_FULL, false, TRANSPORT_TCP);
	link_use_key(&second, world.keys[0]);
	second.client.session_id = first.client.session_id;
	second.client.seqno = 10;
	second.client.last_msg_id = first.client.last_msg_id;
	link_call(&second, QUERY_ECHO, 2);
	link_pump(&second);
	assert_int_equal(
		link_log_count(&second, "result"), 2); /* the unacknowledged one comes too */
	assert_ptr_equal(mtproto_session_conn(session_of(&first)), &second.conn);
	mtproto_conn_release(&second.conn);
	assert_ptr_equal(mtproto_session_conn(session_of(&first)), &first.conn);
	assert_true(mtproto_session_is_online(session_of(&first)));
	push(&first, 100, MTPROTO_PUSH_UPDATE);
	link_pump(&first);
	assert_int_equal(link_log_count(&first, "update abcd0001"), 1);
	mtproto_conn_init(&second.conn, &world.server, TRANSPORT_TCP, &second.to_client, &second);
	link_release(&second);
	link_release(&first);
}

/* A connection whose key belongs to another thread goes there with the packet that told. */
static void a_connection_moves(void **state)
{
	struct world other;
	struct link link;
	uint64_t id;

	(void)state;
	world_init(&other);
	world_add_key(&other, full, false);
	world.move = true;
	link_open(&link, &world, TRANSPORT_FULL, false, TRANSPORT_TCP);
	link_use_key(&link, world.keys[0]);
	id = link_call(&link, QUERY_ECHO, 1);
	link_call(&link, QUERY_ECHO, 2);
	link_pump(&link);
	assert_true(world.seen_id == world.keys[0]->id);
	assert_int_equal(world.calls, 0);
	assert_int_equal(link.results, 0);
	mtproto_conn_detach(&link.conn);
	assert_int_equal(world.keys[0]->refs, 0);
	link.world = &other;
	mtproto_conn_resume(&link.conn, &other.server, &link.to_client);
	link_pump(&link);
	assert_int_equal(other.calls, 2);
	assert_logged(&link, "result %llx", (unsigned long long)id);
	link_release(&link);
	world_release(&other);
	world.move = false;
}

static void a_dropped_key_ends_everything(void **state)
{
	struct link link, other;

	(void)state;
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] ^= 0x55;
	world_add_key(&world, full, false);
	open_ready(&link, world.keys[0]);
	open_ready(&other, world.keys[1]);
	mtproto_server_drop_key(&world.server, world.keys[0]);
	assert_true(link.closed);
	assert_false(other.closed);
	assert_int_equal(world.server.sessions_count, 1);
	link_release(&link);
	assert_int_equal(world.keys[0]->refs, 0);
	link_release(&other);
}

/* Ids rise when the clock steps back (S2). */
static void the_clock_steps_back(void **state)
{
	struct link link;
	uint64_t before;

	(void)state;
	open_ready(&link, world.keys[0]);
	before = world.id_floor;
	world_step_clock(&world, -60);
	link_call(&link, QUERY_ECHO, 2);
	link_pump(&link);
	assert_int_equal(link.results, 2);
	assert_true(world.id_floor > before);
	link_release(&link);
	/* So far back that the clock must have been wrong before: no use to stay there. */
	world_step_clock(&world, -86400);
	open_ready(&link, world.keys[0]);
	assert_true(world.id_floor < before);
	link_release(&link);
}

/* Many answers leave in containers of at most 1000, whole and once. */
static void many_answers_at_once(void **state)
{
	struct link link;

	(void)state;
	open_ready(&link, world.keys[0]);
	for (uint32_t i = 0; i < 900; i++)
		link_call(&link, QUERY_ECHO, i);
	link_pump(&link);
	assert_int_equal(link.results, 901);
	assert_int_equal(link_log_count(&link, "bad"), 0);
	/* All are acknowledged by now or by the next call: nothing is kept for an idle session. */
	mtproto_client_flush_acks(&link.client);
	link_pump(&link);
	assert_int_equal(session_of(&link)->out.sent_count, 0);
	assert_null(session_of(&link)->out.sent);
	assert_null(session_of(&link)->acks);
	assert_true(list_empty(&world.server.held_acks));
	assert_null(link.conn.transport.pending.base);
	link_release(&link);
}

/* Of so many calls in progress the acknowledgements wait; the others go with the next packet. */
static void many_calls_in_progress(void **state)
{
	enum { CALLS = 300, HELD = 256 };
	uint32_t query[6] = {QUERY_AFTER, 1, 0, 0, QUERY_ECHO, 0};
	struct link link;
	uint64_t missing;

	(void)state;
	open_ready(&link, world.keys[0]);
	world.server.limits.ack_delay_ms = 500; /* before they are over */
	missing = mtproto_client_next_msg_id(&link.client);
	memcpy(query + 2, &missing, sizeof(missing));
	link_log_clear(&link);
	for (int i = 0; i < CALLS; i++)
		mtproto_client_send(&link.client, bytes_of(query, sizeof(query)), true);
	link_pump(&link);
	assert_int_equal(world.waiting, CALLS);
	assert_int_equal(link_log_count(&link, "acked"), 0);
	mtproto_client_ping(&link.client, 1); /* acknowledged as well */
	link_pump(&link);
	assert_int_equal(link_log_count(&link, "acked"), CALLS - HELD + 1);
	assert_int_equal(session_of(&link)->held_acks_count, HELD);
	world.now_us += 500000;
	world_advance(&world, 0);
	link_pump(&link);
	assert_int_equal(link_log_count(&link, "acked"), CALLS + 1);
	assert_int_equal(session_of(&link)->held_acks_count, 0);
	link_release(&link);
}

/* A session that goes takes along what it was to acknowledge. */
static void calls_in_progress_end_with_the_session(void **state)
{
	struct link link;

	(void)state;
	open_ready(&link, world.keys[0]);
	link_call(&link, QUERY_HOLD, 1);
	link_pump(&link);
	assert_false(list_empty(&world.server.held_acks));
	mtproto_server_drop_key(&world.server, world.keys[0]);
	assert_true(list_empty(&world.server.held_acks));
	world_advance(&world, 2);
	world_answer_held(&world);
	link_release(&link);
}

static void an_idle_session_is_small(void **state)
{
	struct link link;
	const struct mtproto_session *session;

	(void)state;
	open_ready(&link, world.keys[0]);
	for (int i = 0; i < 200; i++) {
		world_advance(&world, 60);
		mtproto_client_flush_acks(&link.client);
		mtproto_client_ping(&link.client, 1);
		link_use_key(&link, world.keys[0]); /* the salt of the hour */
		link_pump(&link);
	}
	session = session_of(&link);
	print_message("session %zu, connection %zu, key %zu, window %zu bytes\n", sizeof(*session),
		sizeof(link.conn), sizeof(struct auth_key),
		session->seen.capacity * sizeof(struct seen_entry));
	assert_true(session->seen.capacity <= 32);
	assert_true(sizeof(*session) + sizeof(link.conn) <= 768);
	link_release(&link);
}

/* The server gets what the client sends; the client gets nothing. */
static void feed_only(struct link *link)
{
	mtproto_conn_feed(&link->conn, buf_data(&link->to_server), buf_size(&link->to_server));
	buf_clear(&link->to_server);
	mtproto_server_flush(&world.server);
}

/* Pongs are queued for a client that pings and does not read: not for ever. */
static void pings_without_reading(void **state)
{
	struct link link;
	struct mtproto_session *session;

	(void)state;
	world.server.limits.output_high = 16 << 10;
	open_ready(&link, world.keys[0]);
	session = session_of(&link);
	for (uint32_t i = 0; i < 100000 && !link.closed; i++) {
		mtproto_client_ping(&link.client, i);
		if (i % 1000 == 0)
			feed_only(&link);
		if (!link.closed)
			assert_in_range(session->out.queued_count, 0, 70000);
	}
	assert_true(link.closed);
	link_release(&link);
}

/* Large answers are not kept for a client that went away; it asks again in a new session. */
static void answers_of_a_client_that_went_away(void **state)
{
	struct link link;

	(void)state;
	world.server.limits.output_high = 16 << 10;
	open_ready(&link, world.keys[0]);
	for (int i = 0; i < 8; i++)
		link_call(&link, QUERY_NOISE, 500000);
	feed_only(&link);
	assert_int_equal(world.server.sessions_count, 1);
	link_release(&link);
	world_advance(&world, 1);
	assert_int_equal(world.server.sessions_count, 0);
}

/* A connection that never shows a key makes room, whatever it sends meanwhile. */
static void a_connection_without_key_is_closed(void **state)
{
	struct link silent, working;

	(void)state;
	link_open(&silent, &world, TRANSPORT_ABRIDGED, true, TRANSPORT_TCP);
	open_ready(&working, world.keys[0]);
	link_pump(&silent);
	for (int i = 0; i < 13; i++) {
		world_advance(&world, 10);
		silent.conn.last_packet_us = world.now_us;
	}
	assert_true(silent.closed);
	assert_false(working.closed);
	link_release(&silent);
	link_release(&working);
}

/* As many as fit into one read: each must find room, and none more than the bound is kept. */
static void many_sessions_in_one_read(void **state)
{
	struct link link;

	(void)state;
	world.server.limits.sessions_per_key_max = 5;
	world.server.limits.sessions_max = 20;
	open_ready(&link, world.keys[0]);
	for (uint64_t i = 1; i <= 300; i++) {
		link.client.session_id = i;
		link_call(&link, QUERY_ECHO, 1);
	}
	link_pump(&link);
	assert_true(world.keys[0]->sessions_count <= 5);
	assert_true(world.server.sessions_count <= 5);
	assert_true(world.server.sessions.size <= 5);
	link_release(&link);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pushes_to_many_sessions),
		TEST(nothing_stands_behind_an_error),
		TEST(sessions_of_a_key_are_bounded),
		TEST(sessions_of_a_thread_are_bounded),
		TEST(a_client_that_does_not_read),
		TEST(what_waited_goes_when_the_client_reads),
		TEST(pushes_without_connection),
		TEST(two_sessions_on_one_connection),
		TEST(two_connections_of_one_session),
		TEST(a_connection_moves),
		TEST(a_dropped_key_ends_everything),
		TEST(the_clock_steps_back),
		TEST(many_answers_at_once),
		TEST(many_calls_in_progress),
		TEST(calls_in_progress_end_with_the_session),
		TEST(an_idle_session_is_small),
		TEST(many_sessions_in_one_read),
		TEST(pings_without_reading),
		TEST(answers_of_a_client_that_went_away),
		TEST(a_connection_without_key_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
