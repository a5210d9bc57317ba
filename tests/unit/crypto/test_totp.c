/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes: the values of RFC 6238 appendix B and RFC 4226 appendix D, and no code twice. */
#include "../unit.h"

#include "crypto/totp.h"

#define SECRET BYTES_LITERAL("12345678901234567890")

static void test_rfc6238_values(void **state)
{
	static const struct {
		int64_t at;
		uint32_t code;
	} values[] = {{59, 94287082}, {1111111109, 7081804}, {1111111111, 14050471},
		{1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_int_equal(totp_code(SECRET, values[i].at / 30, 8), values[i].code);
}

static void test_rfc4226_values(void **state)
{
	static const uint32_t values[] = {755224, 287082, 359152, 969429, 338314};

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_int_equal(totp_code(SECRET, (int64_t)i, 6), values[i]);
}

static void test_a_code_counts_around_its_time_and_once(void **state)
{
	const struct bytes code = BYTES_LITERAL("287082"); /* of step 1 */

	assert_int_equal(totp_step_of(SECRET, code, 30, 0), 1);
	assert_int_equal(totp_step_of(SECRET, code, 0, 0), 1);
	assert_int_equal(totp_step_of(SECRET, code, 89, 0), 1);
	assert_int_equal(totp_step_of(SECRET, code, 90, 0), 0);
	assert_int_equal(totp_step_of(SECRET, code, 45, 1), 0);
	assert_int_equal(totp_step_of(SECRET, code, 45, 7), 0);
}

static void test_what_is_no_code(void **state)
{
	static const char *const wrong[] = {"", "28708", "2870820", "28708a", "-87082", " 28708"};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(totp_step_of(SECRET, bytes_from_str(wrong[i]), 45, 0), 0);
}

static void test_base32(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"},
		{"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
		{"foobar", "MZXW6YTBOI"}};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		assert_string_equal(totp_base32(&arena, bytes_from_str(pairs[i][0])), pairs[i][1]);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc6238_values),
		cmocka_unit_test(test_rfc4226_values),
		cmocka_unit_test(test_a_code_counts_around_its_time_and_once),
		cmocka_unit_test(test_what_is_no_code),
		cmocka_unit_test(test_base32),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
