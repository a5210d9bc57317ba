/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that were asked for are found again; another salt or epoch has another key. */
#include "../unit.h"

#include <string.h>

#include "keeper/owner_keys.h"

#define OWNERS 40000 /* more than there is room for */

static void key_of(int64_t owner, uint8_t salt[ROOT_SALT_SIZE], uint8_t key[ROOT_OWNER_KEY_SIZE])
{
	memset(salt, 1, ROOT_SALT_SIZE);
	memset(key, 2, ROOT_OWNER_KEY_SIZE);
	store_u64le(salt, (uint64_t)owner);
	store_u64le(key, (uint64_t)owner);
}

static void test_found_or_not_never_another(void **state)
{
	struct owner_keys *keys = owner_keys_new(NULL);
	uint8_t salt[ROOT_SALT_SIZE], key[ROOT_OWNER_KEY_SIZE], got[ROOT_OWNER_KEY_SIZE];
	int found = 0;

	(void)state;
	assert_non_null(keys);
	for (int64_t owner = 1; owner <= OWNERS; owner++) {
		key_of(owner, salt, key);
		owner_keys_put(keys, 0, owner, salt, key);
		assert_true(owner_keys_find(keys, 0, owner, salt, got));
	}
	for (int64_t owner = 1; owner <= OWNERS; owner++) {
		key_of(owner, salt, key);
		if (owner_keys_find(keys, 0, owner, salt, got)) {
			assert_memory_equal(got, key, sizeof(key));
			found++;
		}
		assert_false(owner_keys_find(keys, 1, owner, salt, got));
		salt[9] ^= 1;
		assert_false(owner_keys_find(keys, 0, owner, salt, got));
	}
	assert_in_range(found, 7000, 8192); /* nearly all of the room is used */
	owner_keys_free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_found_or_not_never_another)};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
