/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/sessions.h: the list, logins that nobody has confirmed, settings, life without use.
 * Ending is in test_login.c too. */
#include "password_fixture.h"

#include <stdio.h>

#include "core/accounts/apps.h"
#include "core/accounts/sessions.h"

#define PHONE "6281234567890"

static int64_t second_login(struct fixture *f, uint64_t key_id)
{
	const struct home_device desktop = {.api_id = 2040,
		.model = B("ThinkPad"),
		.system_version = B("Debian 12 x64"),
		.app_version = B("5.1"),
		.language = B("id")};
	struct bytes hash;
	const char *code = fixture_send_code(f, key_id, PHONE, &hash);
	struct call *call = fixture_call(f, key_id);
	int64_t user;

	home_keys_set_device(call_home(call), f->vault, &f->arena, key_id, &desktop);
	assert_int_equal(fixture_end(f, login_sign_in(call, B(PHONE), hash, B(code), &user)), 0);
	return user;
}

static const struct update *told(const struct fixture *f, enum update_kind kind)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->kind == EFFECT_ACCOUNT && effect->set.update_count &&
			effect->set.updates[0].kind == kind)
			return &effect->set.updates[0];
	}
	return NULL;
}

static struct session session_of(struct fixture *f, uint64_t by, uint64_t key_id)
{
	struct session *list;
	size_t count = sessions_list(fixture_call(f, by), &list);

	for (size_t i = 0; i < count; i++) {
		if (list[i].login.key_id == key_id)
			return list[i];
	}
	fail();
	return (struct session){0};
}

static void a_new_login_is_told_by_its_device(void **state)
{
	struct fixture *f = *state;
	const struct update *update, *message;
	struct session session;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	assert_null(told(f, UPDATE_NEW_AUTHORIZATION)); /* nobody is there to hear it */
	second_login(f, 2);
	update = told(f, UPDATE_NEW_AUTHORIZATION);
	message = told(f, UPDATE_NEW_MESSAGE);
	assert_true(
		bytes_equal_str(update->device, "ThinkPad, Telegram Desktop 5.1, Debian 12 x64"));
	assert_int_equal(update->date_s, f->now_s);
	assert_non_null(memmem(message->message->text.data, message->message->text.size,
		"ThinkPad, Telegram Desktop 5.1", 30));
	session = session_of(f, 1, 2);
	assert_int_equal(session.hash, session_hash(&f->call, f->call.user, 2));
	assert_true(session.unconfirmed);
	assert_false(session_of(f, 1, 1).unconfirmed);
	assert_true(bytes_equal_str(app_platform(&session.login.device), "Debian"));
	assert_string_equal(app_name(50322), "Telegram Desktop");
	assert_string_equal(app_name(1), "");
}

static void another_session_confirms_it_or_time_does(void **state)
{
	struct fixture *f = *state;
	struct session_change change = {.confirm = true};
	const struct update *update;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	second_login(f, 2);
	second_login(f, 3);
	/* Not by itself, nor by another that is not confirmed. */
	fixture_refused(f, session_change(fixture_call(f, 2), &change), 400, "HASH_INVALID");
	change.hash = session_of(f, 2, 3).hash;
	fixture_refused(f, session_change(fixture_call(f, 2), &change), 400, "HASH_INVALID");
	assert_true(session_of(f, 1, 2).unconfirmed);
	assert_true(session_of(f, 1, 3).unconfirmed);
	change.hash = session_of(f, 1, 2).hash;
	assert_int_equal(fixture_end(f, session_change(fixture_call(f, 1), &change)), 0);
	update = told(f, UPDATE_NEW_AUTHORIZATION);
	assert_null(update->device.data);
	assert_int_equal(update->random_id, change.hash);
	assert_false(session_of(f, 1, 2).unconfirmed);
	f->now_s += SESSION_CONFIRM_S - 1;
	assert_true(session_of(f, 1, 3).unconfirmed);
	f->now_s++;
	assert_false(session_of(f, 1, 3).unconfirmed);
	change.hash = 5;
	fixture_refused(f, session_change(fixture_call(f, 1), &change), 400, "HASH_INVALID");
}

