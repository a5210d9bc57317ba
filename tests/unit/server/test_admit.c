/* SPDX-License-Identifier: Apache-2.0 */
/* server/admit.h: who pays, and who finds room among the calls under way. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/admit.h"

struct fixture {
	struct node node;
	struct net_thread thread;
	struct clock clock;
	uint64_t memory[4096];
	int64_t now_us;
};

static int64_t fixture_now_us(void *ctx)
{
	return ((struct fixture *)ctx)->now_us;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->now_us = 1000000;
	f->clock = (struct clock){fixture_now_us, fixture_now_us, f};
	f->node.env.clock = &f->clock;
	f->thread.node = &f->node;
	buckets_init(&f->node.buckets, f->memory, sizeof(f->memory));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static struct ring_key key_of(uint64_t id, int64_t user)
{
	struct ring_key key = {.key = {.id = id, .user_id = user}};

	return key;
}

/* How many such calls find room. */
static uint32_t holds(struct fixture *f, struct ring_key *key, size_t size)
{
	uint32_t n = 0;

	for (;; n++) {
		struct fault fault = {0};

		admit_hold(&f->thread, key, size, &fault);
		if (fault.code) {
			assert_int_equal(fault.code, 420);
			assert_string_equal(fault.text, "FLOOD_WAIT_1");
			return n;
		}
	}
}

static void a_key_holds_so_many_calls_and_bytes(void **state)
{
	struct fixture *f = *state;
	struct ring_key known = key_of(1, 77), stranger = key_of(2, 0), large = key_of(3, 78);

	assert_int_equal(holds(f, &known, 100), ADMIT_KEY_CALLS_MAX);
	assert_int_equal(holds(f, &stranger, 100), ADMIT_STRANGER_CALLS_MAX);
	assert_int_equal(holds(f, &large, (size_t)1 << 20), ADMIT_KEY_BYTES_MAX >> 20);
	admit_done(&f->thread, &known, 100);
	assert_int_equal(holds(f, &known, 100), 1);
	assert_int_equal(f->thread.calls, known.calls + stranger.calls + large.calls);
	assert_int_equal(
		f->thread.call_bytes, known.call_bytes + stranger.call_bytes + large.call_bytes);
	while (known.calls)
		admit_done(&f->thread, &known, 100);
	assert_int_equal(known.call_bytes, 0);
}

/* Who fills the queues waits, and so do strangers; who works with little under way is let in until
 * there is no room at all. */
static void a_crowded_thread_has_room_for_those_who_work(void **state)
{
	struct fixture *f = *state;
	static struct ring_key greedy[80];
	struct ring_key working = key_of(1000, 5), stranger = key_of(1001, 0);
	uint32_t before;

	for (size_t i = 0; i < ARRAY_LEN(greedy); i++) {
		greedy[i] = key_of(i + 1, (int64_t)i + 100);
		holds(f, &greedy[i], 64);
	}
	/* 80 keys wanted 80 000 places of 65 536. */
	assert_true(f->thread.calls >= ADMIT_CROWDED(ADMIT_THREAD_CALLS_MAX));
	assert_true(f->thread.calls < ADMIT_THREAD_CALLS_MAX - 1024);
	assert_int_equal(holds(f, &greedy[0], 64), 0);
	assert_int_equal(holds(f, &stranger, 64), 0);
	before = f->thread.calls;
	assert_int_equal(holds(f, &working, 64), ADMIT_CROWDED_KEY_CALLS_MAX);
	assert_int_equal(f->thread.calls, before + ADMIT_CROWDED_KEY_CALLS_MAX);
	f->thread.calls = ADMIT_THREAD_CALLS_MAX;
	working.calls = 0;
	assert_int_equal(holds(f, &working, 64), 0);
}

static void a_thread_holds_so_many_bytes(void **state)
{
	struct fixture *f = *state;
	struct ring_key working = key_of(1000, 5), large = key_of(1001, 6);

	f->thread.call_bytes = ADMIT_CROWDED(ADMIT_THREAD_BYTES_MAX);
	assert_int_equal(holds(f, &large, ADMIT_CROWDED_KEY_BYTES_MAX + 1), 0);
	assert_true(holds(f, &working, 1024) > 0);
	f->thread.call_bytes = ADMIT_THREAD_BYTES_MAX;
	working.calls = 0;
	assert_int_equal(holds(f, &working, 1), 0);
}

