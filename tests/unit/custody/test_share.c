/* SPDX-License-Identifier: Apache-2.0 */
/* A share of another split, a damaged one and a forged one are told apart, each by itself. */
#include "../unit.h"

#include "custody/share.h"

struct split {
	uint8_t root[SHARE_ROOT_SIZE];
	struct share_set set;
	struct share shares[5];
};

static void make(struct split *split, uint32_t epoch)
{
	const uint8_t keeper[SIGN_PUBLIC_SIZE] = {7};

	random_fill(&random_system, split->root, sizeof(split->root));
	assert_int_equal(
		shares_make(split->root, epoch, keeper, 3, 5, &split->set, split->shares), 0);
}

static void test_good_shares_give_the_root(void **state)
{
	uint8_t root[SHARE_ROOT_SIZE];
	struct split s;

	(void)state;
	make(&s, 3);
	assert_true(share_set_is_sound(&s.set));
	assert_int_equal(share_set_epoch(&s.set), 3);
	for (int i = 0; i < 5; i++)
		assert_int_equal(share_check(&s.set, &s.shares[i]), SHARE_GOOD);
	assert_int_equal(shares_join(&s.set, s.shares + 2, root), 0);
	assert_memory_equal(root, s.root, sizeof(root));
}

static void test_every_flipped_bit_is_named(void **state)
{
	struct split s;

	(void)state;
	make(&s, 0);
	for (size_t bit = 0; bit < 8 * sizeof(struct share); bit++) {
		struct share bad = s.shares[1];
		enum share_verdict expected =
			bit / 8 < SHARE_SET_ID_SIZE ? SHARE_OF_ANOTHER_SET : SHARE_DAMAGED;

		((uint8_t *)&bad)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(share_check(&s.set, &bad), expected);
	}
}

static void test_other_splits_are_told_apart(void **state)
{
	struct split s, again;
	const uint8_t keeper[SIGN_PUBLIC_SIZE] = {7};

	(void)state;
	make(&s, 0);
	again = s;
	assert_int_equal(shares_make(s.root, 0, keeper, 3, 5, &again.set, again.shares), 0);
	assert_int_equal(share_check(&s.set, &again.shares[0]), SHARE_OF_ANOTHER_SET);
	assert_int_equal(share_check(&again.set, &s.shares[0]), SHARE_OF_ANOTHER_SET);
}

/* Also where somebody changed the set: it is no longer the one that shares were made for. */
static void test_a_changed_set_takes_no_share(void **state)
{
	struct split s;

	(void)state;
	make(&s, 0);
	for (size_t at = 0; at < sizeof(s.set); at++) {
		struct share_set changed = s.set;

		((uint8_t *)&changed)[at] ^= 1;
		assert_int_equal(share_check(&changed, &s.shares[0]), SHARE_OF_ANOTHER_SET);
	}
}

/* Commitments apart: what is joined must be the root that was shared. */
static void test_wrong_shares_join_to_nothing(void **state)
{
	uint8_t root[SHARE_ROOT_SIZE], nothing[SHARE_ROOT_SIZE] = {0};
	struct split s;

	(void)state;
	make(&s, 0);
	s.shares[0].y[5] ^= 1;
	assert_int_equal(shares_join(&s.set, s.shares, root), -1);
	assert_memory_equal(root, nothing, sizeof(root));
	s.shares[0] = s.shares[1];
	assert_int_equal(shares_join(&s.set, s.shares, root), -1);
}

static void test_bounds(void **state)
{
	const uint8_t keeper[SIGN_PUBLIC_SIZE] = {7}, root[SHARE_ROOT_SIZE] = {1};
	struct share shares[SHAMIR_SHARES_MAX];
	struct share_set set, bad;

	(void)state;
	assert_int_equal(shares_make(root, 0, keeper, 1, 5, &set, shares), -1);
	assert_int_equal(shares_make(root, 0, keeper, 6, 5, &set, shares), -1);
	assert_int_equal(shares_make(root, 0, keeper, 2, SHAMIR_SHARES_MAX + 1, &set, shares), -1);
	assert_int_equal(
		shares_make(root, 0, keeper, SHAMIR_SHARES_MAX, SHAMIR_SHARES_MAX, &set, shares),
		0);
	bad = set;
	bad.count = SHAMIR_SHARES_MAX + 1;
	assert_false(share_set_is_sound(&bad));
	bad = set;
	bad.threshold = 1;
	assert_false(share_set_is_sound(&bad));
	bad = set;
	bad.magic[0] ^= 1;
	assert_false(share_set_is_sound(&bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_shares_give_the_root),
		cmocka_unit_test(test_every_flipped_bit_is_named),
		cmocka_unit_test(test_other_splits_are_told_apart),
		cmocka_unit_test(test_a_changed_set_takes_no_share),
		cmocka_unit_test(test_wrong_shares_join_to_nothing),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
