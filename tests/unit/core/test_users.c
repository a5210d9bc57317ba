/* SPDX-License-Identifier: Apache-2.0 */
/* core/users*.c, user_names.c: profiles, public names, and who is told when somebody was here. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"
#include "store/home_contacts.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"
#define DAY_S 86400

static void save(
	struct fixture *f, uint64_t key_id, int64_t other, const char *phone, bool knows_phone)
{
	struct call *call = fixture_call(f, key_id);
	struct home_contact contact = {.owner = call->user,
		.contact = other,
		.first_name = B(""),
		.last_name = B(""),
		.phone = knows_phone ? B(phone) : (struct bytes){0},
		.created_at_s = 1};

	vault_lookup(f->vault, "test", B(phone), contact.key_hash);
	home_contact_put(call_home(call), f->vault, call->arena, &contact);
	assert_int_equal(fixture_end(f, 0), 0);
}

static void set(
	struct fixture *f, uint64_t key_id, enum privacy_key key, enum privacy_rule_kind kind)
{
	struct privacy_rule rule = {.kind = kind};
	const struct privacy_rules rules = {&rule, 1};

	assert_int_equal(fixture_end(f, privacy_set(fixture_call(f, key_id), key, &rules)), 0);
}

static struct user view(struct fixture *f, uint64_t key_id, int64_t id)
{
	struct user user;

	assert_int_equal(user_view(fixture_call(f, key_id), id, &user), 0);
	return user;
}

/* ---- The number ---- */

static void the_number_is_for_whom_its_owner_lets_have_it(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	assert_null(view(f, 2, ayu).phone.data);
	save(f, 1, budi, BUDI, false);
	assert_true(bytes_equal(view(f, 2, ayu).phone, B(AYU)));
	set(f, 1, PRIVACY_PHONE, RULE_DISALLOW_ALL);
	assert_null(view(f, 2, ayu).phone.data);
	set(f, 1, PRIVACY_PHONE, RULE_ALLOW_ALL);
	assert_true(bytes_equal(view(f, 2, ayu).phone, B(AYU)));
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, true)), 0);
	assert_null(view(f, 2, ayu).phone.data);
	/* Who had it before has it still. */
	save(f, 2, ayu, AYU, true);
	assert_true(bytes_equal(view(f, 2, ayu).phone, B(AYU)));
}

/* ---- Bio and birthday ---- */

static void bio_and_birthday_are_shown_to_whom_they_may_be(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	const struct birthday born = {29, 2, 2000};
	struct user_card card;

	assert_int_equal(fixture_end(f, user_update_profile(fixture_call(f, 1), (struct bytes){0},
						(struct bytes){0}, B(" selalu\nada "))),
		0);
	assert_int_equal(fixture_end(f, user_update_birthday(fixture_call(f, 1), born)), 0);
	user_card(fixture_call(f, 2), ayu, &card);
	assert_true(bytes_equal(card.about, B("selalu\nada")));
	assert_int_equal(card.birthday.day, 0);
	save(f, 1, budi, BUDI, false);
	user_card(fixture_call(f, 2), ayu, &card);
	assert_int_equal(card.birthday.year, 2000);
	set(f, 1, PRIVACY_ABOUT, RULE_DISALLOW_ALL);
	set(f, 1, PRIVACY_BIRTHDAY, RULE_DISALLOW_ALL);
	user_card(fixture_call(f, 2), ayu, &card);
	assert_null(card.about.data);
	assert_int_equal(card.birthday.day, 0);
	user_card(fixture_call(f, 1), ayu, &card);
	assert_int_equal(card.birthday.day, 29);
	assert_int_equal(
		fixture_end(f, user_update_birthday(fixture_call(f, 1), (struct birthday){0})), 0);
	user_card(fixture_call(f, 1), ayu, &card);
	assert_int_equal(card.birthday.day, 0);
}

static void other_devices_are_told_of_a_new_bio_and_birthday(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	struct update_set missed = {0};
	const struct effect *told;

	assert_int_equal(fixture_end(f, user_update_profile(fixture_call(f, 1), (struct bytes){0},
						(struct bytes){0}, B("always there"))),
		0);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_non_null(told);
	assert_int_equal(told->set.updates->kind, UPDATE_USER);
	assert_int_equal(fixture_end(f, user_update_birthday(fixture_call(f, 1),
						(struct birthday){29, 2, 2000})),
		0);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_non_null(told);
	assert_int_equal(told->set.updates->peer.id, ayu);
	changes_missed(fixture_call(f, 1), f->now_s, &missed);
	assert_int_equal(missed.update_count, 1);
	assert_int_equal(missed.updates->kind, UPDATE_USER);
	fixture_end(f, 0);
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const struct birthday wrong[] = {{29, 2, 2001}, {31, 4, 0}, {1, 13, 0}, {32, 1, 0},
		{1, 1, 2100}, {1, 1, 1800}, {29, 2, 1900}};
	struct fixture *f = *state;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		fixture_refused(f, user_update_birthday(fixture_call(f, 1), wrong[i]), 400,
			"BIRTHDAY_INVALID");
	assert_int_equal(fixture_end(f, user_update_birthday(
						fixture_call(f, 1), (struct birthday){29, 2, 0})),
		0);
}

