/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: what is signed opens; every cut and every flipped bit does not. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "desk/ledger/checkpoint.h"

struct fixture {
	struct arena arena;
	struct checkpoint_signer signer;
	struct checkpoint_verifier verifier;
	char *note;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct checkpoint checkpoint = {.size = 1234, .root = {1, 2, 3}};
	uint8_t seed[SIGN_SEED_SIZE] = {7};

	arena_init(&f->arena);
	snprintf(f->signer.origin, sizeof(f->signer.origin), "example.org/square");
	f->signer.key = sign_key_new(seed, NULL);
	f->note = checkpoint_sign(&f->arena, &f->signer, &checkpoint);
	*state = f;
	return checkpoint_verifier_parse(
		bytes_from_str(checkpoint_verifier_text(&f->arena, &f->signer)), &f->verifier,
		NULL);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	sign_key_free(f->signer.key);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static void what_is_signed_opens(void **state)
{
	struct fixture *f = *state;
	struct checkpoint out;

	assert_int_equal(checkpoint_open(bytes_from_str(f->note), &f->verifier, &out, NULL), 0);
	assert_int_equal(out.size, 1234);
	assert_int_equal(out.root[2], 3);
	assert_memory_equal(f->note, "example.org/square\n1234\n", 24);
}

static void other_signatures_may_stand_beside(void **state)
{
	static const char witness[] = "\xe2\x80\x94 witness.example AAAAAAAA\n";
	struct fixture *f = *state;
	char *start = strstr(f->note, "\n\n") + 2;
	struct checkpoint out;
	char *both = arena_printf(
		&f->arena, "%.*s%s%s", (int)(start - f->note), f->note, witness, start);

	assert_int_equal(checkpoint_open(bytes_from_str(both), &f->verifier, &out, NULL), 0);
	*start = 0;
	assert_int_equal(checkpoint_open(bytes_from_str(f->note), &f->verifier, &out, NULL), -1);
}

static void cut_or_flipped_does_not_open(void **state)
{
	struct fixture *f = *state;
	size_t size = strlen(f->note);
	struct checkpoint out;

	for (size_t i = 0; i < size; i++) {
		assert_int_equal(
			checkpoint_open(bytes_of(f->note, i), &f->verifier, &out, NULL), -1);
		for (int bit = 0; bit < 8; bit++) {
			f->note[i] ^= (char)(1 << bit);
			assert_int_equal(
				checkpoint_open(bytes_of(f->note, size), &f->verifier, &out, NULL),
				-1);
			f->note[i] ^= (char)(1 << bit);
		}
	}
}

static void verifier_keys_are_checked(void **state)
{
	struct fixture *f = *state;
	char *text = checkpoint_verifier_text(&f->arena, &f->signer);
	size_t size = strlen(text);
	struct checkpoint_verifier out;

	for (size_t i = 0; i < size; i++) {
		assert_int_equal(checkpoint_verifier_parse(bytes_of(text, i), &out, NULL), -1);
		text[i] ^= 1;
		assert_int_equal(checkpoint_verifier_parse(bytes_of(text, size), &out, NULL), -1);
		text[i] ^= 1;
	}
	assert_int_equal(checkpoint_verifier_parse(bytes_of(text, size), &out, NULL), 0);
	assert_false(checkpoint_origin_ok(""));
	assert_false(checkpoint_origin_ok("a b"));
	assert_false(checkpoint_origin_ok("a+b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_signed_opens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			other_signatures_may_stand_beside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_or_flipped_does_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(verifier_keys_are_checked, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("desk/checkpoint", tests, NULL, no_arena_leaked);
}
