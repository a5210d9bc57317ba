/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: the stored form, and what matches it. */
#include "../unit.h"

#include "crypto/password.h"

static void test_only_the_password_matches(void **state)
{
	const struct bytes password = BYTES_LITERAL("correct horse battery");
	char stored[PASSWORD_TEXT_SIZE], again[PASSWORD_TEXT_SIZE];

	assert_int_equal(password_hash(password, stored, NULL), 0);
	assert_memory_equal(stored, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
	assert_true(password_matches(password, bytes_from_str(stored)));
	assert_false(password_matches(bytes_of(password.data, 20), bytes_from_str(stored)));
	assert_false(password_matches(BYTES_LITERAL(""), bytes_from_str(stored)));
	assert_int_equal(password_hash(password, again, NULL), 0);
	assert_string_not_equal(stored, again);
}

static void test_what_is_no_hash_matches_nothing(void **state)
{
	static const char *const wrong[] = {"", "plain", "$argon2id$", "$argon2id$v=19$m=19456,t=2",
		"$argon2id$v=19$m=4294967295,t=2,p=1$AAAA$AAAA"};
	char longer[300];

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(password_matches(BYTES_LITERAL("x"), bytes_from_str(wrong[i])));
	memset(longer, 'a', sizeof(longer));
	assert_false(password_matches(BYTES_LITERAL("x"), bytes_of(longer, sizeof(longer))));
	assert_false(password_matches(BYTES_LITERAL("x"), (struct bytes){NULL, 0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_password_matches),
		cmocka_unit_test(test_what_is_no_hash_matches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
