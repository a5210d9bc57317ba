/* SPDX-License-Identifier: Apache-2.0 */
/* The group is what it claims to be, the ranges end where they must, both sides get one key. */
#include "../unit.h"

#include "crypto/dh.h"

static void test_self_test_passes(void **state)
{
	struct err err = {0};

	assert_int_equal(dh_group_test(&err), 0);
	assert_int_equal(dh_self_test(&err), 0);
}

static void test_prime_is_the_published_one(void **state)
{
	assert_hex_equal(dh_prime, "c71caeb9c6b1c904", 8);
	assert_hex_equal(dh_prime + DH_SIZE - 8, "119cd8e3b92fcc5b", 8);
}

/* number = p - 2^1984 + delta, delta in its last byte */
static void upper_edge(uint8_t number[DH_SIZE], int delta)
{
	memcpy(number, dh_prime, DH_SIZE);
	number[7]--;
	number[DH_SIZE - 1] = (uint8_t)(number[DH_SIZE - 1] + delta);
}

static void test_range_is_exact(void **state)
{
	uint8_t number[DH_SIZE] = {0};

	assert_false(dh_public_is_sound(number));
	number[DH_SIZE - 1] = 1;
	assert_false(dh_public_is_sound(number));
	memset(number + 8, 0xff, DH_SIZE - 8); /* 2^1984 - 1 */
	assert_false(dh_public_is_sound(number));
	memset(number, 0, DH_SIZE);
	number[7] = 1; /* 2^1984 */
	assert_true(dh_public_is_sound(number));
	upper_edge(number, 0);
	assert_true(dh_public_is_sound(number));
	upper_edge(number, -1);
	assert_true(dh_public_is_sound(number));
	upper_edge(number, 1);
	assert_false(dh_public_is_sound(number));
	memcpy(number, dh_prime, DH_SIZE);
	assert_false(dh_public_is_sound(number));
	number[DH_SIZE - 1]--;
	assert_false(dh_public_is_sound(number)); /* p - 1 */
	memset(number, 0xff, DH_SIZE);
	assert_false(dh_public_is_sound(number));
}

static void test_both_sides_agree(void **state)
{
	struct dh_pair a, b;
	uint8_t from_a[DH_SIZE], from_b[DH_SIZE];

	dh_pair_make(&a, &random_system);
	dh_pair_make(&b, &random_system);
	assert_memory_not_equal(a.secret, b.secret, DH_SIZE);
	assert_true(dh_public_is_sound(a.public));
	assert_int_equal(dh_shared_key(a.secret, b.public, from_a), 0);
	assert_int_equal(dh_shared_key(b.secret, a.public, from_b), 0);
	assert_memory_equal(from_a, from_b, DH_SIZE);
	dh_pair_wipe(&a);
	assert_int_equal(a.secret[0] | a.public[0], 0);
}

static void test_unsound_peer_gives_no_key(void **state)
{
	uint8_t peer[DH_SIZE] = {0}, secret[DH_SIZE] = {5}, out[DH_SIZE], zeros[DH_SIZE] = {0};

	peer[DH_SIZE - 1] = 1;
	memset(out, 1, sizeof(out));
	assert_int_equal(dh_shared_key(secret, peer, out), -1);
	assert_memory_equal(out, zeros, DH_SIZE);
}

/* Exponent 1 gives the base back; 2^(1984 * 2) mod p was computed with Python's pow(), first 32
 * bytes. */
static void test_power_known_answers(void **state)
{
	uint8_t peer[DH_SIZE] = {0}, secret[DH_SIZE] = {0}, out[DH_SIZE];

	peer[7] = 1;
	secret[DH_SIZE - 1] = 1;
	assert_int_equal(dh_shared_key(secret, peer, out), 0);
	assert_memory_equal(out, peer, DH_SIZE);
	secret[DH_SIZE - 1] = 2;
	assert_int_equal(dh_shared_key(secret, peer, out), 0);
	assert_hex_equal(
		out, "0aaa66c830405c090ae1cd31549abb626ff5f5a9e2e35ce9652eb785f97c3d4b", 32);
}

/* What dh_pair_make draws: ctx is the secret. */
static void draw(void *ctx, void *out, size_t size)
{
	assert_int_equal(size, DH_SIZE);
	memcpy(out, ctx, size);
}

/* The comb gives what a power of 3 gives: every bit set, all kinds of bytes, only the ends. */
static void test_generator_known_answers(void **state)
{
	static const struct {
		uint8_t first, step, middle, last;
		const char *head, *tail;
	} rows[] = {
		{0xff, 0, 0xff, 0xff, "2a1e067731394cbf35176cef", "df51f114db12393064af64ca"},
		{0, 1, 0, 0xff, "4b016fd5d56188b846b20375", "c38f0bf1c2248b6dbe4b1f90"},
		{0x80, 0, 0, 1, "252727b102c22a2ed9357c20", "13fdd453152db4777eeedc1c"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint8_t secret[DH_SIZE];
		struct random fixed = {draw, secret};
		struct dh_pair pair;

		for (size_t k = 0; k < DH_SIZE; k++)
			secret[k] = (uint8_t)(rows[i].middle + rows[i].step * k);
		secret[0] = rows[i].first;
		secret[DH_SIZE - 1] = rows[i].last;
		dh_pair_make(&pair, &fixed);
		assert_hex_equal(pair.public, rows[i].head, 12);
		assert_hex_equal(pair.public + DH_SIZE - 12, rows[i].tail, 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self_test_passes),
		cmocka_unit_test(test_prime_is_the_published_one),
		cmocka_unit_test(test_range_is_exact),
		cmocka_unit_test(test_both_sides_agree),
		cmocka_unit_test(test_unsound_peer_gives_no_key),
		cmocka_unit_test(test_power_known_answers),
		cmocka_unit_test(test_generator_known_answers),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
