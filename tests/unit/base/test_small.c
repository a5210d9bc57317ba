/* SPDX-License-Identifier: Apache-2.0 */
/* The small headers: bytes, err, clock, random, mem. */
#include "../unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

static void test_bytes(void **state)
{
	uint8_t data[8];

	store_u64le(data, 0x0807060504030201u);
	assert_memory_equal(data, "\1\2\3\4\5\6\7\10", 8);
	assert_true(load_u64le(data) == 0x0807060504030201u);
	assert_int_equal(load_u32le(data + 1), 0x05040302);
	store_u32le(data, 0xffffffff);
	assert_int_equal(data[3], 0xff);
	assert_true(bytes_equal((struct bytes){0}, bytes_of(data, 0)));
	assert_false(bytes_equal(bytes_of(data, 1), bytes_of(data, 2)));
	assert_true(bytes_equal_str(BYTES_LITERAL("ab"), "ab"));
	assert_int_equal(bytes_from_str(NULL).size, 0);
}

static void test_secret_comparison_sees_every_bit(void **state)
{
	uint8_t a[40], b[40];

	random_fill(&random_system, a, sizeof(a));
	memcpy(b, a, sizeof(a));
	assert_true(bytes_equal_secret(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(a) * 8; i++) {
		b[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(bytes_equal_secret(a, b, sizeof(a)));
		b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	bytes_wipe(a, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		assert_int_equal(a[i], 0);
	bytes_wipe(NULL, 0);
}

static void test_err(void **state)
{
	struct err err;
	char text[600];

	assert_int_equal(err_set(&err, 7, "port %d", 80), -1);
	assert_int_equal(err.code, 7);
	assert_string_equal(err.text, "port 80");
	errno = ENOENT;
	assert_int_equal(err_errno(&err, "open %s", "x"), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.text, "open x: No such file or directory");
	assert_int_equal(err_set(NULL, 7, "x"), -1);
	assert_int_equal(err_errno(NULL, "x"), -1);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_errno(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void test_clock(void **state)
{
	int64_t before = clock_monotonic_us(&clock_system);

	usleep(2000);
	assert_true(clock_monotonic_us(&clock_system) - before >= 2000);
	assert_true(clock_unix_s(&clock_system) > 1700000000);
	assert_true(clock_realtime_us(&clock_system) / 1000000 - clock_unix_s(&clock_system) <= 1);
	assert_true(clock_is_due(100, 100, 60) && clock_is_due(101, 100, 60));
	assert_false(clock_is_due(99, 100, 60) || clock_is_due(40, 100, 60));
	assert_true(clock_is_due(39, 100, 60)); /* it was set back */
}

static int64_t fixed_us(void *ctx)
{
	return *(int64_t *)ctx;
}

static void test_clock_can_be_stepped(void **state)
{
	int64_t now = 5000000;
	struct clock c = {fixed_us, fixed_us, &now};

	assert_int_equal(clock_unix_s(&c), 5);
	now += 1000000;
	assert_int_equal(clock_unix_s(&c), 6);
}

static void test_random_is_not_repeated(void **state)
{
	enum { COUNT = 3000 };
	static uint64_t seen[COUNT];
	uint8_t large[2][1000];

	for (size_t i = 0; i < COUNT; i++) {
		seen[i] = random_u64(&random_system);
		for (size_t k = 0; k < i; k++)
			assert_true(seen[k] != seen[i]);
	}
	random_fill(&random_system, large[0], sizeof(large[0]));
	random_fill(&random_system, large[1], sizeof(large[1]));
	assert_memory_not_equal(large[0], large[1], sizeof(large[0]));
	random_fill(&random_system, NULL, 0);
}

/* A pool that both processes go on reading would give them the same keys. */
static void test_fork_does_not_share_the_pool(void **state)
{
	uint64_t mine, theirs;
	int ends[2], status;
	pid_t child;

	random_u64(&random_system); /* the pool is filled */
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		theirs = random_u64(&random_system);
		_exit(write(ends[1], &theirs, sizeof(theirs)) == sizeof(theirs) ? 0 : 1);
	}
	mine = random_u64(&random_system);
	assert_int_equal(read(ends[0], &theirs, sizeof(theirs)), sizeof(theirs));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(mine != theirs);
	close(ends[0]);
	close(ends[1]);
}

static void give_numbers(void *ctx, void *out, size_t size)
{
	const uint64_t **next = ctx;

	assert_int_equal(size, 8);
	memcpy(out, (*next)++, size);
}

static void test_random_below_is_fair(void **state)
{
	/* 2^64 mod 10 is 6: the values 0 to 5 would favour the small results and are drawn again */
	static const uint64_t numbers[] = {0, 5, 6, UINT64_MAX};
	const uint64_t *next = numbers;
	const struct random r = {give_numbers, &next};
	unsigned counts[3] = {0};

	assert_int_equal(random_below(&r, 10), 6);
	assert_int_equal(random_below(&r, 10), 5);
	for (int i = 0; i < 6000; i++)
		counts[random_below(&random_system, 3)]++;
	for (size_t i = 0; i < 3; i++)
		assert_in_range(counts[i], 1700, 2300);
	assert_int_equal(random_below(&random_system, 1), 0);
}

static void test_mem(void **state)
{
	uint8_t *p = mem_zalloc(10, 10);

	for (size_t i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	p[99] = 7;
	p = mem_realloc(p, 200);
	assert_int_equal(p[99], 7);
	free(p);
	p = mem_alloc(0);
	assert_non_null(p);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_secret_comparison_sees_every_bit),
		cmocka_unit_test(test_err),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_clock_can_be_stepped),
		cmocka_unit_test(test_random_is_not_repeated),
		cmocka_unit_test(test_fork_does_not_share_the_pool),
		cmocka_unit_test(test_random_below_is_fair),
		cmocka_unit_test(test_mem),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
