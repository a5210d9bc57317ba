/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/login.h, core/accounts/sessions.h: codes and their bounds, sign-up, a second
 * device, moving a login, ending one; and that the files hold nothing personal in clear. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/messages/box.h"
#include "core/accounts/sessions.h"
#include "core/accounts/users.h"
#include "store/home_keys.h"

#define PHONE "+62 812-3456-7890"
#define DIGITS "6281234567890"

static int64_t user_of_key(struct fixture *f, uint64_t key_id)
{
	return fixture_call(f, key_id)->user;
}

static void a_new_number_signs_up_after_its_code(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	struct call *call = fixture_call(f, 1);
	const struct effect *login;
	int64_t user = -1;

	fixture_refused(f, login_sign_up(call, B(PHONE), hash, NEWCOMER("Ayu", "Sari"), &user), 400,
		"PHONE_CODE_INVALID"); /* the code was not typed yet */
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_sign_in(call, B(PHONE), hash, B(code), &user)), 0);
	assert_int_equal(user, 0);
	assert_int_equal(user_of_key(f, 1), 0);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_sign_up(call, B(DIGITS), hash,
						NEWCOMER(" Ayu ", "Sari"), &user)),
		0);
	assert_int_equal(user, USER_FIRST_ID);
	login = fixture_effect(f, EFFECT_LOGIN, user);
	assert_non_null(login);
	assert_int_equal(login->key_id, 1);
	assert_int_equal(user_of_key(f, 1), user);
}

static void an_answer_that_was_lost_can_be_asked_for_again(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	int64_t user, again;
	struct call *call;

	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_sign_in(call, B(PHONE), hash, B(code), &user)), 0);
	call = fixture_call(f, 1);
	assert_int_equal(
		fixture_end(f, login_sign_up(call, B(PHONE), hash, NEWCOMER("A", ""), &user)), 0);
	call = fixture_call(f, 1);
	assert_int_equal(
		fixture_end(f, login_sign_up(call, B(PHONE), hash, NEWCOMER("A", ""), &again)), 0);
	assert_int_equal(again, user);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_sign_in(call, B(PHONE), hash, B(code), &again)), 0);
	assert_int_equal(again, user);
	call = fixture_call(f, 2); /* but a used code logs no other key in */
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(code), &again), 400, "PHONE_CODE_EXPIRED");
	call = fixture_call(f, 2); /* nor does it say what it was */
	fixture_refused(f, login_sign_in(call, B(PHONE), hash, B("wrong"), &again), 400,
		"PHONE_CODE_EXPIRED");
	assert_int_equal(user_of_key(f, 2), 0);
}

static void the_code_of_a_second_device_comes_to_the_first(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), second;
	struct call *call = fixture_call(f, 2);
	const struct effect *told;
	struct login_sent sent;
	char code[8], hash[64];
	struct bytes text;

	f->env.codes_to_console = false;
	assert_int_equal(fixture_end(f, login_send_code(call, B(PHONE), &sent)), 0);
	assert_int_equal(sent.way, CODE_TO_APP);
	assert_null(fixture_effect(f, EFFECT_CODE, 0));
	told = fixture_effect(f, EFFECT_ACCOUNT, user);
	assert_non_null(told);
	assert_int_equal(told->set.updates[0].kind, UPDATE_NEW_MESSAGE);
	text = told->set.updates[0].message->text;
	assert_true(text.size > 17 && memcmp(text.data, "Kode masuk: ", 12) == 0);
	snprintf(code, sizeof(code), "%.5s", (const char *)text.data + 12);
	snprintf(hash, sizeof(hash), "%.*s", (int)sent.hash.size, sent.hash.data);
	call = fixture_call(f, 2);
	assert_int_equal(
		fixture_end(f, login_sign_in(call, B(PHONE), B(hash), B(code), &second)), 0);
	assert_int_equal(second, user);
	assert_int_equal(user_of_key(f, 2), user);
}

static void a_printed_code_does_not_tell_who_has_an_account(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	const char *const phones[] = {PHONE, "6281300000000"};
	struct login_sent sent;

	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		struct call *call = fixture_call(f, 2);

		assert_int_equal(fixture_end(f, login_send_code(call, B(phones[i]), &sent)), 0);
		assert_int_equal(sent.way, CODE_TO_PHONE);
		assert_non_null(fixture_effect(f, EFFECT_CODE, 0));
		/* Its devices hear of it all the same. */
		assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, user), i == 0);
	}
}

