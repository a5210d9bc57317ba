/* SPDX-License-Identifier: Apache-2.0 */
/* store/home_keys.h, home_users.h, home_budgets.h, fields.h: what is written comes back, only where
 * it belongs, and damage is noticed. */
#include "fixture.h"

#include <stdlib.h>

#include "base/random.h"
#include "store/fields.h"
#include "store/home_budgets.h"
#include "store/home_keys.h"
#include "store/home_users.h"

static void a_key_comes_back(void **state)
{
	struct fixture *f = *state;
	struct home_key key = {.id = 0xf123456789abcdef,
				.aux_hash = 0xfedcba9876543210,
				.layer = 152,
				.dc = 4,
				.created_at_s = 100,
				.active_at_s = 200},
			found;

	random_fill(&random_system, key.secret, sizeof(key.secret));
	assert_false(home_keys_find(f->db, f->vault, key.id, &found)); /* no installation yet */
	assert_true(home_keys_insert(f->db, f->vault, &key));
	assert_true(home_keys_find(f->db, f->vault, key.id, &found));
	assert_memory_equal(&found, &key, sizeof(key));
	assert_false(home_keys_insert(f->db, f->vault, &key)); /* taken */
	home_keys_set_layer(f->db, key.id, 227);
	home_keys_set_user(f->db, key.id, 1000001, 300);
	home_keys_set_active(f->db, key.id, 400);
	assert_true(home_keys_find(f->db, f->vault, key.id, &found));
	assert_int_equal(found.layer, 227);
	assert_int_equal(found.user_id, 1000001);
	assert_int_equal(found.active_at_s, 400);
	assert_int_equal(home_keys_count(f->db, 1000001), 1);
	home_keys_set_user(f->db, key.id, 0, 300);
	assert_int_equal(home_keys_count(f->db, 1000001), 0);
	assert_true(home_keys_delete(f->db, key.id));
	assert_false(home_keys_delete(f->db, key.id));
	assert_false(home_keys_find(f->db, f->vault, key.id, &found));
	assert_false(db_failed(f->db));
}

static void a_key_in_the_wrong_row_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct home_key key = {.id = 1}, found;

	assert_true(home_keys_insert(f->db, f->vault, &key));
	key.id = 2;
	assert_true(home_keys_insert(f->db, f->vault, &key));
	db_run(f->db, "UPDATE auth_keys SET sealed_key = (SELECT sealed_key FROM auth_keys WHERE"
		      " id = 1) WHERE id = 2");
	assert_true(home_keys_find(f->db, f->vault, 1, &found));
	assert_false(home_keys_find(f->db, f->vault, 2, &found));
	assert_true(db_failed(f->db)); /* a fault of ours, not an unknown key */
}

static void devices_are_listed_with_their_logins(void **state)
{
	struct fixture *f = *state;
	struct home_key key = {.id = 1};
	struct home_device device = {.api_id = -5,
		.model = BYTES_LITERAL("Phone"),
		.system_version = BYTES_LITERAL("1"),
		.app_version = BYTES_LITERAL("2.0"),
		.language = BYTES_LITERAL("id")};
	struct home_login *logins;

	assert_int_equal(home_keys_of_user(f->db, f->vault, &f->arena, 7, &logins), 0);
	assert_true(home_keys_insert(f->db, f->vault, &key));
	key.id = 2;
	assert_true(home_keys_insert(f->db, f->vault, &key));
	home_keys_set_user(f->db, 1, 7, 20);
	home_keys_set_user(f->db, 2, 7, 10);
	home_keys_set_device(f->db, f->vault, &f->arena, 1, &device);
	assert_int_equal(home_keys_of_user(f->db, f->vault, &f->arena, 7, &logins), 2);
	assert_int_equal(logins[0].key_id, 2);
	assert_null(logins[0].device.model.data);
	assert_int_equal(logins[1].login_at_s, 20);
	assert_int_equal(logins[1].device.api_id, -5);
	assert_true(bytes_equal_str(logins[1].device.model, "Phone"));
	assert_true(bytes_equal_str(logins[1].device.language, "id"));
}

