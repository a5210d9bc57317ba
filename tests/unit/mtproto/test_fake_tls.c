/* SPDX-License-Identifier: Apache-2.0 */
/* T7: hellos that look like TLS, answers to them, repeated ones, and the records afterwards. */
#include "world.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "mtproto/fake_tls.h"
#include "mtproto/fake_tls_seen.h"

#define NOW 1800000000
#define HELLO_SIZE 200

static const struct transport_secret secrets_at[] = {
	{"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01", true},
	{"\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02", true}};
static const struct transport_secrets secrets = {secrets_at, 2, true};

/* header, hello, session id of 32 bytes, suites, and something in the place of extensions. */
static void make_hello(uint8_t out[HELLO_SIZE])
{
	static const uint8_t suites[] = {0, 6, 0x1a, 0x1a, 0x13, 0x02, 0xc0, 0x2b, 1, 0};

	memset(out, 7, HELLO_SIZE);
	memcpy(out, "\x16\x03\x01\x00\xc3\x01\x00\x00\xbf\x03\x03", 11);
	memset(out + FAKE_TLS_RANDOM_AT, 0, FAKE_TLS_DIGEST_SIZE);
	out[43] = 32;
	memset(out + 44, 9, 32);
	memcpy(out + 76, suites, sizeof(suites));
}

static void sign_hello(
	uint8_t hello[HELLO_SIZE], const struct transport_secret *secret, int64_t time)
{
	uint8_t digest[32];

	memset(hello + FAKE_TLS_RANDOM_AT, 0, sizeof(digest));
	hash_hmac_sha256(bytes_of(secret->bytes, 16), bytes_of(hello, HELLO_SIZE), digest);
	store_u32le(digest + 28, load_u32le(digest + 28) ^ (uint32_t)time);
	memcpy(hello + FAKE_TLS_RANDOM_AT, digest, sizeof(digest));
}

static bool is_ours(const uint8_t hello[HELLO_SIZE], int64_t now, struct fake_tls_hello *out)
{
	return fake_tls_hello_read(bytes_of(hello, HELLO_SIZE), &secrets, now, out);
}

/* T7: the random of this hello is as Python's hmac makes it. */
static void a_hello_with_a_known_digest(void **state)
{
	static const uint8_t known[] = {0xc5, 0x41, 0x4f, 0xa1, 0xdc, 0xca, 0xd3, 0x36, 0x23, 0x9c,
		0x8b, 0x98, 0x39, 0x06, 0xe0, 0x9d, 0x57, 0x47, 0x5d, 0x38, 0x92, 0xe0, 0xe8, 0xa1,
		0x72, 0xc5, 0x30, 0x8e, 0xdf, 0xc0, 0x57, 0x8a};
	uint8_t hello[HELLO_SIZE];
	struct fake_tls_hello got;

	(void)state;
	make_hello(hello);
	memcpy(hello + FAKE_TLS_RANDOM_AT, known, 32);
	assert_true(is_ours(hello, NOW, &got));
	assert_ptr_equal(got.secret, &secrets_at[1]);
	assert_int_equal(got.time_s, NOW - 5);
	assert_int_equal(got.cipher, 0x1302);
	assert_int_equal(got.session_id_size, 32);
	assert_memory_equal(got.session_id, hello + 44, 32);
	assert_memory_equal(got.random, known, 32);
}

