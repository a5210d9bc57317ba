/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed values open in their place, with their key and whole, and nowhere else. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crypto/keybox.h"

struct boxes {
	char paths[2][64];
	struct keybox *one, *other;
	struct arena arena;
};

static int setup(void **state)
{
	struct boxes *b = calloc(1, sizeof(*b));

	for (int i = 0; i < 2; i++) {
		snprintf(b->paths[i], sizeof(b->paths[i]), "/tmp/lontar-keybox-%d-%d", getpid(), i);
		assert_int_equal(keybox_create(b->paths[i], NULL), 0);
		assert_int_equal(keybox_create(b->paths[i], NULL), -1);
	}
	b->one = keybox_load(b->paths[0], NULL);
	b->other = keybox_load(b->paths[1], NULL);
	assert_true(b->one && b->other);
	arena_init(&b->arena);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct boxes *b = *state;

	keybox_free(b->one);
	keybox_free(b->other);
	unlink(b->paths[0]);
	unlink(b->paths[1]);
	arena_release(&b->arena);
	free(b);
	return 0;
}

static void test_opens_in_its_place_only(void **state)
{
	struct boxes *b = *state;
	const struct bytes secret = BYTES_LITERAL("12345678901234567890");
	struct bytes sealed = keybox_seal(b->one, "totp", 3, secret, &b->arena), text;

	assert_int_equal(sealed.size, secret.size + KEYBOX_OVERHEAD);
	assert_int_equal(keybox_open(b->one, "totp", 3, sealed, &b->arena, &text), 0);
	assert_true(bytes_equal(text, secret));
	assert_int_equal(keybox_open(b->one, "totp", 4, sealed, &b->arena, &text), -1);
	assert_int_equal(keybox_open(b->one, "other", 3, sealed, &b->arena, &text), -1);
	assert_int_equal(keybox_open(b->other, "totp", 3, sealed, &b->arena, &text), -1);
	assert_false(bytes_equal(sealed, keybox_seal(b->one, "totp", 3, secret, &b->arena)));
}

static void test_no_bit_is_changed_no_byte_is_missing(void **state)
{
	struct boxes *b = *state;
	struct bytes sealed = keybox_seal(b->one, "totp", 3, BYTES_LITERAL("text"), &b->arena),
		     text;

	for (size_t i = 0; i < sealed.size; i++) {
		uint8_t *byte = (uint8_t *)sealed.data + i;

		assert_int_equal(
			keybox_open(b->one, "totp", 3, bytes_of(sealed.data, i), &b->arena, &text),
			-1);
		*byte ^= 1;
		assert_int_equal(keybox_open(b->one, "totp", 3, sealed, &b->arena, &text), -1);
		*byte ^= 1;
	}
}

static void test_hashes_are_keyed_and_of_a_purpose(void **state)
{
	struct boxes *b = *state;
	uint8_t hash[KEYBOX_HASH_SIZE], again[KEYBOX_HASH_SIZE];

	keybox_hash(b->one, "name", BYTES_LITERAL("x"), hash);
	keybox_hash(b->one, "name", BYTES_LITERAL("x"), again);
	assert_memory_equal(hash, again, sizeof(hash));
	keybox_hash(b->other, "name", BYTES_LITERAL("x"), again);
	assert_memory_not_equal(hash, again, sizeof(hash));
	keybox_hash(b->one, "nam", BYTES_LITERAL("ex"), again);
	assert_memory_not_equal(hash, again, sizeof(hash));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens_in_its_place_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_no_bit_is_changed_no_byte_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_hashes_are_keyed_and_of_a_purpose, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
