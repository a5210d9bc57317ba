/* SPDX-License-Identifier: Apache-2.0 */
/* The server's key: files, fingerprint, raw operations. One key is generated for all tests. */
#include "folder.h"

#include "crypto/rsa.h"

static struct rsa_key *key;

static int generate(void **state)
{
	struct err err;

	key = rsa_key_generate(&err);
	return key ? 0 : -1;
}

static int release(void **state)
{
	rsa_key_free(key);
	return no_arena_leaked(state);
}

static void test_fingerprint_has_sixteen_digits(void **state)
{
	assert_true(rsa_key_fingerprint(key) >> 60 != 0);
	assert_true(rsa_key_modulus(key)[0] & 0x80);
}

/* Telegram's published production key and the fingerprint that every client carries beside it. */
static void test_fingerprint_of_a_published_key(void **state)
{
	static const char pem[] =
		"-----BEGIN RSA PUBLIC KEY-----\n"
		"MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g\n"
		"5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO\n"
		"62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/\n"
		"+aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9\n"
		"t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs\n"
		"5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB\n"
		"-----END RSA PUBLIC KEY-----\n";
	struct err err;
	struct rsa_key *published = rsa_key_parse_public(bytes_from_str(pem), &err);

	assert_non_null(published);
	assert_true(rsa_key_fingerprint(published) == 0xd09d1d85de64fd85u);
	rsa_key_free(published);
}

static void test_key_survives_its_files(void **state)
{
	struct rsa_key *back;
	struct stat st;
	struct err err;

	assert_int_equal(rsa_key_write(key, folder_file(state, "server.key"), &err), 0);
	assert_int_equal(rsa_key_write(key, folder_file(state, "server.key"), &err), -1);
	assert_int_equal(stat(folder_file(state, "server.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	back = rsa_key_load(folder_file(state, "server.key"), &err);
	assert_non_null(back);
	assert_true(rsa_key_fingerprint(back) == rsa_key_fingerprint(key));
	rsa_key_free(back);

	assert_int_equal(rsa_key_write_public(key, folder_file(state, "pub.pem"), &err), 0);
	assert_int_equal(stat(folder_file(state, "pub.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(st.st_size, 426);
	back = rsa_key_load_public(folder_file(state, "pub.pem"), &err);
	assert_non_null(back);
	assert_memory_equal(rsa_key_modulus(back), rsa_key_modulus(key), RSA_SIZE);
	assert_int_equal(rsa_key_write(back, folder_file(state, "other"), &err), -1);
	rsa_key_free(back);
}

static void test_public_pem_is_pkcs1(void **state)
{
	struct arena arena;
	struct rsa_key *back;
	struct err err;
	char *pem;

	arena_init(&arena);
	pem = rsa_key_public_pem(key, &arena);
	assert_int_equal(strlen(pem), 426);
	assert_memory_equal(pem, "-----BEGIN RSA PUBLIC KEY-----\n", 31);
	back = rsa_key_parse_public(bytes_from_str(pem), &err);
	assert_non_null(back);
	rsa_key_free(back);
	/* Every truncation is refused, none crashes. */
	for (size_t size = 0; size < 425; size++) {
		back = rsa_key_parse_public(bytes_of(pem, size), &err);
		if (back)
			assert_true(size >= 424); /* the final dash and newline */
		rsa_key_free(back);
	}
	arena_release(&arena);
}

static void test_private_undoes_public(void **state)
{
	uint8_t in[RSA_SIZE], out[RSA_SIZE], back[RSA_SIZE];

	for (int i = 0; i < 5; i++) {
		random_fill(&random_system, in, sizeof(in));
		in[0] = 0;
		assert_int_equal(rsa_public_raw(key, in, out), 0);
		assert_memory_not_equal(in, out, RSA_SIZE);
		assert_int_equal(rsa_private_raw(key, out, back), 0);
		assert_memory_equal(in, back, RSA_SIZE);
	}
}

static void test_small_numbers_keep_their_zeros(void **state)
{
	uint8_t in[RSA_SIZE] = {0}, out[RSA_SIZE], one[RSA_SIZE] = {0};

	one[RSA_SIZE - 1] = 1;
	assert_int_equal(rsa_private_raw(key, one, out), 0);
	assert_memory_equal(out, one, RSA_SIZE);
	assert_int_equal(rsa_private_raw(key, in, out), 0);
	assert_memory_equal(out, in, RSA_SIZE);
}

static void test_the_modulus_and_beyond_are_refused(void **state)
{
	uint8_t in[RSA_SIZE], out[RSA_SIZE], zeros[RSA_SIZE] = {0};

	memcpy(in, rsa_key_modulus(key), RSA_SIZE);
	memset(out, 1, sizeof(out));
	assert_int_equal(rsa_private_raw(key, in, out), -1);
	assert_memory_equal(out, zeros, RSA_SIZE);
	assert_int_equal(rsa_public_raw(key, in, out), -1);
	memset(in, 0xff, sizeof(in));
	assert_int_equal(rsa_private_raw(key, in, out), -1);
	in[0] = 0;
	assert_int_equal(rsa_private_raw(key, in, out), 0);
}

static void test_other_keys_are_refused(void **state)
{
	static const char small[] = /* 512 bits */
		"-----BEGIN PUBLIC KEY-----\n"
		"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMI4UnGeVqdAveLPXhbut/pZk0KLUwCE\n"
		"b7AUHZcQ2G1Wi2mkuxB8SWLH7qjhvU8jWaGeoWfFQUgKEKmxdPbHVI0CAwEAAQ==\n"
		"-----END PUBLIC KEY-----\n";
	struct err err;

	assert_null(rsa_key_parse_public(bytes_from_str(small), &err));
	assert_non_null(strstr(err.text, "2048"));
	assert_null(rsa_key_parse_public(BYTES_LITERAL("no key"), &err));
	folder_write(state, "bad", 0600, BYTES_LITERAL("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"));
	assert_null(rsa_key_load(folder_file(state, "bad"), &err));
	assert_int_equal(rsa_key_write(key, folder_file(state, "open"), &err), 0);
	assert_int_equal(chmod(folder_file(state, "open"), 0644), 0);
	assert_null(rsa_key_load(folder_file(state, "open"), &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fingerprint_has_sixteen_digits),
		cmocka_unit_test(test_fingerprint_of_a_published_key),
		IN_FOLDER(test_key_survives_its_files),
		cmocka_unit_test(test_public_pem_is_pkcs1),
		cmocka_unit_test(test_private_undoes_public),
		cmocka_unit_test(test_small_numbers_keep_their_zeros),
		cmocka_unit_test(test_the_modulus_and_beyond_are_refused),
		IN_FOLDER(test_other_keys_are_refused),
	};

	return cmocka_run_group_tests(tests, generate, release);
}