static void too_long_a_bio_is_refused(void **state)
{
	struct fixture *f = *state;
	char about[ABOUT_CHARACTERS_MAX + 2] = "";

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	memset(about, 'a', ABOUT_CHARACTERS_MAX);
	assert_int_equal(fixture_end(f, user_update_profile(fixture_call(f, 1), (struct bytes){0},
						(struct bytes){0}, B(about))),
		0);
	about[ABOUT_CHARACTERS_MAX] = 'a';
	fixture_refused(f,
		user_update_profile(
			fixture_call(f, 1), (struct bytes){0}, (struct bytes){0}, B(about)),
		400, "ABOUT_TOO_LONG");
}

/* ---- Names ---- */

static int set_name(struct fixture *f, uint64_t key_id, const char *name)
{
	return user_username_set(fixture_call(f, key_id), B(name));
}

static void a_name_is_taken_found_changed_and_given_up(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", ""), ids[PUBLIC_NAMES_FOUND_MAX];
	struct peer bearer;
	bool is_free;

	save(f, 1, budi, BUDI, false);
	save(f, 2, ayu, AYU, false);
	assert_int_equal(fixture_end(f, set_name(f, 1, "Ayu_Sari")), 0);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, budi)->set.updates[0].kind, UPDATE_USER_NAME);
	assert_true(bytes_equal(
		fixture_effect(f, EFFECT_ACCOUNT, budi)->set.users[0].username, B("Ayu_Sari")));
	assert_true(bytes_equal(view(f, 2, ayu).username, B("Ayu_Sari")));
	assert_true(public_name_find(fixture_call(f, 2), B("aYU_sari"), &bearer));
	assert_int_equal(bearer.kind, PEER_USER);
	assert_int_equal(bearer.id, ayu);
	assert_int_equal(
		public_names_search(fixture_call(f, 2), B("@ayu_"), PEER_USER, ids, 10), 1);
	assert_int_equal(ids[0], ayu);
	assert_int_equal(
		public_names_search(fixture_call(f, 2), B("ayu_"), PEER_CHANNEL, ids, 10), 0);
	assert_int_equal(user_username_check(fixture_call(f, 2), B("AYU_SARI"), &is_free), 0);
	assert_false(is_free);
	fixture_refused(f, set_name(f, 2, "ayu_sari"), 400, "USERNAME_OCCUPIED");
	fixture_refused(f, set_name(f, 1, "Ayu_Sari"), 400, "USERNAME_NOT_MODIFIED");
	/* Other case of the same. */
	assert_int_equal(fixture_end(f, set_name(f, 1, "ayu_sari")), 0);
	assert_true(public_name_find(fixture_call(f, 2), B("ayu_sari"), &bearer));
	/* Given up, it is held back for her. */
	assert_int_equal(fixture_end(f, set_name(f, 1, "")), 0);
	assert_false(public_name_find(fixture_call(f, 2), B("ayu_sari"), &bearer));
	fixture_refused(f, set_name(f, 2, "ayu_sari"), 400, "USERNAME_OCCUPIED");
	assert_int_equal(fixture_end(f, set_name(f, 1, "ayu_sari")), 0);
	assert_int_equal(fixture_end(f, set_name(f, 1, "somebody_else")), 0);
	f->now_s += 8 * DAY_S;
	assert_int_equal(fixture_end(f, set_name(f, 2, "ayu_sari")), 0);
}

static void names_have_a_form_and_some_are_kept(void **state)
{
	static const char *const wrong[] = {"abcd", "1abcd", "_abcd", "abcd_", "ab__cd", "ab cd",
		"ab-cdef", "abcdefghijabcdefghijabcdefghijabc"};
	struct fixture *f = *state;
	bool is_free;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		fixture_refused(f, set_name(f, 1, wrong[i]), 400, "USERNAME_INVALID");
		fixture_refused(f, user_username_check(fixture_call(f, 1), B(wrong[i]), &is_free),
			400, "USERNAME_INVALID");
	}
	fixture_refused(f, set_name(f, 1, "SUPPORT"), 400, "USERNAME_OCCUPIED");
	fixture_refused(f, set_name(f, 1, "lontar"), 400, "USERNAME_OCCUPIED"); /* env.name */
	assert_int_equal(user_username_check(fixture_call(f, 1), B("telegram"), &is_free), 0);
	assert_false(is_free);
}

