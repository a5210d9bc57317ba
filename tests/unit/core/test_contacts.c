/* SPDX-License-Identifier: Apache-2.0 */
/* core/contacts.h, core/users.h: who knows whom in both directions, who sees what of a profile, and
 * how much can be found out by trying numbers. */
#include "accounts_fixture.h"

#include "core/contacts.h"
#include "core/users.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"

static void import(struct fixture *f, uint64_t key_id, const char *phone, const char *first,
	const char *last, int64_t expected)
{
	struct contact_import item = {
		.client_id = 7, .phone = B(phone), .first_name = B(first), .last_name = B(last)};
	struct call *call = fixture_call(f, key_id);

	assert_int_equal(fixture_end(f, contacts_import(call, &item, 1)), 0);
	assert_int_equal(item.user, expected);
	assert_false(item.try_later);
}

static struct user view(struct fixture *f, uint64_t key_id, int64_t id)
{
	struct call *call = fixture_call(f, key_id);
	struct user user;

	assert_int_equal(user_view(call, id, &user), 0);
	assert_true(user_hash_is_right(call, id, user.access_hash));
	assert_false(user_hash_is_right(call, id, user.access_hash + 1));
	return user;
}

static bool told_reset(const struct fixture *f, int64_t account)
{
	const struct effect *effect = fixture_effect(f, EFFECT_ACCOUNT, account);

	return effect && effect->set.updates[0].kind == UPDATE_CONTACTS_RESET;
}

static void strangers_see_names_only(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari"), budi;
	struct user user;

	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	f->online_until_s = f->now_s + 100;
	user = view(f, 2, ayu);
	assert_true(bytes_equal(user.first_name, B("Ayu")));
	assert_true(bytes_equal(user.last_name, B("Sari")));
	assert_null(user.phone.data);
	assert_int_equal(user.online_until_s, 0);
	assert_false(user.is_contact || user.is_mutual || user.is_self);
	user = view(f, 2, budi);
	assert_true(user.is_self);
	assert_true(bytes_equal(user.phone, B(BUDI)));
	assert_int_equal(user.online_until_s, f->online_until_s);
	assert_int_not_equal(view(f, 1, ayu).access_hash, view(f, 2, ayu).access_hash);
	assert_int_equal(user_view(fixture_call(f, 1), budi + 1, &user), -1);
}

static void contacts_become_mutual(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct user user;

	import(f, 1, "+62 812-0000-0002", "Mas Budi", "", budi);
	assert_true(told_reset(f, ayu));
	assert_false(told_reset(f, budi)); /* Budi doesn't learn who saved his number */
	user = view(f, 1, budi);
	assert_true(bytes_equal(user.first_name, B("Mas Budi")));
	assert_true(user.is_contact);
	assert_false(user.is_mutual);
	assert_true(bytes_equal(user.phone, B(BUDI)));
	user = view(f, 2, ayu);
	assert_false(user.is_contact);
	assert_null(user.phone.data);

	import(f, 2, AYU, "Ayu Kerja", "", ayu);
	assert_true(told_reset(f, ayu));
	assert_true(view(f, 1, budi).is_mutual);
	user = view(f, 2, ayu);
	assert_true(user.is_mutual && user.is_contact);
	assert_true(bytes_equal(user.phone, B(AYU)));
}

static void a_saved_number_is_linked_when_it_signs_up(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari"), budi, *users;
	size_t count;

	import(f, 1, BUDI, "Mas Budi", "", 0);
	contacts_list(fixture_call(f, 1), &users, &count);
	assert_int_equal(count, 0);
	assert_int_equal(contacts_saved(&f->call), 1);
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	assert_true(told_reset(f, ayu));
	contacts_list(fixture_call(f, 1), &users, &count);
	assert_int_equal(count, 1);
	assert_int_equal(users[0], budi);
	assert_true(bytes_equal(view(f, 1, budi).first_name, B("Mas Budi")));
	import(f, 2, AYU, "A", "", ayu);
	assert_true(view(f, 1, budi).is_mutual);
}

static void deleting_goes_one_way(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct bytes phone = B(AYU);
	struct call *call;

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "A", "", ayu);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_delete(call, &budi, 1)), 0);
	assert_true(told_reset(f, budi));
	assert_false(view(f, 1, budi).is_contact);
	assert_null(view(f, 1, budi).phone.data);
	assert_true(view(f, 2, ayu).is_contact);
	assert_false(view(f, 2, ayu).is_mutual);
	call = fixture_call(f, 2);
	assert_int_equal(fixture_end(f, contacts_delete_phones(call, &phone, 1)), 0);
	assert_false(view(f, 2, ayu).is_contact);
}

