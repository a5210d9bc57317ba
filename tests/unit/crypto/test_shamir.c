/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sharing of secrets: known answers, every choice of shares, uniform coefficients, and the same
 * arithmetic as libgfshare's gfsplit and gfcombine where they are installed.
 */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/shamir.h"

#define SECRET 32
#define SPLITS 1000000

/* 0, 1, 2, ...: coefficients that can be worked out by hand. */
static void count_up(void *ctx, void *out, size_t size)
{
	uint8_t *next = ctx;

	for (size_t i = 0; i < size; i++)
		((uint8_t *)out)[i] = (*next)++;
}

/* xorshift64*: the same run each time, so that the statistics below never fail by chance. */
static void repeatable(void *ctx, void *out, size_t size)
{
	uint64_t *state = ctx;

	for (size_t i = 0; i < size; i++) {
		*state ^= *state >> 12;
		*state ^= *state << 25;
		*state ^= *state >> 27;
		((uint8_t *)out)[i] = (uint8_t)(*state * 0x2545f4914f6cdd1dULL >> 56);
	}
}

static uint8_t multiply_by_hand(unsigned a, unsigned b)
{
	unsigned product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a <<= 1;
		if (a & 0x100)
			a ^= 0x11d;
	}
	return (uint8_t)product;
}

static void test_multiplies_in_the_field(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++)
			assert_int_equal(
				shamir_multiply((uint8_t)a, (uint8_t)b), multiply_by_hand(a, b));
	assert_int_equal(shamir_multiply(0x57, 0x83), 0x31);
}

/* Worked out apart from this program: f(x) = s + c1 x + c2 x^2 with c = 1, 2; 17, 18; ... */
static void test_known_answer(void **state)
{
	static const char *const expected[] = {
		"a3a2a1a0", "aacb6809", "a9c86b0a", "84d83c60", "87db3f63"};
	uint8_t next = 0, secret[4] = {0xa0, 0xa1, 0xa2, 0xa3};
	const struct random random = {count_up, &next};
	struct shamir_share shares[5];

	(void)state;
	assert_int_equal(shamir_split(&random, secret, 4, 3, 5, shares), 0);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(shares[i].x, i + 1);
		assert_hex_equal(shares[i].y, expected[i], 4);
	}
}

static void test_any_three_of_five_and_no_two(void **state)
{
	uint8_t secret[SECRET], got[SECRET];
	struct shamir_share shares[5];

	(void)state;
	random_fill(&random_system, secret, sizeof(secret));
	assert_int_equal(shamir_split(&random_system, secret, SECRET, 3, 5, shares), 0);
	for (int a = 0; a < 5; a++)
		for (int b = 0; b < 5; b++)
			for (int c = 0; c < 5; c++) {
				const struct shamir_share chosen[] = {
					shares[a], shares[b], shares[c]};

				if (a == b || b == c || a == c) {
					assert_int_equal(
						shamir_combine(chosen, 3, SECRET, got), -1);
					continue;
				}
				assert_int_equal(shamir_combine(chosen, 3, SECRET, got), 0);
				assert_memory_equal(got, secret, SECRET);
				assert_int_equal(shamir_combine(chosen, 2, SECRET, got), 0);
				assert_memory_not_equal(got, secret, SECRET);
			}
}

/* For any secret there is a third share that goes with two given ones: two say nothing. */
static void test_two_shares_fit_every_secret(void **state)
{
	struct shamir_share shares[3];
	uint8_t secret = 0x5a, got;
	bool seen[256] = {false};

	(void)state;
	assert_int_equal(shamir_split(&random_system, &secret, 1, 3, 3, shares), 0);
	for (int third = 0; third < 256; third++) {
		shares[2].y[0] = (uint8_t)third;
		assert_int_equal(shamir_combine(shares, 3, 1, &got), 0);
		assert_false(seen[got]);
		seen[got] = true;
	}
}

static void test_bounds(void **state)
{
	struct shamir_share shares[SHAMIR_SHARES_MAX + 1] = {{0}};
	uint8_t secret[SHAMIR_SECRET_MAX] = {1}, got[SHAMIR_SECRET_MAX];

	(void)state;
	assert_int_equal(shamir_split(&random_system, secret, 32, 0, 5, shares), -1);
	assert_int_equal(shamir_split(&random_system, secret, 32, 6, 5, shares), -1);
	assert_int_equal(
		shamir_split(&random_system, secret, 32, 3, SHAMIR_SHARES_MAX + 1, shares), -1);
	assert_int_equal(shamir_split(&random_system, secret, 0, 3, 5, shares), -1);
	assert_int_equal(
		shamir_split(&random_system, secret, SHAMIR_SECRET_MAX + 1, 3, 5, shares), -1);
	assert_int_equal(shamir_split(&random_system, secret, SHAMIR_SECRET_MAX, SHAMIR_SHARES_MAX,
				 SHAMIR_SHARES_MAX, shares),
		0);
	assert_int_equal(shamir_combine(shares, SHAMIR_SHARES_MAX, SHAMIR_SECRET_MAX, got), 0);
	assert_memory_equal(got, secret, SHAMIR_SECRET_MAX);
	shares[1].x = 0;
	assert_int_equal(shamir_combine(shares, 3, 32, got), -1);
}

