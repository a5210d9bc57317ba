/* SPDX-License-Identifier: Apache-2.0 */
/* Files that go from hand to hand, and what is locked in them. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/parcel.h"
#include "custody/armor.h"

#define KIND "lontar-share-1"

static struct bytes text_of(const char *text)
{
	return bytes_from_str(text);
}

static void test_survives_a_mail(void **state)
{
	uint8_t out[6];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(
		armor_parse(&arena,
			text_of("# hello\r\n\r\n  lontar-share-1 \r\n# more\r\nYWJj\r\n ZGVm"),
			KIND, out, 6, NULL),
		0);
	assert_memory_equal(out, "abcdef", 6);
	arena_release(&arena);
}

static void test_takes_nothing_else(void **state)
{
	static const char *const bad[] = {"", "lontar-share-1", "lontar-share-1\n",
		"lontar-share-1\nYWJjZGV",
		"lontar-share-1\nYWJjZGVmZw==", "lontar-share-1\nYWJj ZGVm",
		"lontar-share-1\nYWJj!GVm", "lontar-share-2\nYWJjZGVm", "YWJjZGVm",
		"# lontar-share-1\nYWJjZGVm"};
	uint8_t out[6];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(armor_parse(&arena, text_of(bad[i]), KIND, out, 6, NULL), -1);
	arena_release(&arena);
}

static void test_files(void **state)
{
	char folder[] = "/tmp/lontar-armor-XXXXXX", path[64];
	uint8_t content[200], out[200];
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/share", folder);
	random_fill(&random_system, content, sizeof(content));
	assert_int_equal(
		armor_write(path, true, "# note\n", KIND, bytes_of(content, 200), NULL), 0);
	assert_int_equal(armor_write(path, true, "", KIND, bytes_of(content, 200), NULL), -1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(armor_read(path, true, KIND, out, 200, NULL), 0);
	assert_memory_equal(out, content, 200);
	assert_int_equal(armor_read(path, true, KIND, out, 199, NULL), -1);
	chmod(path, 0644);
	assert_int_equal(armor_read(path, true, KIND, out, 200, NULL), -1);
	assert_int_equal(armor_read(path, false, KIND, out, 200, NULL), 0);
	unlink(path);
	rmdir(folder);
}

static void test_parcels_open_for_their_holder(void **state)
{
	struct parcel_keys one, other, again;
	uint8_t sealed[5 + PARCEL_OVERHEAD], out[5];
	const struct bytes text = BYTES_LITERAL("hello");

	(void)state;
	parcel_keys_new(&one);
	parcel_keys_new(&other);
	parcel_keys_of(one.secret_key, &again);
	assert_memory_equal(&again, &one, sizeof(one));
	assert_int_equal(parcel_seal(one.public_key, text, sealed), 0);
	assert_int_equal(parcel_open(&one, bytes_of(sealed, sizeof(sealed)), out), 0);
	assert_memory_equal(out, "hello", 5);
	assert_int_equal(parcel_open(&other, bytes_of(sealed, sizeof(sealed)), out), -1);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		assert_int_equal(parcel_open(&one, bytes_of(sealed, sizeof(sealed)), out), -1);
		sealed[i] ^= 1;
	}
	assert_int_equal(parcel_open(&one, bytes_of(sealed, PARCEL_OVERHEAD - 1), out), -1);
}

static void test_a_passphrase_unlocks(void **state)
{
	uint8_t locked[PARCEL_LOCKED_SIZE], secret[PARCEL_KEY_SIZE] = {1, 2, 3};
	uint8_t got[PARCEL_KEY_SIZE];

	(void)state;
	assert_int_equal(parcel_lock(BYTES_LITERAL("correct horse"), secret, locked, NULL), 0);
	assert_int_equal(parcel_unlock(BYTES_LITERAL("correct horse"), locked, got, NULL), 0);
	assert_memory_equal(got, secret, sizeof(got));
	assert_int_equal(parcel_unlock(BYTES_LITERAL("correct house"), locked, got, NULL), -1);
	store_u32le(locked + 20, UINT32_MAX); /* a file that would take all memory */
	assert_int_equal(parcel_unlock(BYTES_LITERAL("correct horse"), locked, got, NULL), -1);
}

static void test_fingerprints_are_for_people(void **state)
{
	char one[PARCEL_FINGERPRINT_SIZE], other[PARCEL_FINGERPRINT_SIZE];

	(void)state;
	parcel_fingerprint(BYTES_LITERAL("one"), one);
	parcel_fingerprint(BYTES_LITERAL("two"), other);
	assert_int_equal(strlen(one), PARCEL_FINGERPRINT_SIZE - 1);
	assert_int_equal(strspn(one, "0123456789abcdef-"), strlen(one));
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_survives_a_mail),
		cmocka_unit_test(test_takes_nothing_else),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_parcels_open_for_their_holder),
		cmocka_unit_test(test_a_passphrase_unlocks),
		cmocka_unit_test(test_fingerprints_are_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
