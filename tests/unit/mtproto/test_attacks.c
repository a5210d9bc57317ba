/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody does who may reorder, repeat and forge packets, or has a key and means harm. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "mtproto/envelope.h"
#include "mtproto/wire.h"
#include "world.h"

static struct world world;
static struct link link;

static int set_up(void **state)
{
	uint8_t full[256];

	(void)state;
	world_init(&world);
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i + 3);
	link_open(&link, &world, TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP);
	link_use_key(&link, world_add_key(&world, full, false));
	link_call(&link, QUERY_ECHO, 1);
	link_pump(&link);
	assert_int_equal(link.results, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	link_release(&link);
	world_release(&world);
	return 0;
}

static uint32_t below(uint32_t count)
{
	return (uint32_t)(random_u64(&world.random) % count);
}

/* ---- Reordering ---- */

enum { CALLS = 8, REPLAYS = 3, RUNS = 10000 };

/* One run: calls that name earlier ones, as packets that arrive in any order, some of them twice.
 * Whatever happens, a call runs once, after all it names, and only if none of those failed. */
struct play {
	enum { ABSENT, RUNNING, OK, FAILED } state[CALLS];
	uint32_t kind[CALLS];
	bool after[CALLS][CALLS];
	uint64_t id[CALLS];
	struct buf packet[CALLS];
	size_t ran;
};

static void prepare(struct play *play, size_t at)
{
	static const uint32_t kinds[] = {QUERY_ECHO, QUERY_ECHO, QUERY_ECHO, QUERY_HOLD, QUERY_HOLD,
		QUERY_HOLD, QUERY_ERROR};
	struct mtproto_client *client = &link.client;
	struct buf body = {0};
	uint32_t names = 0;

	play->kind[at] = kinds[below(ARRAY_LEN(kinds))];
	play->id[at] = mtproto_client_next_msg_id(client);
	for (size_t i = 0; i < at; i++)
		names += play->after[at][i] = below(3) == 0;
	if (names) {
		buf_append_u32le(&body, QUERY_AFTER);
		buf_append_u32le(&body, names);
		for (size_t i = 0; i < at; i++)
			if (play->after[at][i])
				buf_append_u64le(&body, play->id[i]);
	}
	buf_append_u32le(&body, play->kind[at]);
	buf_append_u32le(&body, 0);
	client->out = &play->packet[at];
	mtproto_client_send_raw(client, client->salt, client->session_id, play->id[at],
		mtproto_client_next_seqno(client, true), buf_bytes(&body), false);
	client->out = &link.to_server;
	buf_release(&body);
}

static size_t call_of(const struct play *play, uint64_t id)
{
	size_t at = 0;

	while (at < CALLS && play->id[at] != id)
		at++;
	assert_true(at < CALLS);
	return at;
}

/* Those that began to run since the last look. */
static void look(struct play *play)
{
	for (; play->ran < world.calls; play->ran++) {
		size_t at = call_of(play, world.ran[play->ran]);

		assert_int_equal(play->state[at], ABSENT);
		for (size_t i = 0; i < CALLS; i++)
			assert_true(!play->after[at][i] || play->state[i] == OK);
		play->state[at] = play->kind[at] == QUERY_HOLD	  ? RUNNING
				  : play->kind[at] == QUERY_ERROR ? FAILED
								  : OK;
	}
}

static void answer_any(struct play *play)
{
	size_t held = below((uint32_t)world.held_count),
	       at = call_of(play, world.held[held].msg_id);
	bool failed = below(6) == 0;

	assert_int_equal(play->state[at], RUNNING);
	play->state[at] = failed ? FAILED : OK;
	world_answer_one(&world, held, failed);
	look(play);
}

static void deliver(struct play *play, size_t at)
{
	struct buf *packet = &play->packet[at];

	buf_append_bytes(&link.to_server, buf_bytes(packet));
	link_pump(&link);
	assert_false(link.closed);
	look(play);
}

static void play_once(struct play *play)
{
	size_t order[CALLS + REPLAYS];

	memset(play, 0, sizeof(*play));
	world.calls = 0;
	link_log_clear(&link);
	link.client.session_id = random_u64(&world.random);
	link.client.seqno = 0;
	link.client.acks_count = 0;
	for (size_t i = 0; i < CALLS; i++)
		prepare(play, i);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		size_t other = below((uint32_t)i + 1);

		order[i] = order[other];
		order[other] = i < CALLS ? i : below(CALLS);
	}
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		deliver(play, order[i]);
		while (world.held_count > 0 && below(2))
			answer_any(play);
	}
	while (world.held_count > 0)
		answer_any(play);
	link_pump(&link);
	assert_int_equal(world.waiting, 0);
	for (size_t i = 0; i < CALLS; i++) {
		bool may_run = true;

		for (size_t j = 0; j < i; j++)
			may_run &= !play->after[i][j] || play->state[j] == OK;
		assert_int_equal(may_run, play->state[i] != ABSENT);
		if (!may_run)
			assert_logged(&link, "error %llx 500 MSG_WAIT_FAILED",
				(unsigned long long)play->id[i]);
		buf_release(&play->packet[i]);
	}
}

