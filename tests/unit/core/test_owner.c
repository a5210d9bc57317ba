/* SPDX-License-Identifier: Apache-2.0 */
/* Giving a channel away: who may, and what must be proved. */
#include <stdio.h>

#include "channels_fixture.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/sessions.h"
#include "password_fixture.h"
#include "store/home_keys.h"

#define SECRET 7

static struct update_set answer;

static int give(struct fixture *f, uint64_t key, int64_t id, int64_t user, uint8_t secret)
{
	struct password_answer none = {.given = false},
			       given = secret ? fixture_answer(f, key, secret) : none;

	return channel_edit_creator(fixture_call(f, key), id, user, &given, &answer);
}

/* A public group whose owner has a password, and an admin. Nobody is new. */
static int64_t settled(struct fixture *f, const struct people *people)
{
	const int64_t id = channels_make(f, "Group", false);

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	assert_int_equal(
		fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, people->german,
				       ADMIN_PIN, (struct bytes){0}, &answer)),
		0);
	assert_int_equal(fixture_set_password(f, OWNER_KEY, 0, SECRET), 0);
	f->now_s += PASSWORD_AGE_MIN_S + 1;
	return id;
}

static void it_takes_an_old_password_and_an_old_session(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	const struct password_answer none = {.given = false};
	struct password_answer given;

	fixture_refused(f, give(f, OWNER_KEY, id, people.german, 0), 400, "PASSWORD_MISSING");
	assert_int_equal(fixture_set_password(f, OWNER_KEY, 0, SECRET), 0);
	fixture_refused(
		f, give(f, OWNER_KEY, id, people.german, SECRET), 400, "PASSWORD_TOO_FRESH_604800");
	f->now_s += PASSWORD_AGE_MIN_S;
	given = fixture_answer(f, OWNER_KEY, SECRET);
	home_keys_set_user(
		call_home(fixture_call(f, OWNER_KEY)), OWNER_KEY, people.owner, f->now_s);
	fixture_end(f, 0);
	fixture_refused(f,
		channel_edit_creator(
			fixture_call(f, OWNER_KEY), id, people.german, &given, &answer),
		400, "SESSION_TOO_FRESH_86400");
	f->now_s += SESSION_FRESH_S;
	/* Clients ask like this whether nothing else is missing. */
	fixture_refused(f, channel_creator_prove(fixture_call(f, OWNER_KEY), &none), 400,
		"PASSWORD_HASH_INVALID");
	fixture_refused(
		f, give(f, OWNER_KEY, id, people.german, SECRET + 1), 400, "PASSWORD_HASH_INVALID");
}

static void the_heir_is_an_admin_who_has_room(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = settled(f, &people);

	fixture_refused(f, give(f, GERMAN_KEY, id, people.german, 0), 400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(
		f, give(f, OWNER_KEY, id, people.indonesian, SECRET), 400, "USER_ID_INVALID");
	fixture_refused(f, give(f, OWNER_KEY, id, people.owner, SECRET), 400, "USER_ID_INVALID");
	for (int i = 0; i < CHANNEL_NAMES_MAX; i++) {
		const struct channel_draft draft = {
			.title = B("His"), .about = B(""), .broadcast = true};
		struct call *call = fixture_call(f, GERMAN_KEY);
		char name[16];

		assert_int_equal(fixture_end(f, channel_create(call, &draft, &answer)), 0);
		snprintf(name, sizeof(name), "his_own_%d", i);
		assert_int_equal(fixture_end(f, channel_username_set(fixture_call(f, GERMAN_KEY),
							answer.channels[0].channel->id, B(name))),
			0);
	}
	fixture_refused(f, give(f, OWNER_KEY, id, people.german, SECRET), 400,
		"CHANNELS_ADMIN_PUBLIC_TOO_MUCH");
}

static void the_owner_becomes_an_admin(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = settled(f, &people);
	struct channel_view view;

	assert_int_equal(fixture_end(f, give(f, OWNER_KEY, id, people.german, SECRET)), 0);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_CREATOR);
	view = channels_view(f, OWNER_KEY, id);
	assert_int_equal(view.my.role, ROLE_ADMIN);
	assert_int_equal(view.my.admin_rights, ADMIN_ALL);
	/* Who came to own it may take it all from who gave it. */
	assert_int_equal(fixture_end(f, channel_edit_admin(fixture_call(f, GERMAN_KEY), id,
						people.owner, 0, (struct bytes){0}, &answer)),
		0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_takes_an_old_password_and_an_old_session),
		TEST(the_heir_is_an_admin_who_has_room),
		TEST(the_owner_becomes_an_admin),
	};

	return cmocka_run_group_tests_name("channels/owner", tests, NULL, NULL);
}