static void the_first_chat_is_the_services(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	const struct effect *told = fixture_effect(f, EFFECT_ACCOUNT, user);
	struct box_state box;

	assert_non_null(told);
	assert_int_equal(told->set.updates[0].message->from.id, SERVICE_USER);
	assert_int_equal(fixture_end(f, box_state(fixture_call(f, 1), &box)), 0);
	assert_int_equal(box.unread, 1);
}

static void a_fresh_login_among_many_ends_no_other(void **state)
{
	enum { KEYS = 210 };
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct session *logins;
	struct call *call;

	for (uint64_t key = 2; key <= KEYS; key++) {
		struct bytes token;
		char text[64];

		call = fixture_call(f, 1);
		token = login_export(call);
		snprintf(text, sizeof(text), "%.*s", (int)token.size, token.data);
		fixture_end(f, 0);
		f->now_s++;
		assert_int_equal(
			fixture_end(f, login_import(fixture_call(f, key), user, B(text))), 0);
	}
	call = fixture_call(f, KEYS);
	assert_int_equal(sessions_list(call, &logins), 200);
	assert_int_equal(logins[199].login.key_id, KEYS);
	fixture_end(f, 0);
	call = fixture_call(f, KEYS);
	fixture_refused(f, sessions_end_others(call), 406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
}

/* Known with a device, known without, unknown: the same answer, and the same way it goes wrong. */
static void where_codes_go_to_devices_the_answer_tells_nothing(void **state)
{
	static const char *const phones[] = {PHONE, "6281300000001", "6281300000002"};
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), other;

	fixture_sign_up(f, 2, phones[1], "Budi", "");
	fixture_call(f, 2);
	home_keys_set_user(store_home(&f->store), 2, 0, f->now_s);
	fixture_end(f, 0);
	f->env.codes_to_console = false;
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		struct call *call = fixture_call(f, 3);
		struct login_sent sent;
		char hash[64];

		assert_int_equal(fixture_end(f, login_send_code(call, B(phones[i]), &sent)), 0);
		assert_int_equal(sent.way, CODE_TO_APP);
		assert_int_equal(sent.hash.size, 20);
		assert_null(fixture_effect(f, EFFECT_CODE, 0));
		assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, user), i == 0);
		snprintf(hash, sizeof(hash), "%.*s", (int)sent.hash.size, sent.hash.data);
		call = fixture_call(f, 3);
		fixture_refused(f, login_sign_in(call, B(phones[i]), B(hash), B("x"), &other), 400,
			"PHONE_CODE_INVALID");
	}
}

/* Whatever the numbers: who guesses from one place is stopped there, and only there. */
static void a_network_types_twenty_wrong_codes_an_hour(void **state)
{
	struct fixture *f = *state;
	int wrong = 0;
	int64_t user;

	for (int i = 0; i < 10; i++) {
		char phone[24];
		struct bytes hash;
		const char *code;

		snprintf(phone, sizeof(phone), "62813000010%02d", i);
		code = fixture_send_code(f, 1, phone, &hash);
		for (int n = 0; n < 4; n++) {
			struct call *call = fixture_call(f, 1);

			call->address = n % 2 ? B("192.0.2.1:5") : B("192.0.2.1:77");
			if (wrong < LOGIN_WRONG_PER_NETWORK_HOUR) {
				fixture_refused(f,
					login_sign_in(call, B(phone), hash, B("x"), &user), 400,
					"PHONE_CODE_INVALID");
				wrong++;
				continue;
			}
			/* Not even whether the code is right. */
			fixture_refused(f, login_sign_in(call, B(phone), hash, B(code), &user), 420,
				"FLOOD_WAIT_3600");
			call = fixture_call(f, 1);
			call->address = B("192.0.2.2:5");
			assert_int_equal(
				fixture_end(f, login_sign_in(call, B(phone), hash, B(code), &user)),
				0);
			f->now_s += 3600;
			return;
		}
	}
	fail();
}

