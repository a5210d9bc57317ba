/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: the form, the stored hash, the comparison. */
#include "../unit.h"

#include "crypto/token.h"

static void test_token_is_32_bytes_of_base64url(void **state)
{
	char a[TOKEN_TEXT_SIZE], b[TOKEN_TEXT_SIZE];
	struct arena arena;
	struct bytes data;

	arena_init(&arena);
	for (int i = 0; i < 200; i++) {
		token_new(a);
		assert_int_equal(strlen(a), TOKEN_TEXT_SIZE - 1);
		assert_int_equal(text_unbase64(&arena, bytes_from_str(a), &data), 0);
		assert_int_equal(data.size, 32);
		assert_string_equal(text_base64url(&arena, data), a);
	}
	token_new(b);
	assert_string_not_equal(a, b);
	arena_release(&arena);
}

static void test_hash_is_prefixed_sha256(void **state)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(BYTES_LITERAL("abc"), hash);
	assert_hex_equal(
		hash, "3bcebcf8ebc327d6ed9db9de45d6eb9027300b4bd60a8c3ea34a849025b225fb", 32);
}

static void test_only_the_same_token_matches(void **state)
{
	char token[TOKEN_TEXT_SIZE];
	uint8_t hash[TOKEN_HASH_SIZE];

	token_new(token);
	token_hash(bytes_from_str(token), hash);
	assert_true(token_matches(bytes_from_str(token), hash));
	assert_false(token_matches(bytes_of(token, 42), hash));
	assert_false(token_matches((struct bytes){0}, hash));
	token[10] ^= 1;
	assert_false(token_matches(bytes_from_str(token), hash));
	token[10] ^= 1;
	for (size_t i = 0; i < TOKEN_HASH_SIZE; i++) {
		hash[i] ^= 0x80;
		assert_false(token_matches(bytes_from_str(token), hash));
		hash[i] ^= 0x80;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_is_32_bytes_of_base64url),
		cmocka_unit_test(test_hash_is_prefixed_sha256),
		cmocka_unit_test(test_only_the_same_token_matches),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
