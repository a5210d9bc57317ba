/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 against RFC 8032 section 7.1, and its key file. */
#include "folder.h"

#include "crypto/sign.h"

static const struct {
	const char *seed, *public, *message, *signature;
} vectors[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		"5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		"18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void test_rfc_8032(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		uint8_t seed[SIGN_SEED_SIZE], message[2], signature[SIGN_SIZE];
		size_t size = strlen(vectors[i].message) / 2;
		struct sign_key *key;
		struct err err;

		unhex(vectors[i].seed, seed, sizeof(seed));
		unhex(vectors[i].message, message, size);
		key = sign_key_new(seed, &err);
		assert_non_null(key);
		assert_hex_equal(sign_key_public(key), vectors[i].public, 32);
		sign_message(key, bytes_of(message, size), signature);
		assert_hex_equal(signature, vectors[i].signature, 64);
		assert_true(sign_verify(sign_key_public(key), bytes_of(message, size), signature));
		sign_key_free(key);
	}
}

static void test_any_flipped_bit_is_refused(void **state)
{
	uint8_t seed[SIGN_SEED_SIZE] = {3}, signature[SIGN_SIZE], text[] = "lontar/ledger\n12\n";
	struct err err;
	struct sign_key *key = sign_key_new(seed, &err);
	struct bytes message = bytes_of(text, sizeof(text));

	assert_non_null(key);
	sign_message(key, message, signature);
	for (size_t i = 0; i < SIGN_SIZE * 8; i++) {
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(sign_verify(sign_key_public(key), message, signature));
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t i = 0; i < sizeof(text) * 8; i++) {
		text[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(sign_verify(sign_key_public(key), message, signature));
		text[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	assert_true(sign_verify(sign_key_public(key), message, signature));
	sign_key_free(key);
}

/* The all-zero key is a point of small order, for which forgeries exist. */
static void test_small_order_key_is_refused(void **state)
{
	uint8_t public_key[SIGN_PUBLIC_SIZE] = {0}, signature[SIGN_SIZE] = {0};

	assert_false(sign_verify(public_key, BYTES_LITERAL("x"), signature));
	public_key[0] = 1;
	signature[0] = 1;
	assert_false(sign_verify(public_key, BYTES_LITERAL("x"), signature));
}

static void test_key_survives_its_file(void **state)
{
	struct sign_key *one, *two;
	struct stat st;
	struct err err;

	assert_int_equal(sign_key_create(folder_file(state, "ledger.key"), &err), 0);
	assert_int_equal(sign_key_create(folder_file(state, "ledger.key"), &err), -1);
	assert_int_equal(stat(folder_file(state, "ledger.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	one = sign_key_load(folder_file(state, "ledger.key"), &err);
	two = sign_key_load(folder_file(state, "ledger.key"), &err);
	assert_true(one && two);
	assert_memory_equal(sign_key_public(one), sign_key_public(two), SIGN_PUBLIC_SIZE);
	sign_key_free(one);
	sign_key_free(two);
	assert_null(sign_key_load(folder_file(state, "none"), &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc_8032),
		cmocka_unit_test(test_any_flipped_bit_is_refused),
		cmocka_unit_test(test_small_order_key_is_refused),
		IN_FOLDER(test_key_survives_its_file),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