static void five_wrong_codes_end_it(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	char wrong[8];
	struct call *call;
	int64_t user;

	snprintf(wrong, sizeof(wrong), "%s", code);
	wrong[4] = wrong[4] == '0' ? '1' : '0';
	for (int i = 0; i < LOGIN_CODE_TRIES; i++) {
		call = fixture_call(f, 1);
		fixture_refused(f, login_sign_in(call, B(PHONE), hash, B(wrong), &user), 400,
			"PHONE_CODE_INVALID");
	}
	call = fixture_call(f, 1);
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(code), &user), 400, "PHONE_CODE_EXPIRED");
}

static void ten_wrong_codes_in_a_day_end_the_day(void **state)
{
	struct fixture *f = *state;
	struct login_sent sent;
	struct bytes hash;
	struct call *call;
	int64_t user;

	for (int i = 0; i < 2; i++) {
		fixture_send_code(f, 1, PHONE, &hash);
		for (int try = 0; try < LOGIN_CODE_TRIES; try++) {
			call = fixture_call(f, 1);
			fixture_refused(f, login_sign_in(call, B(PHONE), hash, B("wrong"), &user),
				400, "PHONE_CODE_INVALID");
		}
	}
	f->now_s += 3600;
	call = fixture_call(f, 1);
	fixture_refused(f, login_send_code(call, B(PHONE), &sent), 420, "FLOOD_WAIT_82800");
	f->now_s += 82800;
	fixture_send_code(f, 1, PHONE, &hash);
}

static void a_code_lives_five_minutes(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	struct call *call;
	int64_t user;

	f->now_s += LOGIN_CODE_LIFE_S;
	call = fixture_call(f, 1);
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(code), &user), 400, "PHONE_CODE_EXPIRED");
}

static void a_number_gets_five_codes_an_hour(void **state)
{
	struct fixture *f = *state;
	struct login_sent sent;
	struct bytes hash;
	struct call *call;

	for (int i = 0; i < LOGIN_CODES_PER_HOUR; i++) {
		fixture_send_code(f, 1, PHONE, &hash);
		f->now_s += 60;
	}
	call = fixture_call(f, 1);
	fixture_refused(f, login_resend_code(call, B(PHONE), hash, &sent), 420, "FLOOD_WAIT_3300");
	call = fixture_call(f, 1);
	fixture_refused(f, login_send_code(call, B(PHONE), &sent), 420, "FLOOD_WAIT_3300");
	fixture_send_code(f, 1, "62812345678", &hash); /* another number is free to */
	f->now_s += 3300;
	fixture_send_code(f, 1, PHONE, &hash);
}

static void a_network_gets_sixty_codes_an_hour(void **state)
{
	struct fixture *f = *state;
	int sent_codes = 0;
	struct login_sent sent;
	struct call *call;
	char phone[16];

	for (int i = 0; i < 13; i++) {
		snprintf(phone, sizeof(phone), "62812000%04d", i);
		f->env.codes_to_console = true;
		fixture_sign_up(f, 100 + (uint64_t)i, phone, "A", "");
		f->env.codes_to_console = false;
		for (int n = 0; n < LOGIN_CODES_PER_HOUR; n++) {
			call = fixture_call(f, 1);
			call->address =
				i % 2 ? B("[2001:db8:1:2::9]:5") : B("[2001:db8:1:2:3::4]:6");
			if (sent_codes == LOGIN_CODES_PER_NETWORK_HOUR) {
				fixture_refused(f, login_send_code(call, B(phone), &sent), 420,
					"FLOOD_WAIT_3600");
				call = fixture_call(f, 1);
				call->address = B("192.0.2.1:5");
			} else {
				sent_codes++;
			}
			assert_int_equal(fixture_end(f, login_send_code(call, B(phone), &sent)), 0);
		}
	}
	assert_int_equal(sent_codes, LOGIN_CODES_PER_NETWORK_HOUR);
	assert_false(fixture_files_contain(f, "192.0.2", 7));
}

static void resend_and_cancel_end_the_code_before(void **state)
{
	struct fixture *f = *state;
	struct login_sent sent;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	struct call *call = fixture_call(f, 1);
	int64_t user;

	assert_int_equal(fixture_end(f, login_resend_code(call, B(PHONE), hash, &sent)), 0);
	assert_false(bytes_equal(sent.hash, hash));
	call = fixture_call(f, 1);
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(code), &user), 400, "PHONE_CODE_EXPIRED");
	code = fixture_send_code(f, 1, PHONE, &hash);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_cancel_code(call, B(PHONE), hash)), 0);
	call = fixture_call(f, 1);
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(code), &user), 400, "PHONE_CODE_EXPIRED");
}

