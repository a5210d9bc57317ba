/* SPDX-License-Identifier: Apache-2.0 */
/* Both implementations of IGE against libcrypto's own (slow, deprecated), of CTR against NIST and
 * EVP. */
#include "../unit.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/evp.h>
#undef AES_BLOCK

#include <stdlib.h>

#include "crypto/aes.h"

#define SIZE_MAX_TESTED 1024

/* Every test runs twice; state says which implementation. */
static int take_portable(void **state)
{
	aes_force_portable(true);
	assert_string_equal(aes_implementation(), "portable");
	return 0;
}

static int take_best(void **state)
{
	aes_force_portable(false);
	return 0;
}

static void reference_ige(const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out,
	size_t size, int mode)
{
	uint8_t moving_iv[AES_IGE_IV_SIZE];
	AES_KEY schedule;

	memcpy(moving_iv, iv, sizeof(moving_iv));
	if (mode == AES_ENCRYPT)
		AES_set_encrypt_key(key, 256, &schedule);
	else
		AES_set_decrypt_key(key, 256, &schedule);
	AES_ige_encrypt(in, out, size, &schedule, moving_iv, mode);
}

/* A fixed vector, made by libcrypto and by a script over AES-ECB: key 00..1f, iv 20..3f,
 * text 40..7f. */
static void test_ige_known_answer(void **state)
{
	uint8_t key[32], iv[32], text[64], out[64];

	for (uint8_t i = 0; i < 64; i++) {
		if (i < 32) {
			key[i] = i;
			iv[i] = (uint8_t)(0x20 + i);
		}
		text[i] = (uint8_t)(0x40 + i);
	}
	aes_ige_encrypt(key, iv, text, out, sizeof(text));
	assert_hex_equal(out,
		"b6b23cb46d2f43de2c67fc9a3a9e35104fad6ed15177969c1cebc616bcfa482c"
		"b220e4d159bedfd570df191a805e9d9d13b6d62f0ea1e40541bd31ebe72f51c6",
		64);
	aes_ige_decrypt(key, iv, out, out, sizeof(out));
	assert_memory_equal(out, text, sizeof(text));
}

static void test_ige_equals_libcrypto(void **state)
{
	uint8_t key[32], iv[32], in[SIZE_MAX_TESTED], out[SIZE_MAX_TESTED],
		expected[SIZE_MAX_TESTED];

	for (size_t size = 16; size <= SIZE_MAX_TESTED; size += 16) {
		random_fill(&random_system, key, sizeof(key));
		random_fill(&random_system, iv, sizeof(iv));
		random_fill(&random_system, in, sizeof(in));
		reference_ige(key, iv, in, expected, size, AES_ENCRYPT);
		aes_ige_encrypt(key, iv, in, out, size);
		assert_memory_equal(out, expected, size);
		aes_ige_decrypt(key, iv, out, out, size);
		assert_memory_equal(out, in, size);
		reference_ige(key, iv, in, expected, size, AES_DECRYPT);
		aes_ige_decrypt(key, iv, in, out, size);
		assert_memory_equal(out, expected, size);
		aes_ige_encrypt(key, iv, out, out, size); /* in place */
		reference_ige(key, iv, expected, expected, size, AES_ENCRYPT);
		assert_memory_equal(out, expected, size);
	}
}

static void test_ige_of_nothing_touches_nothing(void **state)
{
	uint8_t key[32] = {0}, iv[32] = {0}, out[16] = {7};

	aes_ige_encrypt(key, iv, out, out, 0);
	aes_ige_decrypt(key, iv, out, out, 0);
	assert_int_equal(out[0], 7);
}

/* Batches of every count, with lengths that end lanes at different times and some empty messages.
 */
