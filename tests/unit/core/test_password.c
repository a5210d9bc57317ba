/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/password.h: a login that needs a password, guesses and their bounds, changes,
 * recovery by e-mail, the reset; and that a key that waits for its password is nobody's. */
#include "password_fixture.h"

#include <stdio.h>

#include "core/accounts/sessions.h"
#include "store/home_keys.h"

#define PHONE "6281234567890"
#define MAIL "ayu@example.org"

enum { OLD = 11, NEW = 22, WRONG = 33 };

static int64_t with_password(struct fixture *f)
{
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");

	assert_int_equal(fixture_set_password(f, 1, 0, OLD), 0);
	return user;
}

static int check(struct fixture *f, uint64_t key_id, uint8_t secret, int64_t *user)
{
	struct password_answer answer = fixture_answer(f, key_id, secret);

	return password_check(fixture_call(f, key_id), &answer, user);
}

static void a_login_needs_the_password(void **state)
{
	struct fixture *f = *state;
	int64_t user = with_password(f), in;
	struct password_view view;

	fixture_begin_login(f, 2, PHONE);
	assert_int_equal(fixture_call(f, 2)->user, 0); /* nobody's still */
	assert_int_equal(home_keys_pending(store_home(&f->store), 2, f->now_s - 1), user);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 2), &view)), 0);
	assert_true(bytes_equal_str(view.hint, "the usual"));
	fixture_refused(f, check(f, 2, WRONG, &in), 400, "PASSWORD_HASH_INVALID");
	assert_int_equal(fixture_call(f, 2)->user, 0);
	assert_int_equal(fixture_end(f, check(f, 2, OLD, &in)), 0);
	assert_int_equal(in, user);
	assert_non_null(fixture_effect(f, EFFECT_LOGIN, user));
	assert_int_equal(fixture_call(f, 2)->user, user);
	/* The answer was lost: again is fine. */
	assert_int_equal(fixture_end(f, check(f, 2, OLD, &in)), 0);
}

static void a_key_that_is_nobodys_has_nothing_to_answer(void **state)
{
	struct fixture *f = *state;
	struct password_answer answer;
	struct password_view view;
	struct bytes pattern;
	int64_t user;

	with_password(f);
	answer = fixture_answer(f, 1, OLD); /* of another key */
	fixture_refused(f, password_get(fixture_call(f, 2), &view), 401, "AUTH_KEY_UNREGISTERED");
	fixture_refused(f, password_check(fixture_call(f, 2), &answer, &user), 401,
		"AUTH_KEY_UNREGISTERED");
	fixture_refused(f, password_recovery_request(fixture_call(f, 2), &pattern), 401,
		"AUTH_KEY_UNREGISTERED");
	fixture_refused(f, password_recover(fixture_call(f, 2), B("123456"), NULL, &user), 401,
		"AUTH_KEY_UNREGISTERED");
	fixture_begin_login(f, 2, PHONE);
	fixture_refused(
		f, password_check(fixture_call(f, 2), &answer, &user), 400, "SRP_ID_INVALID");
	f->now_s += SESSION_PENDING_LIFE_S; /* it waited too long */
	fixture_refused(f, password_get(fixture_call(f, 2), &view), 401, "AUTH_KEY_UNREGISTERED");
}

static void a_challenge_is_short_lived(void **state)
{
	struct fixture *f = *state;
	struct password_answer answer;
	struct bytes email;

	with_password(f);
	answer = fixture_answer(f, 1, OLD);
	f->now_s += PASSWORD_CHALLENGE_LIFE_S;
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"SRP_ID_INVALID");
	answer = fixture_answer(f, 1, OLD);
	assert_int_equal(
		fixture_end(f, password_get_settings(fixture_call(f, 1), &answer, &email)), 0);
	assert_null(email.data);
	/* The very same once more is a replay. */
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"SRP_ID_INVALID");
	answer.srp_id++;
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"SRP_ID_INVALID");
	answer = fixture_answer(f, 1, WRONG);
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"PASSWORD_HASH_INVALID");
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"SRP_ID_INVALID"); /* one guess each */
	answer = (struct password_answer){0};
	fixture_refused(f, password_get_settings(fixture_call(f, 1), &answer, &email), 400,
		"PASSWORD_HASH_INVALID");
}