static void bad_input_is_refused(void **state)
{
	static const char *const numbers[] = {"", "+", "12345", "+62 abc 1234567",
		"1234567890123456", "0812345678", "62812345678+1", "\xff\xff\xff\xff\xff\xff\xff"};
	struct fixture *f = *state;
	struct login_sent sent;
	struct bytes hash;
	const char *code;
	struct call *call;
	int64_t user;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		call = fixture_call(f, 1);
		fixture_refused(f, login_send_code(call, B(numbers[i]), &sent), 400,
			"PHONE_NUMBER_INVALID");
	}
	code = fixture_send_code(f, 1, PHONE, &hash);
	call = fixture_call(f, 1);
	fixture_refused(
		f, login_sign_in(call, B(PHONE), hash, B(""), &user), 400, "PHONE_CODE_EMPTY");
	call = fixture_call(f, 1);
	fixture_refused(f, login_sign_in(call, B(PHONE), B("nonsense"), B(code), &user), 400,
		"PHONE_CODE_EXPIRED");
	call = fixture_call(f, 1);
	fixture_refused(f, login_sign_in(call, B("62899999999"), hash, B(code), &user), 400,
		"PHONE_CODE_EXPIRED");
}

static void names_have_1_to_64_characters(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code = fixture_send_code(f, 1, PHONE, &hash);
	char fits[64 * 2 + 1] = "", too_long[65 * 2 + 1] = "";
	const struct {
		const char *first, *last, *fault;
	} rows[] = {
		{"", "x", "FIRSTNAME_INVALID"},
		{" \xc2\xa0 ", "x", "FIRSTNAME_INVALID"},
		{"a\nb", "", "FIRSTNAME_INVALID"},
		{"\xff", "", "FIRSTNAME_INVALID"},
		{too_long, "", "FIRSTNAME_INVALID"},
		{"a", too_long, "LASTNAME_INVALID"},
	};
	struct call *call;
	int64_t user;

	for (int i = 0; i < 65; i++) {
		memcpy(too_long + 2 * i, "\xc3\xa9", 2);
		if (i < 64)
			memcpy(fits + 2 * i, "\xc3\xa9", 2);
	}
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, login_sign_in(call, B(PHONE), hash, B(code), &user)), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		call = fixture_call(f, 1);
		fixture_refused(f,
			login_sign_up(
				call, B(PHONE), hash, NEWCOMER(rows[i].first, rows[i].last), &user),
			400, rows[i].fault);
	}
	call = fixture_call(f, 1);
	assert_int_equal(
		fixture_end(f, login_sign_up(call, B(PHONE), hash, NEWCOMER(fits, fits), &user)),
		0);
}

static void a_key_belongs_to_one_account(void **state)
{
	struct fixture *f = *state;
	struct bytes hash;
	const char *code;
	struct call *call;
	int64_t user;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	fixture_sign_up(f, 2, "+1 242 555 0100", "Bea", "");
	code = fixture_send_code(f, 1, "12425550100", &hash);
	call = fixture_call(f, 1);
	fixture_refused(f, login_sign_in(call, B("12425550100"), hash, B(code), &user), 400,
		"USER_ALREADY_AUTHORIZED");
}

static void an_export_logs_one_other_key_in_once(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct call *call = fixture_call(f, 1);
	struct bytes token = login_export(call);
	char text[64];

	snprintf(text, sizeof(text), "%.*s", (int)token.size, token.data);
	assert_int_equal(fixture_end(f, 0), 0);
	assert_false(fixture_files_contain(f, text, strlen(text)));
	call = fixture_call(f, 2);
	fixture_refused(f, login_import(call, user + 1, B(text)), 400, "AUTH_BYTES_INVALID");
	call = fixture_call(f, 2);
	assert_int_equal(fixture_end(f, login_import(call, user, B(text))), 0);
	assert_non_null(fixture_effect(f, EFFECT_LOGIN, user));
	assert_int_equal(user_of_key(f, 2), user);
	call = fixture_call(f, 3);
	fixture_refused(f, login_import(call, user, B(text)), 400, "AUTH_BYTES_INVALID");
	call = fixture_call(f, 1);
	token = login_export(call);
	snprintf(text, sizeof(text), "%.*s", (int)token.size, token.data);
	assert_int_equal(fixture_end(f, 0), 0);
	f->now_s += LOGIN_EXPORT_LIFE_S + 1;
	call = fixture_call(f, 3);
	fixture_refused(f, login_import(call, user, B(text)), 400, "AUTH_BYTES_INVALID");
}

