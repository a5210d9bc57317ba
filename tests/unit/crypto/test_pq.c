/* SPDX-License-Identifier: Apache-2.0 */
/* Small primes: what is made can be factored, what is no pq is refused. */
#include "../unit.h"

#include "crypto/pq.h"

static void test_primes_below_1000(void **state)
{
	size_t found = 0;

	for (uint32_t n = 0; n < 1000; n++) {
		bool prime = n >= 2;

		for (uint32_t d = 2; d * d <= n; d++)
			prime = prime && n % d != 0;
		assert_int_equal(pq_is_prime(n), prime);
		found += prime;
	}
	assert_int_equal(found, 168);
}

static void test_hard_composites_and_large_primes(void **state)
{
	/* strong pseudoprimes (3215031751 even to 2, 3, 5 and 7), Carmichael numbers, 2^32 - 1 */
	static const uint32_t composites[] = {
		2047, 3277, 4033, 561, 1105, 25326001, 3215031751u, 4294967295u};
	static const uint32_t primes[] = {2147483647u, 4294967291u, 65537, 1000000007};

	for (size_t i = 0; i < ARRAY_LEN(composites); i++)
		assert_false(pq_is_prime(composites[i]));
	for (size_t i = 0; i < ARRAY_LEN(primes); i++)
		assert_true(pq_is_prime(primes[i]));
}

static void test_what_is_made_is_factored(void **state)
{
	for (int i = 0; i < 8; i++) {
		struct pq made, found;

		pq_set(&made, pq_prime_make(&random_system), pq_prime_make(&random_system));
		assert_true(made.p < made.q);
		assert_true(pq_is_prime(made.p) && pq_is_prime(made.q));
		assert_true(made.product == (uint64_t)made.p * made.q && made.product < 1ull << 62);
		assert_int_equal(pq_factor(made.product, &found, &random_system), 0);
		assert_true(
			found.p == made.p && found.q == made.q && found.product == made.product);
	}
}

/* The example of https://core.telegram.org/mtproto/samples-auth_key */
static void test_published_example(void **state)
{
	struct pq found;

	assert_int_equal(pq_factor(0x17ED48941A08F981u, &found, &random_system), 0);
	assert_int_equal(found.p, 0x494C553B);
	assert_int_equal(found.q, 0x53911073);
}

static void test_small_and_lopsided_products(void **state)
{
	static const uint32_t pairs[][2] = {
		{3, 5}, {3, 7}, {3, 4294967291u}, {5, 2147483647}, {65537, 65539}};
	struct pq found;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		uint64_t product = (uint64_t)pairs[i][0] * pairs[i][1];

		assert_int_equal(pq_factor(product, &found, &random_system), 0);
		assert_true(found.p == pairs[i][0] && found.q == pairs[i][1]);
	}
}

static void test_what_is_no_pq_is_refused(void **state)
{
	static const uint64_t bad[] = {0, 1, 2, 9, 14, 16, 25, 17, 2147483647u, 1ull << 63,
		4611686014132420609u /* (2^31 - 1)^2 */, 3ull * 5 * 7, 2ull * 1000000007,
		UINT64_MAX};
	struct pq found;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(pq_factor(bad[i], &found, &random_system), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_primes_below_1000),
		cmocka_unit_test(test_hard_composites_and_large_primes),
		cmocka_unit_test(test_what_is_made_is_factored),
		cmocka_unit_test(test_published_example),
		cmocka_unit_test(test_small_and_lopsided_products),
		cmocka_unit_test(test_what_is_no_pq_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