/* Calls that get through at one instant. */
static int paid(struct fixture *f, const struct ring_key *key, const char *host, enum api_rate rate)
{
	struct address peer;
	int n = 0;

	assert_int_equal(address_parse(&peer, host, 1, NULL), 0);
	for (; n < 5000; n++) {
		struct fault fault = {0};

		admit_pay(&f->thread, key, &peer, rate, 0, &fault);
		if (fault.code)
			break;
	}
	return n;
}

static void an_account_pays_for_all_its_keys(void **state)
{
	struct fixture *f = *state;
	struct ring_key one = key_of(1, 77), other = key_of(2, 77), another = key_of(3, 78);

	f->node.buckets.per_s[BUCKET_ACCOUNT_CALLS] = 10;
	assert_int_equal(paid(f, &one, "192.0.2.1", RATE_NORMAL), 10 * BUCKET_BURST_S);
	assert_int_equal(paid(f, &other, "192.0.2.9", RATE_NORMAL), 0);
	assert_int_equal(
		paid(f, &another, "192.0.2.1", RATE_HEAVY), 10 * BUCKET_BURST_S / ADMIT_COST_HEAVY);
	f->now_us += 1000000;
	assert_int_equal(paid(f, &other, "192.0.2.9", RATE_LIGHT), 40);
}

static void strangers_of_an_address_pay_together(void **state)
{
	struct fixture *f = *state;
	int sum = 0;

	f->node.buckets.per_s[BUCKET_KEY_CALLS] = 2;
	f->node.buckets.per_s[BUCKET_ADDRESS_CALLS] = 10;
	for (uint64_t id = 1; id <= 50; id++) {
		struct ring_key key = key_of(id, 0);

		sum += paid(f, &key, "192.0.2.1", RATE_NORMAL);
	}
	assert_in_range(sum, 5 * 20 - 50, 10 * BUCKET_BURST_S);
	for (uint64_t id = 51; id <= 52; id++) {
		struct ring_key key = key_of(id, 0);

		assert_int_equal(paid(f, &key, "192.0.2.2", RATE_NORMAL), 20);
		/* Keys of this machine stand for themselves. */
		key.key.id += 100;
		assert_int_equal(paid(f, &key, "127.0.0.1", RATE_NORMAL), 20);
	}
}

/* A call that can't be paid is not even decoded, and what was decoded costs its size though the
 * call is refused. */
static void decoding_is_paid_for(void **state)
{
	struct fixture *f = *state;
	struct ring_key key = key_of(1, 77);
	struct fault fault = {0};
	struct address peer;

	assert_int_equal(address_parse(&peer, "192.0.2.1", 1, NULL), 0);
	f->node.buckets.per_s[BUCKET_ACCOUNT_CALLS] = 1;
	paid(f, &key, "192.0.2.1", RATE_NORMAL);
	f->now_us += 3 * 1000000;
	admit_undecoded(&f->thread, &key, &fault);
	assert_int_equal(fault.code, 0);
	admit_pay(&f->thread, &key, &peer, RATE_HEAVY, 2 * ADMIT_COST_BYTES, &fault);
	assert_int_equal(fault.code, 420);
	assert_string_equal(fault.text, "FLOOD_WAIT_3");
	assert_int_equal(paid(f, &key, "192.0.2.1", RATE_NORMAL), 1);
	fault = (struct fault){0};
	admit_undecoded(&f->thread, &key, &fault);
	assert_string_equal(fault.text, "FLOOD_WAIT_1");
}

/* Many addresses, none of which spends much, leave the keeper its time. */
static void all_who_ask_the_keeper_share_a_bucket(void **state)
{
	struct fixture *f = *state;
	struct address peer;
	char text[32];
	int let_in = 0;

	f->node.buckets.per_s[BUCKET_ADDRESS_CALLS] = 1000;
	f->node.buckets.per_s[BUCKET_CUSTODIANS] = 1;
	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "203.0.%d.7", i);
		assert_int_equal(address_parse(&peer, text, 1, NULL), 0);
		let_in += admit_custodian(&f->node, &peer);
	}
	assert_int_equal(let_in, BUCKET_BURST_S);
	assert_int_equal(address_parse(&peer, "127.0.0.1", 1, NULL), 0);
	assert_true(admit_custodian(&f->node, &peer)); /* over a tunnel */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_key_holds_so_many_calls_and_bytes),
		TEST(a_crowded_thread_has_room_for_those_who_work),
		TEST(a_thread_holds_so_many_bytes),
		TEST(an_account_pays_for_all_its_keys),
		TEST(strangers_of_an_address_pay_together),
		TEST(decoding_is_paid_for),
		TEST(all_who_ask_the_keeper_share_a_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