static void test_many_equal_one_by_one(void **state)
{
	enum { COUNT = 37 };
	struct aes_ige_job jobs[COUNT];
	uint8_t *memory = malloc(COUNT * (64 + 2 * SIZE_MAX_TESTED)), expected[SIZE_MAX_TESTED];

	assert_non_null(memory);
	for (size_t count = 0; count <= COUNT; count++) {
		random_fill(&random_system, memory, COUNT * (64 + 2 * SIZE_MAX_TESTED));
		for (size_t i = 0; i < count; i++) {
			uint8_t *p = memory + i * (64 + 2 * SIZE_MAX_TESTED);
			size_t size = 16 * random_below(&random_system, SIZE_MAX_TESTED / 16 + 1);
			bool in_place = i % 3 == 0;

			jobs[i] = (struct aes_ige_job){p, p + 32, p + 64,
				in_place ? p + 64 : p + 64 + SIZE_MAX_TESTED,
				i % 11 == 5 ? 0 : size};
			if (in_place) /* keep the text for the comparison */
				memcpy(p + 64 + SIZE_MAX_TESTED, p + 64, SIZE_MAX_TESTED);
		}
		aes_ige_encrypt_many(jobs, count);
		for (size_t i = 0; i < count; i++) {
			const uint8_t *text = jobs[i].in == jobs[i].out
						      ? jobs[i].in + SIZE_MAX_TESTED
						      : jobs[i].in;

			if (!jobs[i].size)
				continue;
			reference_ige(
				jobs[i].key, jobs[i].iv, text, expected, jobs[i].size, AES_ENCRYPT);
			assert_memory_equal(jobs[i].out, expected, jobs[i].size);
		}
	}
	free(memory);
}

/* NIST SP 800-38A, F.5.5 */
static void test_ctr_of_nist_in_every_split(void **state)
{
	uint8_t key[32], iv[16], text[64], out[64];
	struct aes_ctr ctr;

	unhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", key, 32);
	unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", iv, 16);
	unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
		text, 64);
	for (size_t a = 0; a <= 64; a++) {
		for (size_t b = a; b <= 64; b += 5) {
			aes_ctr_init(&ctr, key, iv);
			aes_ctr_crypt(&ctr, text, out, a);
			aes_ctr_crypt(&ctr, text + a, out + a, b - a);
			aes_ctr_crypt(&ctr, text + b, out + b, 64 - b);
			assert_hex_equal(out,
				"601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
				"2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
				64);
		}
	}
	aes_ctr_wipe(&ctr);
	assert_int_equal(ctr.key[0], 0);
}

/* The counter is one number of 128 bits: a carry out of its lower half must arrive in the upper. */
static void test_ctr_carries_like_evp(void **state)
{
	static const char *const starts[] = {"00000000000000000000000000000000",
		"0123456789abcdeffffffffffffffffd", "fffffffffffffffffffffffffffffffe"};
	uint8_t key[32], iv[16], in[500], out[500], expected[500];

	for (size_t i = 0; i < 3; i++) {
		EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
		struct aes_ctr ctr;
		int size;

		random_fill(&random_system, key, sizeof(key));
		random_fill(&random_system, in, sizeof(in));
		unhex(starts[i], iv, 16);
		assert_int_equal(EVP_EncryptInit_ex(ctx, EVP_aes_256_ctr(), NULL, key, iv), 1);
		assert_int_equal(EVP_EncryptUpdate(ctx, expected, &size, in, sizeof(in)), 1);
		EVP_CIPHER_CTX_free(ctx);
		aes_ctr_init(&ctr, key, iv);
		for (size_t at = 0, step = 1; at < sizeof(in);
			at += step, step = step * 2 % 97 + 1) {
			if (step > sizeof(in) - at)
				step = sizeof(in) - at;
			aes_ctr_crypt(&ctr, in + at, out + at, step);
		}
		assert_memory_equal(out, expected, sizeof(in));
	}
}

#define BOTH(test)                                                                                 \
	cmocka_unit_test_setup_teardown(test, take_portable, take_best),                           \
		cmocka_unit_test_setup_teardown(test, take_best, take_best)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(test_ige_known_answer),
		BOTH(test_ige_equals_libcrypto),
		BOTH(test_ige_of_nothing_touches_nothing),
		BOTH(test_many_equal_one_by_one),
		BOTH(test_ctr_of_nist_in_every_split),
		BOTH(test_ctr_carries_like_evp),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
