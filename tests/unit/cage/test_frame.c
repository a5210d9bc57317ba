/* SPDX-License-Identifier: Apache-2.0 */
#include "../unit.h"

#include <errno.h>
#include <unistd.h>

#include "cage/frame.h"
#include "cage/helper.h"

static void values_and_their_end(void **state)
{
	struct frame_reader in;
	struct buf out;

	buf_init(&out, 64);
	buf_append_u8(&out, 7);
	frame_append_u16(&out, 0x1234);
	buf_append_u32le(&out, 0x89abcdef);
	buf_append_u64le(&out, 1ull << 40);
	frame_append_string(&out, BYTES_LITERAL("word"));
	for (size_t size = 0; size <= buf_size(&out); size++) {
		in = (struct frame_reader){.rest = bytes_of(buf_data(&out), size)};
		uint8_t a = frame_u8(&in);
		uint16_t b = frame_u16(&in);
		uint32_t c = frame_u32(&in);
		uint64_t d = frame_u64(&in);
		struct bytes e = frame_string(&in);

		assert_int_equal(frame_complete(&in), size == buf_size(&out));
		if (!frame_complete(&in))
			continue;
		assert_int_equal(a, 7);
		assert_int_equal(b, 0x1234);
		assert_int_equal(c, 0x89abcdef);
		assert_true(d == 1ull << 40);
		assert_true(bytes_equal_str(e, "word"));
	}
	/* After the first failure everything is zero, though bytes are left. */
	in = (struct frame_reader){.rest = bytes_of(buf_data(&out), 3)};
	frame_u32(&in);
	assert_int_equal(frame_u8(&in), 0);
	assert_false(frame_complete(&in));
	buf_release(&out);
}

static int receive_written(const void *data, size_t size, struct buf *out, struct err *err)
{
	int fds[2], rc;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], data, size), size);
	close(fds[1]);
	rc = frame_receive(fds[0], out, err);
	close(fds[0]);
	return rc;
}

static void streams(void **state)
{
	struct err err = {0};
	struct buf out;

	buf_init(&out, 8);
	assert_int_equal(receive_written("\3\0\0\0abc", 7, &out, &err), 1);
	assert_true(bytes_equal_str(buf_bytes(&out), "abc"));
	assert_int_equal(receive_written("\0\0\0\0", 4, &out, &err), 1);
	assert_int_equal(buf_size(&out), 0);
	assert_int_equal(receive_written("", 0, &out, &err), 0);
	assert_int_equal(receive_written("\3\0\0", 3, &out, &err), -1);
	assert_int_equal(receive_written("\3\0\0\0", 4, &out, &err), -1);
	assert_int_equal(receive_written("\3\0\0\0ab", 6, &out, &err), -1);
	assert_int_equal(receive_written("\377\377\377\377abc", 7, &out, &err), -1);
	assert_int_equal(err.code, EMSGSIZE);
	buf_release(&out);
}

/* cat sends back what it is sent: a message of ours is its own answer. */
static void helper_answers_dies_or_hangs(void **state)
{
	static const char *const minute[] = {"60", NULL};
	struct helper helper;
	struct err err = {0};
	struct buf answer;

	buf_init(&answer, 16);
	assert_int_equal(helper_start(&helper, "/bin", "cat", NULL, &err), 0);
	assert_int_equal(helper_exchange(&helper, BYTES_LITERAL("hello"), 5000, &answer, &err), 0);
	assert_true(bytes_equal_str(buf_bytes(&answer), "hello"));
	assert_int_equal(
		helper_exchange(&helper, BYTES_LITERAL("longer than sixteen"), 5000, &answer, &err),
		-1);
	assert_int_equal(err.code, EMSGSIZE);
	assert_true(helper_stop(&helper) >= 0);
	assert_int_equal(helper_stop(&helper), -1);

	assert_int_equal(helper_start(&helper, "/bin", "true", NULL, &err), 0);
	assert_int_equal(helper_exchange(&helper, BYTES_LITERAL("x"), 5000, &answer, &err), -1);
	assert_int_equal(err.code, EPIPE);
	helper_stop(&helper);

	assert_int_equal(helper_start(&helper, "/bin", "sleep", minute, &err), 0);
	assert_int_equal(helper_exchange(&helper, BYTES_LITERAL("x"), 20, &answer, &err), -1);
	assert_int_equal(err.code, ETIMEDOUT);
	helper_stop(&helper);

	assert_int_equal(helper_start(&helper, "/bin", "no-such-program", NULL, &err), -1);
	assert_int_equal(err.code, ENOENT);
	buf_release(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_their_end),
		cmocka_unit_test(streams),
		cmocka_unit_test(helper_answers_dies_or_hangs),
	};

	return cmocka_run_group_tests_name("cage/frame", tests, NULL, NULL);
}