static void packets_in_any_order_and_twice(void **state)
{
	static struct play play;

	(void)state;
	for (int i = 0; i < RUNS; i++)
		play_once(&play);
	assert_int_equal(link_log_count(&link, "bad"), 0);
}

/* ---- Under a foreign key id ---- */

/* Who only knows the id of a key gets his connection closed, and nothing of its owner changes. */
static void junk_under_the_id_of_a_key(void **state)
{
	enum { PACKETS = 20000 };
	struct auth_key *key = world.keys[0];
	struct mtproto_session *session = link.conn.session;
	const struct mtproto_session before = *session;
	uint32_t refs = key->refs;
	uint8_t packet[24 + 160];

	(void)state;
	for (int i = 0; i < PACKETS; i++) {
		struct link stranger;
		size_t size = 24 + 16 * (size_t)below(11);

		link_open(&stranger, &world, TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP);
		random_fill(&world.random, packet, sizeof(packet));
		store_u64le(packet, key->id);
		transport_wrap(&stranger.client.transport, bytes_of(packet, size), below(2),
			&world.random, &stranger.to_server);
		link_pump(&stranger);
		assert_true(stranger.closed);
		assert_int_equal(buf_size(&stranger.log), 0);
		link_release(&stranger);
	}
	assert_int_equal(world.server.sessions_count, 1);
	assert_int_equal(key->refs, refs);
	assert_memory_equal(&before, session, sizeof(before));
	link_call(&link, QUERY_ECHO, 2);
	link_pump(&link);
	assert_int_equal(link.results, 2);
}

/* ---- Work that a packet makes ---- */

static int64_t cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* A new connection if the server closed the last one. The client reads nothing: all that it was
 * sent waits for its acknowledgement. */
static void reconnect(void)
{
	struct mtproto_client before = link.client;

	if (link.closed) {
		link_release(&link);
		link_open(&link, &world, TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP);
		link_use_key(&link, world.keys[0]);
		link.client.session_id = before.session_id;
		link.client.last_msg_id = before.last_msg_id;
		link.client.seqno = before.seqno;
	}
	mtproto_client_ping(&link.client, 1);
	mtproto_conn_feed(&link.conn, buf_data(&link.to_server), buf_size(&link.to_server));
	buf_clear(&link.to_server);
	mtproto_server_flush(&world.server);
	buf_clear(&link.to_client);
}

/* What a packet may cost at most; the sanitizers look at each access. */
#ifdef __SANITIZE_ADDRESS__
#define COST_MAX_US 1000000
#else
#define COST_MAX_US 100000
#endif

/* CPU time that the server takes over a message with this body. */
static int64_t cost_of(struct buf *body)
{
	int64_t before;

	reconnect();
	mtproto_client_send(&link.client, buf_bytes(body), false);
	before = cpu_us();
	mtproto_conn_feed(&link.conn, buf_data(&link.to_server), buf_size(&link.to_server));
	before = cpu_us() - before;
	buf_clear(&link.to_server);
	buf_release(body);
	return before;
}

static void put_message(struct buf *container, uint64_t id, struct bytes body)
{
	buf_append_u64le(container, id);
	buf_append_u32le(container, link.client.seqno * 2);
	buf_append_u32le(container, (uint32_t)body.size);
	buf_append_bytes(container, body);
}