static void an_old_challenge_says_that_the_password_changed(void **state)
{
	struct fixture *f = *state;
	struct password_answer answer;
	int64_t user;

	with_password(f);
	fixture_begin_login(f, 2, PHONE);
	answer = fixture_answer(f, 2, OLD);
	assert_int_equal(fixture_set_password(f, 1, OLD, NEW), 0);
	fixture_refused(
		f, password_check(fixture_call(f, 2), &answer, &user), 400, "SRP_PASSWORD_CHANGED");
	assert_int_equal(fixture_end(f, check(f, 2, NEW, &user)), 0);
}

/* Strangers use up their own guesses, not those of the account's devices. */
static void guesses_are_bounded_for_a_key_and_for_all_strangers(void **state)
{
	struct fixture *f = *state;
	uint64_t key = 10;
	int64_t user;

	with_password(f);
	for (int n = 0; n < PASSWORD_GUESSES_PENDING_DAY; n++) {
		if (n % PASSWORD_GUESSES_PER_KEY_HOUR == 0) {
			f->now_s += n ? 3600 : 0;
			fixture_begin_login(f, ++key, PHONE);
		}
		fixture_refused(f, check(f, key, WRONG, &user), 400, "PASSWORD_HASH_INVALID");
		if (n % PASSWORD_GUESSES_PER_KEY_HOUR == PASSWORD_GUESSES_PER_KEY_HOUR - 1 &&
			n < PASSWORD_GUESSES_PENDING_DAY - 1)
			fixture_refused(f, check(f, key, OLD, &user), 420, "FLOOD_WAIT_3600");
	}
	f->now_s += 3600;
	fixture_begin_login(f, ++key, PHONE);
	/* Not even whether it is right; and a restart forgives nothing. */
	store_close(&f->store);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, NULL), 0);
	fixture_refused(f, check(f, key, OLD, &user), 420, "FLOOD_WAIT_72000");
	assert_int_equal(fixture_set_password(f, 1, OLD, NEW), 0);
	f->now_s += 72000;
	assert_int_equal(fixture_end(f, check(f, key, NEW, &user)), 0);
}

static void a_network_guesses_so_often_an_hour(void **state)
{
	struct fixture *f = *state;
	int64_t user;

	with_password(f);
	for (int n = 0; n <= PASSWORD_GUESSES_NETWORK_HOUR; n++) {
		char phone[24];
		struct password_answer answer;
		struct call *call;
		uint64_t key = 100 + 2 * (uint64_t)n;

		snprintf(phone, sizeof(phone), "62813000010%02d", n);
		fixture_sign_up(f, key, phone, "Budi", "");
		assert_int_equal(fixture_set_password(f, key, 0, OLD), 0);
		fixture_begin_login(f, key + 1, phone);
		answer = fixture_answer(f, key + 1, WRONG);
		call = fixture_call(f, key + 1);
		call->address = B("192.0.2.1:5");
		if (n < PASSWORD_GUESSES_NETWORK_HOUR)
			fixture_refused(f, password_check(call, &answer, &user), 400,
				"PASSWORD_HASH_INVALID");
		else
			fixture_refused(
				f, password_check(call, &answer, &user), 420, "FLOOD_WAIT_3600");
	}
}

static void settings_are_checked(void **state)
{
	struct fixture *f = *state;
	struct password_answer none = {0};
	struct password_settings good, settings;
	char long_hint[PASSWORD_HINT_CHARACTERS_MAX + 2];

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	settings = (struct password_settings){0};
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_EMPTY");
	settings.email = B(MAIL); /* there is nothing to recover */
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_EMPTY");
	settings = (struct password_settings){.has_password = true};
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_EMPTY");
	good = fixture_settings(f, 1, OLD);
	settings = good;
	settings.salt1.size--;
	fixture_refused(
		f, password_update(fixture_call(f, 1), &none, &settings), 400, "NEW_SALT_INVALID");
	settings = good;
	settings.salt2 = bytes_of(good.salt1.data, good.salt2.size);
	fixture_refused(
		f, password_update(fixture_call(f, 1), &none, &settings), 400, "NEW_SALT_INVALID");
	settings = good;
	settings.salt1 = (struct bytes){0};
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_INVALID");
	settings = good;
	settings.verifier = bytes_of(dh_prime, DH_SIZE);
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_INVALID");
	memset(long_hint, 'x', sizeof(long_hint));
	settings = good;
	settings.hint = bytes_of(long_hint, sizeof(long_hint) - 1);
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"NEW_SETTINGS_INVALID");
	settings = good;
	settings.email = B("not an address");
	fixture_refused(
		f, password_update(fixture_call(f, 1), &none, &settings), 400, "EMAIL_INVALID");
	assert_int_equal(fixture_end(f, password_update(fixture_call(f, 1), &none, &good)), 0);
	/* From now on nobody changes it who does not know it. */
	fixture_refused(
		f, password_update(fixture_call(f, 1), &none, &good), 400, "PASSWORD_HASH_INVALID");
}