static void each_session_has_its_settings(void **state)
{
	struct fixture *f = *state;
	struct session_change change = {.has_calls = true, .refuses_calls = true};

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	second_login(f, 2);
	assert_int_equal(fixture_end(f, session_change(fixture_call(f, 1), &change)), 0);
	assert_int_equal(session_of(f, 1, 1).login.refuses, REFUSES_CALLS);
	change = (struct session_change){.hash = session_of(f, 1, 2).hash,
		.has_secret_chats = true,
		.refuses_secret_chats = true};
	assert_int_equal(fixture_end(f, session_change(fixture_call(f, 1), &change)), 0);
	assert_int_equal(session_of(f, 1, 2).login.refuses, REFUSES_SECRET_CHATS);
	change.refuses_secret_chats = false;
	assert_int_equal(fixture_end(f, session_change(fixture_call(f, 1), &change)), 0);
	assert_int_equal(session_of(f, 1, 2).login.refuses, 0);
	assert_int_equal(session_of(f, 1, 1).login.refuses, REFUSES_CALLS);
}

static void what_waits_for_the_password_is_listed_and_ended(void **state)
{
	struct fixture *f = *state;
	struct session session;
	struct session_change change = {.confirm = true};
	struct password_view view;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	assert_int_equal(fixture_set_password(f, 1, 0, 7), 0);
	f->now_s += SESSION_FRESH_S;
	fixture_begin_login(f, 2, PHONE);
	session = session_of(f, 1, 2);
	assert_true(session.password_pending);
	change.hash = session.hash;
	fixture_refused(f, session_change(fixture_call(f, 1), &change), 400, "HASH_INVALID");
	assert_int_equal(fixture_end(f, session_end(fixture_call(f, 1), session.hash)), 0);
	fixture_refused(f, password_get(fixture_call(f, 2), &view), 401, "AUTH_KEY_UNREGISTERED");
	fixture_begin_login(f, 2, PHONE);
	assert_int_equal(fixture_end(f, sessions_end_others(fixture_call(f, 1))), 0);
	fixture_refused(f, password_get(fixture_call(f, 2), &view), 401, "AUTH_KEY_UNREGISTERED");
}

static void a_login_ends_when_it_is_not_used(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct call *call;

	assert_int_equal(fixture_sign_up(f, 9, "6281111111111", "Budi", "") > 0, 1);
	fixture_refused(f, sessions_set_ttl(fixture_call(f, 1), 30), 406,
		"FRESH_RESET_AUTHORISATION_FORBIDDEN");
	/* Clients show this in the place of the error. */
	assert_true(told(f, UPDATE_NOTICE)->notice.size > 0);
	assert_int_equal(fixture_effect(f, EFFECT_ACCOUNT, user)->only_session, f->call.session_id);
	fixture_refused(f, sessions_set_ttl(fixture_call(f, 1), 0), 400, "TTL_DAYS_INVALID");
	fixture_refused(f, sessions_set_ttl(fixture_call(f, 1), SESSION_TTL_DAYS_MAX + 1), 400,
		"TTL_DAYS_INVALID");
	assert_int_equal(sessions_ttl_days(fixture_call(f, 1)), HOME_LOGIN_TTL_DAYS);
	fixture_end(f, 0);
	f->now_s += SESSION_FRESH_S;
	assert_int_equal(fixture_end(f, sessions_set_ttl(fixture_call(f, 1), 30)), 0);
	second_login(f, 2); /* has the account's days too */
	f->now_s += 30 * 86400 + 1;
	call = fixture_call(f, 1);
	home_keys_set_active(call_home(call), 1, f->now_s); /* in use */
	assert_false(sessions_end_unused(call));
	fixture_end(f, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_LOGOUT, user), 1);
	assert_int_equal(fixture_effect(f, EFFECT_LOGOUT, user)->key_id, 2);
	assert_int_equal(fixture_call(f, 2)->user, 0);
	assert_int_equal(sessions_ttl_days(fixture_call(f, 1)), 30);
	assert_int_not_equal(fixture_call(f, 9)->user, 0); /* another account has more time */
	f->now_s += (HOME_LOGIN_TTL_DAYS - 30) * (int64_t)86400 + 1;
	call = fixture_call(f, 9);
	assert_false(sessions_end_unused(call));
	fixture_end(f, 0);
	assert_int_equal(fixture_call(f, 9)->user, 0);
	assert_int_equal(fixture_call(f, 1)->user, 0);
}

#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HOME(a_new_login_is_told_by_its_device),
		WITH_HOME(another_session_confirms_it_or_time_does),
		WITH_HOME(each_session_has_its_settings),
		WITH_HOME(what_waits_for_the_password_is_listed_and_ended),
		WITH_HOME(a_login_ends_when_it_is_not_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
