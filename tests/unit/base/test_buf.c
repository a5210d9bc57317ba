/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers against a plain model, and the hard maximum. */
#include "../unit.h"

#include <stdlib.h>

#include "base/buf.h"

static void test_it_behaves_like_a_plain_array(void **state)
{
	static uint8_t model[1 << 16];
	size_t size = 0, max = sizeof(model);
	struct buf buf;

	buf_init(&buf, max);
	for (int step = 0; step < 20000; step++) {
		size_t n = random_below(&random_system, 300);

		if (random_below(&random_system, 5) < 3 && size + n <= max) {
			random_fill(&random_system, model + size, n);
			buf_append(&buf, model + size, n);
			size += n;
		} else if (n % 7 == 0) {
			buf_truncate(&buf, size - (n < size ? n : size));
			size -= n < size ? n : size;
		} else {
			buf_consume(&buf, n);
			n = n < size ? n : size;
			memmove(model, model + n, size - n);
			size -= n;
		}
		assert_false(buf.failed);
		assert_int_equal(buf_size(&buf), size);
		assert_true(buf.capacity <= max);
		if (step % 50 == 0 && size)
			assert_memory_equal(buf_data(&buf), model, size);
	}
	buf_release(&buf);
	assert_null(buf.base);
}

static void test_maximum_is_hard_and_failure_sticks(void **state)
{
	struct buf buf;
	uint8_t data[100] = {0};

	buf_init(&buf, 100);
	buf_append(&buf, data, 60);
	buf_append(&buf, data, 40);
	assert_false(buf.failed);
	assert_int_equal(buf_size(&buf), 100);
	buf_append_u8(&buf, 1);
	assert_true(buf.failed);
	assert_int_equal(buf_size(&buf), 100);
	buf_consume(&buf, 50);
	buf_append_u8(&buf, 1); /* what was lost in between would go unnoticed otherwise */
	assert_int_equal(buf_size(&buf), 50);
	assert_null(buf_extend(&buf, SIZE_MAX));
	buf_clear(&buf);
	assert_false(buf.failed);
	assert_null(buf_extend(&buf, SIZE_MAX));
	assert_true(buf.failed);
	buf_release(&buf);
	assert_int_equal(buf.max, 100);
}

static void test_zeroed_is_empty_and_consumed_space_is_used_again(void **state)
{
	struct buf buf = {0};
	size_t capacity;

	assert_int_equal(buf_size(&buf), 0);
	assert_null(buf_bytes(&buf).data);
	buf_consume(&buf, 5);
	buf_append(&buf, NULL, 0);
	buf_append_bytes(&buf, (struct bytes){0});
	for (int i = 0; i < 200; i++)
		buf_append_u8(&buf, (uint8_t)i);
	capacity = buf.capacity;
	for (int i = 0; i < 10000; i++) {
		buf_consume(&buf, 1);
		buf_append_u8(&buf, (uint8_t)i);
	}
	assert_int_equal(buf.capacity, capacity);
	buf_release(&buf);
}

static void test_numbers_and_texts(void **state)
{
	struct buf buf;

	buf_init(&buf, 0);
	buf_append_u8(&buf, 0x01);
	buf_append_u32le(&buf, 0x05040302);
	buf_append_u64le(&buf, 0x0d0c0b0a09080706u);
	buf_append_str(&buf, "ab");
	buf_printf(&buf, "%03d%s", 7, "c");
	assert_int_equal(buf_size(&buf), 19);
	assert_memory_equal(buf_data(&buf), "\1\2\3\4\5\6\7\10\11\12\13\14\15ab007c", 19);
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_behaves_like_a_plain_array),
		cmocka_unit_test(test_maximum_is_hard_and_failure_sticks),
		cmocka_unit_test(test_zeroed_is_empty_and_consumed_space_is_used_again),
		cmocka_unit_test(test_numbers_and_texts),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