static void without_a_password_logins_are_as_before(void **state)
{
	struct fixture *f = *state;
	int64_t user = with_password(f), in;
	struct password_view view;
	struct bytes hash;
	const char *code;

	fixture_begin_login(f, 2, PHONE);
	assert_int_equal(fixture_set_password(f, 1, OLD, 0), 0);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_false(view.is_set);
	/* What waited for it waits no more. */
	fixture_refused(f, password_get(fixture_call(f, 2), &view), 401, "AUTH_KEY_UNREGISTERED");
	code = fixture_send_code(f, 2, PHONE, &hash);
	assert_int_equal(
		fixture_end(f, login_sign_in(fixture_call(f, 2), B(PHONE), hash, B(code), &in)), 0);
	assert_int_equal(in, user);
}

/* Sets OLD with a recovery address. */
static int64_t with_recovery(struct fixture *f)
{
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct password_settings settings = fixture_settings(f, 1, OLD);
	struct password_answer none = {0};

	settings.email = B(MAIL);
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"EMAIL_UNCONFIRMED_6");
	assert_int_equal(fixture_end(f, password_email_confirm(
						fixture_call(f, 1), B(fixture_letter(f, MAIL)))),
		0);
	return user;
}

static void an_address_counts_once_its_code_was_typed(void **state)
{
	struct fixture *f = *state;
	struct password_answer none = {0};
	struct password_settings settings;
	struct password_view view;
	char code[8];

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	settings = fixture_settings(f, 1, OLD);
	settings.email = B(MAIL);
	fixture_refused(f, password_email_confirm(fixture_call(f, 1), B("123456")), 400,
		"EMAIL_HASH_EXPIRED");
	fixture_refused(f, password_email_resend(fixture_call(f, 1)), 400, "EMAIL_HASH_EXPIRED");
	fixture_refused(f, password_email_cancel(fixture_call(f, 1)), 400, "EMAIL_HASH_EXPIRED");
	fixture_refused(f, password_update(fixture_call(f, 1), &none, &settings), 400,
		"EMAIL_UNCONFIRMED_6");
	fixture_letter(f, MAIL);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_false(view.is_set); /* all of it waits */
	assert_non_null(view.unconfirmed.data);
	assert_null(memmem(view.unconfirmed.data, view.unconfirmed.size, MAIL, strlen(MAIL)));
	fixture_refused(
		f, password_email_confirm(fixture_call(f, 1), B("wrong!")), 400, "CODE_INVALID");
	assert_int_equal(fixture_end(f, password_email_resend(fixture_call(f, 1))), 0);
	snprintf(code, sizeof(code), "%s", fixture_letter(f, MAIL));
	assert_int_equal(fixture_end(f, password_email_confirm(fixture_call(f, 1), B(code))), 0);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_true(view.is_set && view.has_recovery);
	assert_null(view.unconfirmed.data);
	fixture_refused(
		f, password_email_confirm(fixture_call(f, 1), B(code)), 400, "EMAIL_HASH_EXPIRED");
}

static void an_address_can_be_given_up(void **state)
{
	struct fixture *f = *state;
	struct password_settings settings = {.email = B("other@example.org")};
	struct password_answer answer;
	struct bytes email;

	with_recovery(f);
	answer = fixture_answer(f, 1, OLD);
	fixture_refused(f, password_update(fixture_call(f, 1), &answer, &settings), 400,
		"EMAIL_UNCONFIRMED_6");
	assert_int_equal(fixture_end(f, password_email_cancel(fixture_call(f, 1))), 0);
	answer = fixture_answer(f, 1, OLD);
	assert_int_equal(
		fixture_end(f, password_get_settings(fixture_call(f, 1), &answer, &email)), 0);
	assert_true(bytes_equal_str(email, MAIL)); /* the old one still */
	settings.email = BYTES_LITERAL("");
	answer = fixture_answer(f, 1, OLD);
	assert_int_equal(
		fixture_end(f, password_update(fixture_call(f, 1), &answer, &settings)), 0);
	fixture_refused(f, password_recovery_request(fixture_call(f, 1), &email), 400,
		"PASSWORD_RECOVERY_NA");
}

