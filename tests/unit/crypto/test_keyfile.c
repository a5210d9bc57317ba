/* SPDX-License-Identifier: Apache-2.0 */
/* Files of secrets: made once, closed to others, exact. */
#include "folder.h"

#include <errno.h>

#include "crypto/keyfile.h"

static void test_hex_survives_the_file(void **state)
{
	uint8_t secret[32], back[32];
	struct stat st;
	struct err err;

	random_fill(&random_system, secret, sizeof(secret));
	assert_int_equal(keyfile_create_hex(folder_file(state, "key"), secret, 32, &err), 0);
	assert_int_equal(stat(folder_file(state, "key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 65);
	assert_int_equal(keyfile_read_hex(folder_file(state, "key"), back, 32, &err), 0);
	assert_memory_equal(secret, back, 32);
}

static void test_a_file_is_never_overwritten(void **state)
{
	uint8_t secret[32] = {1}, other[32] = {2}, back[32];
	struct err err;

	assert_int_equal(keyfile_create_hex(folder_file(state, "key"), secret, 32, &err), 0);
	assert_int_equal(keyfile_create_hex(folder_file(state, "key"), other, 32, &err), -1);
	assert_int_equal(err.code, EEXIST);
	assert_int_equal(keyfile_read_hex(folder_file(state, "key"), back, 32, &err), 0);
	assert_memory_equal(secret, back, 32);
}

static void test_open_to_others_is_refused(void **state)
{
	uint8_t content[KEYFILE_MAX];
	struct err err;
	size_t size;

	folder_write(state, "key", 0640, BYTES_LITERAL("x"));
	assert_int_equal(keyfile_read(folder_file(state, "key"), true, content, &size, &err), -1);
	assert_int_equal(err.code, EPERM);
	assert_int_equal(keyfile_read(folder_file(state, "key"), false, content, &size, &err), 0);
	assert_int_equal(size, 1);
}

static void test_what_is_no_secret_is_refused(void **state)
{
	static uint8_t content[KEYFILE_MAX];
	struct err err;
	size_t size;

	assert_int_equal(keyfile_read_hex(folder_file(state, "none"), content, 32, &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(keyfile_read(*state, false, content, &size, &err), -1);
	folder_write(state, "short", 0600, BYTES_LITERAL("00ff\n"));
	assert_int_equal(keyfile_read_hex(folder_file(state, "short"), content, 32, &err), -1);
	assert_int_equal(keyfile_read_hex(folder_file(state, "short"), content, 2, &err), 0);
	folder_write(state, "text", 0600, BYTES_LITERAL("zz00"));
	assert_int_equal(keyfile_read_hex(folder_file(state, "text"), content, 2, &err), -1);
	memset(content, '0', sizeof(content));
	folder_write(state, "long", 0600, bytes_of(content, sizeof(content)));
	assert_int_equal(keyfile_read(folder_file(state, "long"), true, content, &size, &err), -1);
	assert_int_equal(err.code, EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_hex_survives_the_file),
		IN_FOLDER(test_a_file_is_never_overwritten),
		IN_FOLDER(test_open_to_others_is_refused),
		IN_FOLDER(test_what_is_no_secret_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