static void names_are_not_changed_all_day(void **state)
{
	struct fixture *f = *state;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (int i = 0; i < USERNAME_CHANGES_PER_DAY; i++) {
		char name[32];

		snprintf(name, sizeof(name), "ayu_number_%d", i);
		assert_int_equal(fixture_end(f, set_name(f, 1, name)), 0);
	}
	assert_int_equal(set_name(f, 1, "one_more"), -1);
	assert_int_equal(f->call.fault.code, 420);
	fixture_end(f, -1);
}

/* ---- Being here ---- */

static void the_last_visit_is_told_as_exactly_as_both_let(void **state)
{
	static const struct {
		int64_t ago_s;
		enum user_seen seen;
	} cases[] = {{-100, SEEN_RECENTLY}, {60, SEEN_RECENTLY}, {3 * DAY_S, SEEN_RECENTLY},
		{4 * DAY_S, SEEN_IN_WEEK}, {8 * DAY_S, SEEN_IN_MONTH}, {31 * DAY_S, SEEN_LONG_AGO}};
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct user_status status;

	f->online_until_s = f->now_s - 60;
	status = view(f, 2, ayu).status;
	assert_int_equal(status.seen, SEEN_EXACTLY);
	assert_int_equal(status.online_until_s, f->now_s - 60);
	/* Ayu hides hers: Budi sees about when; so does she of him, by her own choice. */
	set(f, 1, PRIVACY_STATUS, RULE_DISALLOW_ALL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		f->online_until_s = f->now_s - cases[i].ago_s;
		status = view(f, 2, ayu).status;
		assert_int_equal(status.seen, cases[i].seen);
		assert_int_equal(status.online_until_s, 0);
		assert_false(status.by_me);
		status = view(f, 1, budi).status;
		assert_int_equal(status.seen, cases[i].seen);
		assert_true(status.by_me);
	}
	f->online_until_s = f->now_s + 100;
	assert_int_equal(view(f, 1, ayu).status.seen, SEEN_EXACTLY);
	set(f, 1, PRIVACY_STATUS, RULE_ALLOW_ALL);
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, true)), 0);
	assert_int_equal(view(f, 2, ayu).status.seen, SEEN_LONG_AGO);
	assert_int_equal(view(f, 1, budi).status.seen, SEEN_EXACTLY);
}

static void the_last_visit_is_kept_sealed(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t seen_s = 0x123456789abcdll;

	f->online_until_s = 0;
	assert_int_equal(view(f, 1, ayu).status.online_until_s, f->now_s); /* made just now */
	user_note_seen(fixture_call(f, 1), ayu, seen_s);
	user_note_seen(fixture_call(f, 1), ayu + 1, seen_s); /* nobody: nothing is written */
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(view(f, 1, ayu).status.online_until_s, seen_s);
	assert_false(fixture_files_contain(f, &seen_s, sizeof(seen_s)));
}

static void being_here_is_told_to_those_who_may_know(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	const struct effect *told;

	save(f, 1, budi, BUDI, false);
	save(f, 2, ayu, AYU, false);
	f->online_until_s = f->now_s - 10;
	user_update_status(fixture_call(f, 1), false);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(told->set.updates[0].kind, UPDATE_STATUS);
	assert_int_equal(told->set.updates[0].status.online_until_s, f->now_s + ONLINE_HOLDS_S);
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
	/* Who has not been here for days has nothing open. */
	f->online_until_s = f->now_s - 2 * DAY_S;
	user_update_status(fixture_call(f, 1), false);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	f->online_until_s = f->now_s - 10;
	set(f, 1, PRIVACY_STATUS, RULE_DISALLOW_ALL);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(told->set.updates[0].status.seen, SEEN_RECENTLY);
	user_update_status(fixture_call(f, 1), true);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
}

static void who_acts_is_here(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");

	f->online_until_s = f->now_s - 10;
	user_was_here(fixture_call(f, 1));
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
	f->online_until_s = f->now_s + ONLINE_HOLDS_S;
	user_was_here(fixture_call(f, 1));
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(the_number_is_for_whom_its_owner_lets_have_it),
		CASE(bio_and_birthday_are_shown_to_whom_they_may_be),
		CASE(other_devices_are_told_of_a_new_bio_and_birthday),
		CASE(days_that_do_not_exist_are_refused),
		CASE(too_long_a_bio_is_refused),
		CASE(a_name_is_taken_found_changed_and_given_up),
		CASE(names_have_a_form_and_some_are_kept),
		CASE(names_are_not_changed_all_day),
		CASE(the_last_visit_is_told_as_exactly_as_both_let),
		CASE(the_last_visit_is_kept_sealed),
		CASE(being_here_is_told_to_those_who_may_know),
		CASE(who_acts_is_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