static void logins_are_listed_and_ended(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), second, hash;
	struct session *logins;
	struct bytes code_hash, token;
	const char *code = fixture_send_code(f, 2, PHONE, &code_hash);
	struct call *call = fixture_call(f, 2);

	f->now_s += 10;
	call->now_s = f->now_s;
	assert_int_equal(
		fixture_end(f, login_sign_in(call, B(PHONE), code_hash, B(code), &second)), 0);
	call = fixture_call(f, 1);
	assert_int_equal(sessions_list(call, &logins), 2);
	assert_int_equal(logins[0].login.key_id, 1);
	assert_int_equal(logins[0].hash, 0);
	hash = logins[1].hash;
	assert_int_not_equal(hash, 0);
	fixture_end(f, 0);
	call = fixture_call(f, 1); /* a day must pass before a login may end others */
	fixture_refused(f, session_end(call, hash), 406, "FRESH_RESET_AUTHORISATION_FORBIDDEN");
	call = fixture_call(f, 1);
	fixture_refused(f, session_end(call, 0), 400, "HASH_INVALID");
	f->now_s += SESSION_FRESH_S;
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, session_end(call, hash)), 0);
	assert_int_equal(fixture_effect(f, EFFECT_LOGOUT, user)->key_id, 2);
	assert_int_equal(user_of_key(f, 2), 0);
	call = fixture_call(f, 1);
	session_end_own(call, &token);
	assert_null(token.data); /* nothing without a password */
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(fixture_effect(f, EFFECT_LOGOUT, user)->key_id, 1);
	assert_int_equal(user_of_key(f, 1), 0);
}

static void the_files_hold_nothing_personal_in_clear(void **state)
{
	struct fixture *f = *state;
	struct home_key key;
	struct bytes hash;
	char code[8];

	fixture_sign_up(f, 1, PHONE, "Wulandari-Clear", "Kusuma-Clear");
	snprintf(code, sizeof(code), "%s", fixture_send_code(f, 2, PHONE, &hash));
	fixture_call(f, 1);
	assert_true(home_keys_find(store_home(&f->store), f->vault, 1, &key));
	store_rollback(&f->store);
	assert_false(fixture_files_contain(f, "Wulandari-Clear", 15));
	assert_false(fixture_files_contain(f, "Kusuma-Clear", 12));
	assert_false(fixture_files_contain(f, DIGITS, strlen(DIGITS)));
	assert_false(fixture_files_contain(f, "81234567890", 11));
	assert_false(fixture_files_contain(f, key.secret, 16));
	assert_false(fixture_files_contain(f, code, strlen(code)));
	assert_true(fixture_files_contain(f, hash.data, hash.size)); /* the search itself works */
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_new_number_signs_up_after_its_code),
		CASE(an_answer_that_was_lost_can_be_asked_for_again),
		CASE(the_code_of_a_second_device_comes_to_the_first),
		CASE(a_printed_code_does_not_tell_who_has_an_account),
		CASE(the_first_chat_is_the_services),
		CASE(a_fresh_login_among_many_ends_no_other),
		CASE(where_codes_go_to_devices_the_answer_tells_nothing),
		CASE(a_network_types_twenty_wrong_codes_an_hour),
		CASE(five_wrong_codes_end_it),
		CASE(ten_wrong_codes_in_a_day_end_the_day),
		CASE(a_code_lives_five_minutes),
		CASE(a_number_gets_five_codes_an_hour),
		CASE(a_network_gets_sixty_codes_an_hour),
		CASE(resend_and_cancel_end_the_code_before),
		CASE(bad_input_is_refused),
		CASE(names_have_1_to_64_characters),
		CASE(a_key_belongs_to_one_account),
		CASE(an_export_logs_one_other_key_in_once),
		CASE(logins_are_listed_and_ended),
		CASE(the_files_hold_nothing_personal_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