/* T7: whatever is not exactly what a secret signed is for the real site. */
static void every_flipped_bit_makes_a_stranger(void **state)
{
	uint8_t hello[HELLO_SIZE];
	struct fake_tls_hello got;

	(void)state;
	make_hello(hello);
	sign_hello(hello, &secrets_at[0], NOW);
	for (size_t bit = 0; bit < sizeof(hello) * 8; bit++) {
		bool low_of_time =
			bit / 8 >= 39 && bit / 8 < 43 && (bit / 8 - 39) * 8 + bit % 8 < 10;

		hello[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* The last 4 bytes of the random are the time: a few minutes more are a time too.
		 */
		assert_int_equal(is_ours(hello, NOW, &got), low_of_time);
		hello[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_true(is_ours(hello, NOW, &got));
	for (size_t size = 0; size < sizeof(hello); size++)
		assert_false(fake_tls_hello_read(bytes_of(hello, size), &secrets, NOW, &got));
}

static void only_around_its_time(void **state)
{
	uint8_t hello[HELLO_SIZE];
	struct fake_tls_hello got;

	(void)state;
	make_hello(hello);
	sign_hello(hello, &secrets_at[0], NOW);
	assert_true(is_ours(hello, NOW + FAKE_TLS_SKEW_S, &got));
	assert_false(is_ours(hello, NOW + FAKE_TLS_SKEW_S + 1, &got));
	assert_true(is_ours(hello, NOW - FAKE_TLS_SKEW_S, &got));
	assert_false(is_ours(hello, NOW - FAKE_TLS_SKEW_S - 1, &got));
}

static void without_tls_1_3_it_is_a_stranger(void **state)
{
	uint8_t hello[HELLO_SIZE];
	struct fake_tls_hello got;

	(void)state;
	make_hello(hello);
	hello[80] = 0xc0;
	sign_hello(hello, &secrets_at[0], NOW);
	assert_false(is_ours(hello, NOW, &got));
	make_hello(hello);
	hello[43] = 33; /* a session id of 33 bytes */
	sign_hello(hello, &secrets_at[0], NOW);
	assert_false(is_ours(hello, NOW, &got));
	make_hello(hello);
	hello[43] = 255; /* beyond the end */
	sign_hello(hello, &secrets_at[0], NOW);
	assert_false(is_ours(hello, NOW, &got));
}

/* T7: three records in a row, and a digest over the client's random and them. */
static void the_answer_is_what_clients_check(void **state)
{
	uint8_t hello[HELLO_SIZE], digest[32], claimed[32];
	struct fake_tls_hello got;
	struct buf out = {0};
	struct bytes parts[2];
	uint8_t *at;
	size_t last;

	(void)state;
	make_hello(hello);
	sign_hello(hello, &secrets_at[1], NOW);
	assert_true(is_ours(hello, NOW, &got));
	buf_append(&out, "before", 6);
	fake_tls_answer(&got, 3000, &random_system, &out);
	buf_consume(&out, 6);
	at = buf_data(&out);
	assert_memory_equal(at, "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11);
	assert_int_equal(at[43], 32);
	assert_memory_equal(at + 44, got.session_id, 32);
	assert_memory_equal(at + 76, "\x13\x02\x00\x00\x2e", 5);
	assert_memory_equal(at + 127, "\x14\x03\x03\x00\x01\x01\x17\x03\x03", 9);
	last = (size_t)at[136] << 8 | at[137];
	assert_in_range(last, 3000, 3002);
	assert_int_equal(buf_size(&out), 138 + last);
	memcpy(claimed, at + 11, 32);
	memset(at + 11, 0, 32);
	parts[0] = bytes_of(hello + 11, 32);
	parts[1] = buf_bytes(&out);
	hash_hmac_sha256_parts(bytes_of(secrets_at[1].bytes, 16), parts, 2, digest);
	assert_memory_equal(claimed, digest, 32);
	buf_release(&out);
}

/* T7: a repeated digest is for the real site. */
static void a_repeated_hello_is_a_strangers(void **state)
{
	static uint8_t memory[4096];
	struct fake_tls_seen *seen = fake_tls_seen_new(memory, sizeof(memory));
	uint8_t hello[HELLO_SIZE];
	struct fake_tls_hello first, other;

	(void)state;
	make_hello(hello);
	sign_hello(hello, &secrets_at[0], NOW);
	assert_true(is_ours(hello, NOW, &first));
	assert_true(fake_tls_seen_first(seen, &first));
	assert_false(fake_tls_seen_first(seen, &first));
	/* Its time moved by an hour, which needs no secret: still the same hello. */
	store_u32le(hello + 39, load_u32le(hello + 39) ^ NOW ^ (NOW + 3600));
	assert_true(is_ours(hello, NOW + 3600, &other));
	assert_false(fake_tls_seen_first(seen, &other));
	hello[50]++;
	sign_hello(hello, &secrets_at[0], NOW);
	assert_true(is_ours(hello, NOW, &other));
	assert_true(fake_tls_seen_first(seen, &other));
	assert_false(fake_tls_seen_first(seen, &other));
	/* Another process goes on with the same memory. */
	fake_tls_seen_free(seen);
	seen = fake_tls_seen_new(memory, sizeof(memory));
	assert_false(fake_tls_seen_first(seen, &first));
	assert_false(fake_tls_seen_first(seen, &other));
	fake_tls_seen_free(seen);
}

static void the_newest_hellos_are_remembered(void **state)
{
	static uint8_t memory[4096]; /* 32 sets of 16 */
	struct fake_tls_seen *seen = fake_tls_seen_new(memory, sizeof(memory));
	struct fake_tls_hello hello = {0};

	(void)state;
	for (uint64_t i = 1; i <= 10000; i++) {
		store_u64le(hello.random, i);
		store_u64le(hello.random + 8, i);
		assert_true(fake_tls_seen_first(seen, &hello));
	}
	for (uint64_t i = 10000 - 511; i <= 10000; i++) {
		store_u64le(hello.random, i);
		store_u64le(hello.random + 8, i);
		assert_false(fake_tls_seen_first(seen, &hello));
	}
	fake_tls_seen_free(seen);
}

static void records_in_any_pieces(void **state)
{
	uint8_t data[40000];
	struct buf wire = {0}, plain = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 31);
	buf_append(&wire, "\x14\x03\x03\x00\x01\x01", 6);
	fake_tls_write(bytes_of(data, sizeof(data)), &wire);
	assert_int_equal(buf_size(&wire), 6 + sizeof(data) + 3 * 5);
	for (size_t step = 1; step < 20000; step = step * 3 + 1) {
		struct fake_tls_reader reader = {0};

		for (size_t at = 0; at < buf_size(&wire); at += step) {
			size_t left = buf_size(&wire) - at;

			assert_int_equal(
				fake_tls_read(&reader,
					bytes_of(buf_data(&wire) + at, step < left ? step : left),
					&plain),
				FAKE_TLS_READ);
		}
		assert_int_equal(buf_size(&plain), sizeof(data));
		assert_memory_equal(buf_data(&plain), data, sizeof(data));
		buf_clear(&plain);
	}
	buf_release(&wire);
	buf_release(&plain);
}

static void other_records(void **state)
{
	static const struct {
		const char *wire;
		size_t size;
		enum fake_tls_result result;
	} cases[] = {
		{"\x15\x03\x03\x00\x02\x01\x00", 7, FAKE_TLS_ENDED},
		{"\x17\x03\x03\x00\x00", 5, FAKE_TLS_BAD},
		{"\x17\x03\x03\x41\x01", 5, FAKE_TLS_BAD},
		{"\x17\x03\x03\x41\x00", 5, FAKE_TLS_READ},
		{"\x17\x03\x01\x00\x10", 5, FAKE_TLS_BAD},
		{"\x16\x03\x03\x00\x10", 5, FAKE_TLS_BAD},
		{"\x14\x03\x03\x00\x02", 5, FAKE_TLS_BAD},
		{"\x14\x03\x03\x00\x01\x01\x14\x03\x03\x00\x01\x01\x14\x03\x03\x00\x01", 17,
			FAKE_TLS_BAD},
		{"GET / HTTP/1.1", 14, FAKE_TLS_BAD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake_tls_reader reader = {0};
		struct buf plain = {0};

		assert_int_equal(
			fake_tls_read(&reader, bytes_of(cases[i].wire, cases[i].size), &plain),
			cases[i].result);
		assert_int_equal(buf_size(&plain), 0);
		buf_release(&plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_with_a_known_digest),
		cmocka_unit_test(every_flipped_bit_makes_a_stranger),
		cmocka_unit_test(only_around_its_time),
		cmocka_unit_test(without_tls_1_3_it_is_a_stranger),
		cmocka_unit_test(the_answer_is_what_clients_check),
		cmocka_unit_test(a_repeated_hello_is_a_strangers),
		cmocka_unit_test(the_newest_hellos_are_remembered),
		cmocka_unit_test(records_in_any_pieces),
		cmocka_unit_test(other_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