static void deleting_the_salt_shreds_a_profile(void **state)
{
	struct fixture *f = *state;
	uint8_t phone_hash[VAULT_LOOKUP_SIZE] = {1};
	struct home_user user = {.id = 1000001,
		.first_name = BYTES_LITERAL("A"),
		.last_name = BYTES_LITERAL(""),
		.about = BYTES_LITERAL(""),
		.phone = BYTES_LITERAL("6281234567890"),
		.created_at_s = 5};
	struct home_user found;

	home_user_insert(f->db, f->vault, &f->arena, &user, phone_hash);
	assert_true(home_user_get(f->db, f->vault, &f->arena, user.id, &found));
	assert_true(bytes_equal(found.first_name, user.first_name));
	assert_true(bytes_equal(found.phone, user.phone));
	assert_int_equal(home_user_by_phone(f->db, phone_hash), user.id);
	assert_false(home_user_get(f->db, f->vault, &f->arena, HOME_INSTALLATION, &found));
	assert_false(home_user_get(f->db, f->vault, &f->arena, -1, &found));
	user.first_name = BYTES_LITERAL("B");
	home_user_set_profile(f->db, f->vault, &f->arena, &user);
	assert_true(home_user_get(f->db, f->vault, &f->arena, user.id, &found));
	assert_true(bytes_equal_str(found.first_name, "B"));
	db_run(f->db, "UPDATE users SET salt = NULL, deleted_at = 9 WHERE id = ?1",
		DB_INT(user.id));
	assert_true(home_user_get(f->db, f->vault, &f->arena, user.id, &found));
	assert_null(found.first_name.data);
	assert_false(home_user_exists(f->db, user.id));
}

static void a_budget_holds_for_its_period(void **state)
{
	struct fixture *f = *state;
	int64_t wait_s = 0;

	assert_true(home_budget_take(f->db, 1, "x", 3, 5, 60, 1000, &wait_s));
	assert_false(home_budget_take(f->db, 1, "x", 3, 5, 60, 1010, &wait_s));
	assert_int_equal(wait_s, 50);
	assert_true(home_budget_take(f->db, 1, "x", 2, 5, 60, 1010, &wait_s));
	assert_true(home_budget_take(f->db, 1, "y", 5, 5, 60, 1010, &wait_s));
	assert_true(home_budget_take(f->db, 2, "x", 5, 5, 60, 1010, &wait_s));
	assert_false(home_budget_take(f->db, 1, "x", 1, 5, 60, 1059, NULL));
	assert_true(home_budget_take(f->db, 1, "x", 5, 5, 60, 1060, NULL));
	assert_true(home_budget_take(f->db, 1, "x", 5, 5, 60, 10, NULL)); /* clock set back */
}

static void fields_bear_truncation_and_flipped_bits(void **state)
{
	struct fixture *f = *state;
	const struct bytes in[3] = {BYTES_LITERAL("abc"), {NULL, 0}, BYTES_LITERAL("")};
	struct bytes packed = fields_pack(&f->arena, in, 3), out[4];

	assert_int_equal(fields_unpack(packed, out, 4), 0);
	assert_true(bytes_equal(out[0], in[0]));
	assert_null(out[1].data);
	assert_non_null(out[2].data);
	assert_int_equal(out[2].size, 0);
	assert_null(out[3].data); /* a field that an older row doesn't have */
	for (size_t size = 0; size < packed.size; size++) {
		uint8_t *cut = malloc(size ? size : 1);

		memcpy(cut, packed.data, size);
		assert_int_equal(fields_unpack(bytes_of(cut, size), out, 3), -1);
		free(cut);
	}
	for (size_t bit = 0; bit < packed.size * 8; bit++) {
		uint8_t *flipped = malloc(packed.size);

		memcpy(flipped, packed.data, packed.size);
		flipped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (fields_unpack(bytes_of(flipped, packed.size), out, 3) == 0) {
			for (size_t i = 0; i < 3; i++)
				assert_true(!out[i].size || (out[i].data >= flipped &&
								    out[i].data + out[i].size <=
									    flipped + packed.size));
		}
		free(flipped);
	}
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_key_comes_back),
		CASE(a_key_in_the_wrong_row_does_not_open),
		CASE(devices_are_listed_with_their_logins),
		CASE(deleting_the_salt_shreds_a_profile),
		CASE(a_budget_holds_for_its_period),
		CASE(fields_bear_truncation_and_flipped_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
