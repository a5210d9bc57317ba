/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: zeroed, aligned, apart from each other, and nothing is left behind. */
#include "../unit.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena arena;
	uint8_t *at[300];

	arena_init(&arena);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LEN(at); i++) {
			at[i] = arena_alloc(&arena, i * 7);
			assert_int_equal((uintptr_t)at[i] % 16, 0);
			for (size_t k = 0; k < i * 7; k++)
				assert_int_equal(at[i][k], 0);
			memset(at[i], (int)i, i * 7);
		}
		for (size_t i = 0; i < ARRAY_LEN(at); i++) {
			for (size_t k = 0; k < i * 7; k++)
				assert_int_equal(at[i][k], (uint8_t)i);
		}
		arena_reset(&arena);
		assert_int_equal(arena.used, 0);
	}
	arena_release(&arena);
	assert_int_equal(arena_blocks_alive(), 0);
}

static void test_reset_keeps_one_block(void **state)
{
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(arena_blocks_alive(), 0); /* an idle arena costs nothing */
	for (int i = 0; i < 1000; i++)
		assert_non_null(arena_alloc(&arena, 1000));
	assert_true(arena_blocks_alive() > 1);
	assert_int_equal(arena.used, 1000 * 1000);
	arena_reset(&arena);
	assert_int_equal(arena_blocks_alive(), 1);
	arena_release(&arena);
	arena_release(&arena);
	assert_int_equal(arena_blocks_alive(), 0);
}

static void test_big_blocks_are_not_kept(void **state)
{
	struct arena arena;
	char *small;

	arena_init(&arena);
	memset(arena_alloc(&arena, 1 << 20), 1, 1 << 20);
	arena_reset(&arena);
	assert_int_equal(arena_blocks_alive(), 0);
	small = arena_alloc(&arena, 8);
	memset(arena_alloc(&arena, 1 << 20), 1, 1 << 20);
	/* the big one went behind: the first block goes on being filled */
	assert_true((char *)arena_alloc(&arena, 8) - small < 64);
	assert_int_equal(arena_blocks_alive(), 2);
	arena_release(&arena);
}

#if defined(__SANITIZE_ADDRESS__)
static void test_unused_memory_is_poisoned(void **state)
{
	struct arena arena;
	char *p;

	arena_init(&arena);
	p = arena_alloc(&arena, 10);
	assert_false(__asan_address_is_poisoned(p + 9));
	assert_true(__asan_address_is_poisoned(p + 10));
	assert_true(__asan_address_is_poisoned(p + 16));
	arena_reset(&arena);
	assert_true(__asan_address_is_poisoned(p));
	arena_release(&arena);
}
#endif

static void test_copies_and_texts(void **state)
{
	struct arena arena;
	uint8_t data[] = {1, 0, 2};
	struct bytes copy;

	arena_init(&arena);
	copy = arena_bytes(&arena, bytes_of(data, 3));
	assert_ptr_not_equal(copy.data, data);
	assert_true(bytes_equal(copy, bytes_of(data, 3)));
	assert_null(arena_bytes(&arena, (struct bytes){0}).data);
	copy = arena_bytes(&arena, bytes_of(data, 0));
	assert_true(copy.data && copy.size == 0);
	assert_string_equal(arena_str(&arena, (struct bytes){0}), "");
	assert_string_equal(arena_str(&arena, BYTES_LITERAL("abc")), "abc");
	assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	assert_int_equal(strlen(arena_printf(&arena, "%9000d", 1)), 9000);
	assert_non_null(arena_array(&arena, 0, 8));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(test_reset_keeps_one_block),
		cmocka_unit_test(test_big_blocks_are_not_kept),
#if defined(__SANITIZE_ADDRESS__)
		cmocka_unit_test(test_unused_memory_is_poisoned),
#endif
		cmocka_unit_test(test_copies_and_texts),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