static void who_forgot_it_recovers_by_e_mail(void **state)
{
	struct fixture *f = *state;
	int64_t user = with_recovery(f), in;
	struct password_settings settings = fixture_settings(f, 1, NEW);
	struct bytes pattern;
	char code[8];

	fixture_begin_login(f, 2, PHONE);
	fixture_refused(f, password_recovery_check(fixture_call(f, 2), B("")), 400, "CODE_EMPTY");
	fixture_refused(f, password_recovery_check(fixture_call(f, 2), B("123456")), 400,
		"PASSWORD_RECOVERY_EXPIRED");
	assert_int_equal(
		fixture_end(f, password_recovery_request(fixture_call(f, 2), &pattern)), 0);
	snprintf(code, sizeof(code), "%s", fixture_letter(f, MAIL));
	fixture_refused(f, password_recover(fixture_call(f, 2), B("wrong!"), NULL, &in), 400,
		"CODE_INVALID");
	assert_int_equal(fixture_end(f, password_recovery_check(fixture_call(f, 2), B(code))), 0);
	assert_int_equal(
		fixture_end(f, password_recover(fixture_call(f, 2), B(code), &settings, &in)), 0);
	assert_int_equal(in, user);
	assert_int_equal(fixture_call(f, 2)->user, user);
	fixture_begin_login(f, 3, PHONE);
	fixture_refused(f, password_recover(fixture_call(f, 3), B(code), NULL, &in), 400,
		"PASSWORD_RECOVERY_EXPIRED"); /* once */
	fixture_refused(f, check(f, 3, OLD, &in), 400, "PASSWORD_HASH_INVALID");
	assert_int_equal(fixture_end(f, check(f, 3, NEW, &in)), 0);
}

static void recovery_without_another_password_leaves_none(void **state)
{
	struct fixture *f = *state;
	struct bytes pattern;
	struct password_view view;
	int64_t user;

	fixture_sign_up(f, 9, "6281111111111", "Budi", "");
	fixture_refused(
		f, password_recovery_request(fixture_call(f, 9), &pattern), 400, "PASSWORD_EMPTY");
	with_recovery(f);
	assert_int_equal(
		fixture_end(f, password_recovery_request(fixture_call(f, 1), &pattern)), 0);
	assert_int_equal(fixture_end(f, password_recover(fixture_call(f, 1),
						B(fixture_letter(f, MAIL)), NULL, &user)),
		0);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_false(view.is_set || view.has_recovery);
}

static void codes_of_letters_are_bounded(void **state)
{
	struct fixture *f = *state;
	struct bytes pattern;
	int wrong = 0;

	with_recovery(f); /* one letter */
	fixture_begin_login(f, 2, PHONE);
	for (int sent = 1; sent < PASSWORD_CODES_PER_HOUR; sent++) {
		assert_int_equal(
			fixture_end(f, password_recovery_request(fixture_call(f, 2), &pattern)), 0);
		for (int n = 0; n < PASSWORD_CODE_TRIES; n++, wrong++)
			fixture_refused(f, password_recovery_check(fixture_call(f, 2), B("no")),
				400, "CODE_INVALID");
		fixture_refused(f, password_recovery_check(fixture_call(f, 2), B("no")), 400,
			"PASSWORD_RECOVERY_EXPIRED");
	}
	assert_int_equal(wrong, PASSWORD_CODE_WRONG_PER_DAY);
	fixture_refused(
		f, password_recovery_request(fixture_call(f, 2), &pattern), 420, "FLOOD_WAIT_3600");
	f->now_s += 3600;
	assert_int_equal(
		fixture_end(f, password_recovery_request(fixture_call(f, 2), &pattern)), 0);
	fixture_refused(f, password_recovery_check(fixture_call(f, 2), B(fixture_letter(f, MAIL))),
		420, "FLOOD_WAIT_82800");
	f->now_s += PASSWORD_CODE_LIFE_S;
	fixture_refused(f, password_recovery_check(fixture_call(f, 2), B("no")), 400,
		"PASSWORD_RECOVERY_EXPIRED");
}