static void adding_by_id_reveals_no_number(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct call *call = fixture_call(f, 1);

	assert_int_equal(fixture_end(f, contacts_add(call, budi, B("B"), B(""), B(""))), 0);
	assert_true(view(f, 1, budi).is_contact);
	assert_null(view(f, 1, budi).phone.data);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_add(call, budi, B("B"), B(""), B(AYU))), 0);
	assert_null(view(f, 1, budi).phone.data);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_add(call, budi, B("B"), B(""), B(BUDI))), 0);
	assert_true(bytes_equal(view(f, 1, budi).phone, B(BUDI)));
	call = fixture_call(f, 1);
	fixture_refused(
		f, contacts_add(call, ayu, B("me"), B(""), B("")), 400, "CONTACT_ID_INVALID");
	call = fixture_call(f, 1);
	fixture_refused(
		f, contacts_add(call, budi + 9, B("x"), B(""), B("")), 400, "CONTACT_ID_INVALID");
	call = fixture_call(f, 1);
	fixture_refused(
		f, contacts_add(call, budi, B(" "), B(""), B("")), 400, "CONTACT_NAME_EMPTY");
}

static void numbers_tried_in_a_day_are_bounded(void **state)
{
	struct fixture *f = *state;
	struct contact_import items[CONTACTS_IMPORT_MAX] = {0};
	int64_t user;
	struct call *call;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (size_t i = 0; i < CONTACTS_IMPORT_MAX; i++)
		items[i].phone = B("62812");
	for (int i = 0; i < CONTACTS_LOOKUPS_PER_DAY / CONTACTS_IMPORT_MAX; i++) {
		call = fixture_call(f, 1);
		assert_int_equal(
			fixture_end(f, contacts_import(call, items, CONTACTS_IMPORT_MAX)), 0);
		assert_false(items[0].try_later);
	}
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_import(call, items, 1)), 0);
	assert_true(items[0].try_later);
	call = fixture_call(f, 1);
	fixture_refused(f, contacts_resolve_phone(call, B(BUDI), &user), 420, "FLOOD_WAIT_86400");
	f->now_s += 86400;
	call = fixture_call(f, 1);
	fixture_refused(f, contacts_resolve_phone(call, B(BUDI), &user), 400, "PHONE_NOT_OCCUPIED");
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_resolve_phone(call, B(AYU), &user)), 0);
	assert_int_equal(user, f->call.user);
}

static void names_and_numbers_of_contacts_are_sealed(void **state)
{
	struct fixture *f = *state;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	import(f, 1, "6285551234567", "Rahasia-Clear", "Nama-Clear", 0);
	assert_false(fixture_files_contain(f, "Rahasia-Clear", 13));
	assert_false(fixture_files_contain(f, "Nama-Clear", 10));
	assert_false(fixture_files_contain(f, "6285551234567", 13));
}

static void a_changed_name_is_told(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	const struct effect *told;
	struct call *call;

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "", "", ayu);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, user_update_profile(call, B("Dewi"), (struct bytes){0},
						B("selalu ada"))),
		0);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_non_null(told);
	assert_int_equal(told->set.updates[0].kind, UPDATE_USER_NAME);
	assert_true(bytes_equal(told->set.users[0].first_name, B("Dewi")));
	assert_true(bytes_equal(view(f, 2, ayu).first_name, B("Dewi")));
	assert_true(bytes_equal(view(f, 2, ayu).last_name, B("Sari")));
	assert_true(bytes_equal(user_about(fixture_call(f, 2), ayu), B("selalu ada")));
	call = fixture_call(f, 1);
	fixture_refused(f, user_update_profile(call, B(" "), (struct bytes){0}, (struct bytes){0}),
		400, "FIRSTNAME_INVALID");
}

static void who_is_online_is_told_to_mutual_contacts(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	const struct effect *told;

	import(f, 1, BUDI, "B", "", budi);
	user_update_status(fixture_call(f, 2), false);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(told->set.updates[0].kind, UPDATE_STATUS);
	assert_int_equal(told->set.updates[0].online_until_s, f->now_s + ONLINE_HOLDS_S);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
	import(f, 2, AYU, "A", "", ayu);
	user_update_status(fixture_call(f, 2), true);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_int_equal(told->set.updates[0].peer.id, budi);
	assert_int_equal(told->set.updates[0].online_until_s, f->now_s);
}

static void the_service_account_is_built_in(void **state)
{
	struct fixture *f = *state;
	struct user user;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	assert_true(user_exists(fixture_call(f, 1), SERVICE_USER));
	user = view(f, 1, SERVICE_USER);
	assert_true(user.is_service);
	assert_true(bytes_equal(user.first_name, B("Lontar")));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(strangers_see_names_only),
		CASE(contacts_become_mutual),
		CASE(a_saved_number_is_linked_when_it_signs_up),
		CASE(deleting_goes_one_way),
		CASE(adding_by_id_reveals_no_number),
		CASE(numbers_tried_in_a_day_are_bounded),
		CASE(names_and_numbers_of_contacts_are_sealed),
		CASE(a_changed_name_is_told),
		CASE(who_is_online_is_told_to_mutual_contacts),
		CASE(the_service_account_is_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