/* As many lists of 8192 ids as a packet holds, to a session that remembers as much as it may. */
static void lists_of_ids(void **state)
{
	static const enum wire_id kinds[] = {
		WIRE_MSGS_ACK, WIRE_STATE_REQ, WIRE_RESEND_REQ, WIRE_RESEND_ANS_REQ};
	enum { LISTS = 31 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		mtproto_client_ping(&link.client, 1);
	for (int i = 0; i < OUT_SENT_MAX; i++) {
		uint8_t body[8];

		store_u32le(body, QUERY_ECHO);
		mtproto_client_send(&link.client, bytes_of(body, 8), true);
	}
	mtproto_conn_feed(&link.conn, buf_data(&link.to_server), buf_size(&link.to_server));
	buf_clear(&link.to_server);
	mtproto_server_flush(&world.server);
	buf_clear(&link.to_client);
	assert_in_range(link.conn.session->out.sent_count, 1000, OUT_SENT_MAX);
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		for (uint32_t lists = 1; lists <= LISTS; lists += LISTS - 1) {
			struct buf body = {0}, list = {0};
			int64_t us;

			reconnect();
			wire_put_id(&list, kinds[kind]);
			wire_put_id(&list, WIRE_VECTOR);
			buf_append_u32le(&list, WIRE_IDS_MAX);
			for (uint32_t i = 0; i < WIRE_IDS_MAX; i++)
				buf_append_u64le(&list, random_u64(&world.random) & ~(uint64_t)3);
			wire_put_id(&body, WIRE_CONTAINER);
			buf_append_u32le(&body, lists);
			for (uint32_t i = 0; i < lists; i++)
				put_message(&body, mtproto_client_next_msg_id(&link.client),
					buf_bytes(&list));
			us = cost_of(&body);
			print_message(
				"%u lists of kind %zu: %lld us\n", lists, kind, (long long)us);
			assert_true(us < COST_MAX_US);
			assert_int_equal(link.closed, lists > 2);
			buf_release(&list);
		}
	}
}

/* So many containers, one in the other. */
static int64_t cost_of_containers(size_t depth)
{
	struct buf body = {0};
	uint64_t id = mtproto_client_next_msg_id(&link.client);

	for (size_t i = depth; i > 0; i--) {
		wire_put_id(&body, WIRE_CONTAINER);
		buf_append_u32le(&body, 1);
		put_message(&body, id, bytes_of(NULL, 0));
		store_u32le(buf_data(&body) + buf_size(&body) - 4,
			(uint32_t)((i - 1) * 24 + (i == 1 ? 4 : 0)));
	}
	buf_append_u32le(&body, 0);
	return cost_of(&body);
}

/* So many gzip_packed, one in the other; stored blocks, so that the depth costs bytes. */
static int64_t cost_of_packed(size_t depth)
{
	struct buf body = {0};

	buf_append_u32le(&body, QUERY_ECHO);
	for (size_t i = 0; i < depth && buf_size(&body) < 60000; i++) {
		struct buf outer = {0}, packed = {0};
		uint16_t size = (uint16_t)buf_size(&body);

		buf_append(&packed, "\x78\x01\x01", 3); /* zlib, one last block that is stored */
		buf_append_u8(&packed, (uint8_t)size);
		buf_append_u8(&packed, (uint8_t)(size >> 8));
		buf_append_u8(&packed, (uint8_t)~size);
		buf_append_u8(&packed, (uint8_t)(~size >> 8));
		buf_append_bytes(&packed, buf_bytes(&body));
		wire_put_id(&outer, WIRE_GZIP_PACKED);
		wire_put_string(&outer, buf_bytes(&packed));
		buf_release(&packed);
		buf_release(&body);
		body = outer;
	}
	return cost_of(&body);
}

/* Ten times as deep costs at most some ten times as much (and what a shared machine adds). */
static void nestings(void **state)
{
	int64_t (*const kinds[])(size_t depth) = {cost_of_containers, cost_of_packed};

	(void)state;
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		int64_t last = 0;

		for (size_t depth = 10; depth <= 100000 && depth * 24 < TRANSPORT_PACKET_MAX;
			depth *= 10) {
			int64_t us = kinds[kind](depth);

			print_message("kind %zu, depth %zu: %lld us\n", kind, depth, (long long)us);
			assert_true(last < 100 || us < 30 * last);
			last = us;
		}
		assert_true(last < COST_MAX_US);
	}
	assert_int_equal(world.calls, 1);
}

/* ---- Before there is a key ---- */

/* Asks and never reads: what waits for him is bounded, whoever he is. */
static void a_newcomer_who_does_not_read(void **state)
{
	struct link newcomer;
	uint8_t packet[44] = {40};
	unsigned asked = 0;

	(void)state;
	world_need_rsa(&world);
	link_open(&newcomer, &world, TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP);
	buf_clear(&newcomer.to_server);
	mtproto_conn_feed(&newcomer.conn, "\xee\xee\xee\xee", 4);
	store_u32le(packet + 4 + 16, 20);
	store_u32le(packet + 4 + 20, (uint32_t)WIRE_REQ_PQ_MULTI);
	for (; asked < 10000 && !newcomer.closed; asked++)
		mtproto_conn_feed(&newcomer.conn, packet, sizeof(packet));
	assert_in_range(asked, 100, 1000);
	assert_in_range(buf_size(&newcomer.to_client), 1, 68 << 10);
	link_release(&newcomer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(packets_in_any_order_and_twice),
		TEST(junk_under_the_id_of_a_key),
		TEST(lists_of_ids),
		TEST(nestings),
		TEST(a_newcomer_who_does_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