static void a_reset_takes_a_week_and_can_be_declined(void **state)
{
	struct fixture *f = *state;
	enum password_reset_result result;
	struct password_view view;
	int64_t date, user;

	fixture_sign_up(f, 9, "6281111111111", "Budi", "");
	fixture_refused(
		f, password_reset(fixture_call(f, 9), &result, &date), 400, "PASSWORD_EMPTY");
	user = with_password(f);
	fixture_refused(
		f, password_reset_decline(fixture_call(f, 1)), 400, "RESET_REQUEST_MISSING");
	assert_int_equal(fixture_end(f, password_reset(fixture_call(f, 1), &result, &date)), 0);
	assert_int_equal(result, PASSWORD_RESET_WAITS);
	assert_int_equal(date, f->now_s + PASSWORD_RESET_WAIT_S);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, user), 1); /* all hear of it */
	assert_int_equal(fixture_end(f, password_reset_decline(fixture_call(f, 1))), 0);
	assert_int_equal(fixture_end(f, password_reset(fixture_call(f, 1), &result, &date)), 0);
	assert_int_equal(result, PASSWORD_RESET_TOO_EARLY);
	f->now_s = date;
	assert_int_equal(fixture_end(f, password_reset(fixture_call(f, 1), &result, &date)), 0);
	assert_int_equal(result, PASSWORD_RESET_WAITS);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_int_equal(view.reset_at_s, date);
	f->now_s = date - 1;
	assert_int_equal(fixture_end(f, password_reset(fixture_call(f, 1), &result, &date)), 0);
	assert_int_equal(result, PASSWORD_RESET_WAITS);
	f->now_s = date;
	assert_int_equal(fixture_end(f, password_reset(fixture_call(f, 1), &result, &date)), 0);
	assert_int_equal(result, PASSWORD_RESET_DONE);
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, 1), &view)), 0);
	assert_false(view.is_set);
}

static void a_device_that_logged_out_is_known_again(void **state)
{
	struct fixture *f = *state;
	int64_t user = with_password(f), in;
	struct call *call;
	struct bytes token, fresh;
	char text[64];

	fixture_begin_login(f, 2, PHONE);
	assert_int_equal(fixture_end(f, check(f, 2, OLD, &in)), 0);
	session_end_own(fixture_call(f, 2), &token);
	snprintf(text, sizeof(text), "%.*s", (int)token.size, (const char *)token.data);
	token = B(text);
	fixture_end(f, 0);
	fresh = B("no token at all");
	assert_int_equal(
		fixture_end(f, login_return(fixture_call(f, 3), B(PHONE), &fresh, 1, &in)), 0);
	assert_int_equal(in, 0);
	assert_int_equal(fixture_end(f, login_return(fixture_call(f, 3), B("6289999999999"), &token,
						1, &in)),
		0);
	assert_int_equal(in, 0); /* of another account */
	call = fixture_call(f, 3);
	fixture_refused(f, login_return(call, B(PHONE), &token, 1, &in), 401,
		"SESSION_PASSWORD_NEEDED"); /* without a code */
	assert_int_equal(fixture_end(f, check(f, 3, OLD, &in)), 0);
	assert_int_equal(in, user);
	assert_int_equal(fixture_set_password(f, 1, OLD, NEW), 0);
	assert_int_equal(
		fixture_end(f, login_return(fixture_call(f, 4), B(PHONE), &token, 1, &in)), 0);
	assert_int_equal(in, 0); /* not after a change */
}

static void the_files_hold_no_address_hint_or_verifier(void **state)
{
	struct fixture *f = *state;
	struct home_password password;

	with_recovery(f);
	fixture_answer(f, 1, OLD);
	home_password_get(
		store_home(&f->store), f->vault, &f->arena, fixture_call(f, 1)->user, &password);
	store_rollback(&f->store);
	assert_true(password.is_set);
	assert_false(fixture_files_contain(f, MAIL, strlen(MAIL)));
	assert_false(fixture_files_contain(f, "the usual", 9));
	assert_false(fixture_files_contain(f, password.verifier, 32));
	home_password_wipe(&password);
	home_passwords_forget(store_home(&f->store), fixture_call(f, 1)->user);
	assert_false(password_is_set(&f->call, f->call.user));
	fixture_end(f, 0);
}

#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HOME(a_login_needs_the_password),
		WITH_HOME(a_key_that_is_nobodys_has_nothing_to_answer),
		WITH_HOME(a_challenge_is_short_lived),
		WITH_HOME(an_old_challenge_says_that_the_password_changed),
		WITH_HOME(guesses_are_bounded_for_a_key_and_for_all_strangers),
		WITH_HOME(a_network_guesses_so_often_an_hour),
		WITH_HOME(settings_are_checked),
		WITH_HOME(without_a_password_logins_are_as_before),
		WITH_HOME(an_address_counts_once_its_code_was_typed),
		WITH_HOME(an_address_can_be_given_up),
		WITH_HOME(who_forgot_it_recovers_by_e_mail),
		WITH_HOME(recovery_without_another_password_leaves_none),
		WITH_HOME(codes_of_letters_are_bounded),
		WITH_HOME(a_reset_takes_a_week_and_can_be_declined),
		WITH_HOME(a_device_that_logged_out_is_known_again),
		WITH_HOME(the_files_hold_no_address_hint_or_verifier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