static double chi_square(const uint32_t counts[256], uint32_t of)
{
	double expected = of / 256.0, sum = 0;

	for (int i = 0; i < 256; i++)
		sum += (counts[i] - expected) * (counts[i] - expected) / expected;
	return sum;
}

/*
 * One secret, shared again and again: each share's byte, and the highest coefficient, take all 256
 * values alike. 255 degrees of freedom: above 380 comes about once in a million times. Where the
 * highest coefficient is never 0, the sum is above counts / 256.
 */
static void test_coefficients_are_uniform(void **state)
{
	static uint32_t of_share[3][256], of_highest[256];
	uint64_t seed = 0x1517;
	const struct random random = {repeatable, &seed};
	struct shamir_share shares[3];
	uint8_t secret = 0x42;

	(void)state;
	for (uint32_t i = 0; i < SPLITS; i++) {
		assert_int_equal(shamir_split(&random, &secret, 1, 2, 3, shares), 0);
		for (int j = 0; j < 3; j++)
			of_share[j][shares[j].y[0]]++;
		of_highest[shares[0].y[0] ^ secret]++;
	}
	for (int j = 0; j < 3; j++)
		assert_true(chi_square(of_share[j], SPLITS) < 380);
	assert_true(chi_square(of_highest, SPLITS) < 380);
	of_highest[1] += of_highest[0]; /* what a generator that avoids 0 would do is noticed */
	of_highest[0] = 0;
	assert_true(chi_square(of_highest, SPLITS) > 380);
}

/* ---- libgfshare ---- */

#define FOLDER_SIZE 64
#define COMMAND_SIZE 512

static int run(const char *folder, const char *what)
{
	char command[COMMAND_SIZE];

	snprintf(command, sizeof(command), "cd %s && %s", folder, what);
	return system(command);
}

static void put(const char *folder, const char *name, const uint8_t *data, size_t size)
{
	char path[FOLDER_SIZE + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

static bool get(const char *folder, const char *name, uint8_t *data, size_t size)
{
	char path[FOLDER_SIZE + 32];
	FILE *file;
	bool whole;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (!file)
		return false;
	whole = fread(data, 1, size, file) == size;
	fclose(file);
	return whole;
}

static void test_gfcombine_joins_our_shares(void **state)
{
	char folder[FOLDER_SIZE] = "/tmp/lontar-shamir-XXXXXX", name[16];
	uint8_t secret[SECRET], got[SECRET];
	struct shamir_share shares[5];

	(void)state;
	if (system("command -v gfcombine >/dev/null") != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	random_fill(&random_system, secret, sizeof(secret));
	assert_int_equal(shamir_split(&random_system, secret, SECRET, 3, 5, shares), 0);
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "s.%03d", shares[i].x);
		put(folder, name, shares[i].y, SECRET);
	}
	assert_int_equal(run(folder, "gfcombine -o joined s.001 s.003 s.005"), 0);
	assert_true(get(folder, "joined", got, SECRET));
	assert_memory_equal(got, secret, SECRET);
	assert_int_equal(run(folder, "rm -r \"$PWD\""), 0);
}

static void test_we_join_shares_of_gfsplit(void **state)
{
	char folder[FOLDER_SIZE] = "/tmp/lontar-shamir-XXXXXX", name[16];
	uint8_t secret[SECRET], got[SECRET];
	struct shamir_share shares[5];
	int found = 0;

	(void)state;
	if (system("command -v gfsplit >/dev/null") != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	random_fill(&random_system, secret, sizeof(secret));
	put(folder, "s", secret, SECRET);
	assert_int_equal(run(folder, "gfsplit -n 3 -m 5 s"), 0);
	for (int x = 1; x < 256 && found < 3; x++) {
		snprintf(name, sizeof(name), "s.%03d", x);
		shares[found].x = (uint8_t)x;
		if (get(folder, name, shares[found].y, SECRET))
			found++;
	}
	assert_int_equal(found, 3);
	assert_int_equal(shamir_combine(shares, 3, SECRET, got), 0);
	assert_memory_equal(got, secret, SECRET);
	assert_int_equal(run(folder, "rm -r \"$PWD\""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_multiplies_in_the_field),
		cmocka_unit_test(test_known_answer),
		cmocka_unit_test(test_any_three_of_five_and_no_two),
		cmocka_unit_test(test_two_shares_fit_every_secret),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_coefficients_are_uniform),
		cmocka_unit_test(test_gfcombine_joins_our_shares),
		cmocka_unit_test(test_we_join_shares_of_gfsplit),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
