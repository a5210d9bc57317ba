/* SPDX-License-Identifier: Apache-2.0 */
/* Digests against FIPS 180-4's examples, HMAC against RFC 4231, pieces against the whole. */
#include "../unit.h"

#include <pthread.h>

#include "crypto/hash.h"

static void test_digests_of_abc(void **state)
{
	uint8_t out[HASH_SHA256_SIZE];

	hash_sha1(BYTES_LITERAL("abc"), out);
	assert_hex_equal(out, "a9993e364706816aba3e25717850c26c9cd0d89d", 20);
	hash_sha256(BYTES_LITERAL("abc"), out);
	assert_hex_equal(
		out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 32);
}

static void test_empty_is_hashed(void **state)
{
	uint8_t out[HASH_SHA256_SIZE];

	hash_sha256((struct bytes){0}, out);
	assert_hex_equal(
		out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 32);
	hash_sha256_parts(NULL, 0, out);
	assert_hex_equal(
		out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 32);
}

static void test_pieces_equal_the_whole(void **state)
{
	uint8_t data[300], whole[64], pieces[64];

	random_fill(&random_system, data, sizeof(data));
	for (size_t cut = 0; cut <= sizeof(data); cut += 7) {
		struct bytes parts[] = {
			bytes_of(data, cut), {0}, bytes_of(data + cut, sizeof(data) - cut)};

		hash_sha1(bytes_of(data, sizeof(data)), whole);
		hash_sha1_parts(parts, 3, pieces);
		assert_memory_equal(whole, pieces, HASH_SHA1_SIZE);
		hash_sha256(bytes_of(data, sizeof(data)), whole);
		hash_sha256_parts(parts, 3, pieces);
		assert_memory_equal(whole, pieces, HASH_SHA256_SIZE);
		hash_hmac_sha256(BYTES_LITERAL("key"), bytes_of(data, sizeof(data)), whole);
		hash_hmac_sha256_parts(BYTES_LITERAL("key"), parts, 3, pieces);
		assert_memory_equal(whole, pieces, HASH_SHA256_SIZE);
	}
}

static void test_hmac_of_rfc_4231(void **state)
{
	uint8_t key[131], out[HASH_SHA256_SIZE], data[50];

	memset(key, 0x0b, 20);
	hash_hmac_sha256(bytes_of(key, 20), BYTES_LITERAL("Hi There"), out);
	assert_hex_equal(
		out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", 32);
	hash_hmac_sha256(BYTES_LITERAL("Jefe"), BYTES_LITERAL("what do ya want for nothing?"), out);
	assert_hex_equal(
		out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", 32);
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	hash_hmac_sha256(bytes_of(key, 20), bytes_of(data, sizeof(data)), out);
	assert_hex_equal(
		out, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", 32);
	hash_hmac_sha256(bytes_of(key, 131),
		BYTES_LITERAL("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	assert_hex_equal(
		out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", 32);
}

static void *hash_a_lot(void *arg)
{
	uint8_t *out = arg;

	hash_sha256(BYTES_LITERAL(""), out);
	for (int i = 0; i < 2000; i++)
		hash_sha256(bytes_of(out, HASH_SHA256_SIZE), out);
	return NULL;
}

static void test_threads_do_not_share_contexts(void **state)
{
	uint8_t out[4][HASH_SHA256_SIZE];
	pthread_t threads[4];

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_a_lot, out[i]), 0);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 1; i < 4; i++)
		assert_memory_equal(out[0], out[i], HASH_SHA256_SIZE);
}

#define MANY 37

/* Lengths around the block and the padding, cut anywhere, in batches of every size. */
static void test_batches_equal_single_messages(void **state)
{
	static uint8_t data[MANY][400];
	uint8_t many[MANY][HASH_SHA256_SIZE], one[HASH_SHA256_SIZE];
	struct hash_job jobs[MANY];

	random_fill(&random_system, data, sizeof(data));
	for (size_t count = 0; count <= MANY; count++) {
		for (size_t i = 0; i < count; i++) {
			size_t size = (i * 53 + count * 7) % sizeof(data[i]);
			size_t cut = (i * 31 + count) % (size + 1);

			jobs[i] = (struct hash_job){
				{bytes_of(data[i], cut), bytes_of(data[i] + cut, size - cut)},
				many[i]};
		}
		hash_sha256_many(jobs, count);
		for (size_t i = 0; i < count; i++) {
			hash_sha256_parts(jobs[i].parts, HASH_JOB_PARTS, one);
			assert_memory_equal(one, many[i], sizeof(one));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digests_of_abc),
		cmocka_unit_test(test_empty_is_hashed),
		cmocka_unit_test(test_pieces_equal_the_whole),
		cmocka_unit_test(test_batches_equal_single_messages),
		cmocka_unit_test(test_hmac_of_rfc_4231),
		cmocka_unit_test(test_threads_do_not_share_contexts),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
