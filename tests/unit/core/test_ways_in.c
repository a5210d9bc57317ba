/* SPDX-License-Identifier: Apache-2.0 */
/* Ways in beside a code on the console, another number, and the end of an account. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/accounts/account_end.h"
#include "core/accounts/account_hand_out.h"
#include "core/bots/bots.h"
#include "core/accounts/change_phone.h"
#include "core/accounts/invitations.h"
#include "core/accounts/login_email.h"
#include "core/accounts/login_qr.h"
#include "core/accounts/outbox.h"
#include "core/accounts/terms.h"
#include "crypto/token.h"
#include "store/home_affairs.h"
#include "store/home_keys.h"
#include "store/home_leftovers.h"
#include "store/home_users.h"

#define PHONE "6281211111111"
#define OTHER "6281222222222"
#define DAY_S 86400

static char kept[8][64];

static struct bytes keep(int at, struct bytes text)
{
	snprintf(kept[at], sizeof(kept[at]), "%.*s", (int)text.size, (const char *)text.data);
	return B(kept[at]);
}

static void by_gateway(struct fixture *f)
{
	f->env.codes_to_console = false;
	f->env.sends_to_phones = f->env.sends_email = true;
}

/* ---- Codes ---- */

static void the_first_answer_is_the_same_for_all(void **state)
{
	struct fixture *f = *state;
	const char *const phones[] = {PHONE, OTHER, "88812345678"};
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");

	by_gateway(f);
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		struct call *call = fixture_call(f, 2);
		struct login_sent sent;

		assert_int_equal(fixture_end(f, login_send_code(call, B(phones[i]), &sent)), 0);
		assert_int_equal(sent.way, CODE_TO_APP);
		assert_true(sent.next_phone);
		/* To the devices, else to the phone; an anonymous number has none. */
		assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, user), i == 0);
		assert_int_equal(fixture_effect_count(f, EFFECT_CODE, 0), i == 1);
	}
}

static void a_code_asked_for_again_goes_outside(void **state)
{
	struct fixture *f = *state;
	struct login_sent sent;
	struct call *call;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	by_gateway(f);
	call = fixture_call(f, 2);
	assert_int_equal(fixture_end(f, login_send_code(call, B(PHONE), &sent)), 0);
	keep(0, sent.hash);
	call = fixture_call(f, 2);
	assert_int_equal(fixture_end(f, login_resend_code(call, B(PHONE), B(kept[0]), &sent)), 0);
	assert_int_equal(sent.way, CODE_TO_PHONE);
	assert_int_equal(fixture_effect_count(f, EFFECT_CODE, 0), 1);
}

/* ---- Sign-up ---- */

static void nobody_signs_up_uninvited(void **state)
{
	struct fixture *f = *state;
	struct code_phone phone;
	struct bytes hash;
	const char *code;
	int64_t user;

	f->env.signup = SIGNUP_CLOSED;
	code = fixture_send_code(f, 1, PHONE, &hash);
	fixture_refused(f, login_sign_in(fixture_call(f, 1), B(PHONE), hash, B(code), &user), 400,
		"PHONE_NUMBER_UNOCCUPIED");
	f->env.signup = SIGNUP_INVITED;
	code = fixture_send_code(f, 1, PHONE, &hash);
	fixture_refused(f, login_sign_in(fixture_call(f, 1), B(PHONE), hash, B(code), &user), 400,
		"PHONE_NUMBER_UNOCCUPIED");
	assert_int_equal(code_phone_take(fixture_call(f, 9), B(PHONE), &phone), 0);
	invitation_add_number(&f->call, &phone, DAY_S);
	fixture_end(f, 0);
	assert_true(fixture_sign_up(f, 1, PHONE, "Ayu", "") > 0);
	/* Once: it was for that account. */
	assert_int_equal(code_phone_take(fixture_call(f, 9), B(PHONE), &phone), 0);
	assert_false(signup_admits(&f->call, &phone));
	fixture_end(f, 0);
}

static void a_word_is_no_name(void **state)
{
	struct fixture *f = *state;
	struct bytes hash, word;
	const char *code;
	struct home_user profile;
	int64_t user;

	f->env.signup = SIGNUP_INVITED;
	fixture_call(f, 9);
	word = keep(0, invitation_add_word(&f->call, 1, DAY_S));
	fixture_end(f, 0);
	code = fixture_send_code(f, 1, PHONE, &hash);
	assert_int_equal(
		fixture_end(f, login_sign_in(fixture_call(f, 1), B(PHONE), hash, B(code), &user)),
		0);
	assert_int_equal(user, 0);
	fixture_refused(f,
		login_sign_up(fixture_call(f, 1), B(PHONE), hash, NEWCOMER("Ayu", "Dewi"), &user),
		400, "LASTNAME_INVALID");
	assert_int_equal(
		fixture_end(f, login_sign_up(fixture_call(f, 1), B(PHONE), hash,
				       &(struct login_newcomer){B("Ayu"), word, false}, &user)),
		0);
	fixture_call(f, 1);
	assert_true(home_user_get(store_home(&f->store), f->vault, &f->arena, user, &profile));
	assert_int_equal(profile.last_name.size, 0);
	assert_false(home_invitation_words(store_home(&f->store), f->now_s));
	fixture_end(f, 0);
}

/* ---- QR ---- */

static void a_token_is_for_one_key_once_and_not_for_long(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct home_login login;
	struct login_qr qr;
	char token[32];

	assert_int_equal(fixture_end(f, login_qr_export(fixture_call(f, 2), NULL, 0, &qr)), 0);
	assert_int_equal(qr.user, 0);
	assert_int_equal(qr.token.size, sizeof(token));
	memcpy(token, qr.token.data, sizeof(token));
	f->now_s += LOGIN_QR_LIFE_S;
	fixture_refused(f,
		login_qr_accept(fixture_call(f, 1), bytes_of(token, sizeof(token)), &login), 400,
		"AUTH_TOKEN_INVALIDX");
	assert_int_equal(fixture_end(f, login_qr_export(fixture_call(f, 2), NULL, 0, &qr)), 0);
	memcpy(token, qr.token.data, sizeof(token));
	/* Nobody accepted it yet, and another key never fetches it. */
	fixture_refused(f, login_qr_import(fixture_call(f, 2), bytes_of(token, sizeof(token)), &qr),
		400, "AUTH_TOKEN_EXPIRED");
	assert_int_equal(fixture_end(f, login_qr_accept(fixture_call(f, 1),
						bytes_of(token, sizeof(token)), &login)),
		0);
	assert_int_equal(login.key_id, 2);
	assert_int_equal(f->effects->at[f->effects->count - 1].kind, EFFECT_KEY);
	assert_int_equal(f->effects->at[f->effects->count - 1].key_id, 2);
	fixture_refused(f,
		login_qr_accept(fixture_call(f, 1), bytes_of(token, sizeof(token)), &login), 400,
		"AUTH_TOKEN_ALREADY_ACCEPTED");
	fixture_refused(f, login_qr_import(fixture_call(f, 3), bytes_of(token, sizeof(token)), &qr),
		400, "AUTH_TOKEN_EXPIRED");
	assert_int_equal(fixture_end(f, login_qr_export(fixture_call(f, 2), NULL, 0, &qr)), 0);
	assert_int_equal(qr.user, user);
	/* The answer was lost. */
	assert_int_equal(fixture_end(f, login_qr_export(fixture_call(f, 2), NULL, 0, &qr)), 0);
	assert_int_equal(qr.user, user);
}

static void a_client_that_has_the_account_is_spared(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct home_login login;
	struct login_qr qr;
	char token[32];

	assert_int_equal(fixture_end(f, login_qr_export(fixture_call(f, 2), &user, 1, &qr)), 0);
	memcpy(token, qr.token.data, sizeof(token));
	fixture_refused(f,
		login_qr_accept(fixture_call(f, 1), bytes_of(token, sizeof(token)), &login), 400,
		"AUTH_TOKEN_EXCEPTION");
}

/* ---- E-mail ---- */

static void an_address_is_proved_before_it_is_used(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), reset_at_s;
	struct bytes email;

	fixture_refused(
		f, login_email_send(fixture_call(f, 1), B("no address")), 400, "EMAIL_INVALID");
	assert_int_equal(fixture_end(f, login_email_send(fixture_call(f, 1), B("a@b.example"))), 0);
	keep(0, fixture_effect(f, EFFECT_EMAIL, 0)->code);
	fixture_refused(
		f, login_email_verify(fixture_call(f, 1), B("x"), &email), 400, "CODE_INVALID");
	fixture_call(f, 1);
	assert_null(login_email_of(&f->call, user, &reset_at_s).data);
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, login_email_verify(fixture_call(f, 1), B(kept[0]), &email)), 0);
	fixture_refused(f, login_email_verify(fixture_call(f, 1), B(kept[0]), &email), 400,
		"EMAIL_VERIFY_EXPIRED");
	fixture_call(f, 1);
	assert_true(bytes_equal_str(login_email_of(&f->call, user, &reset_at_s), "a@b.example"));
	fixture_end(f, 0);
	assert_false(fixture_files_contain(f, "a@b.example", 11));
}

static void addresses_are_plain(void **state)
{
	static const char *const right[] = {"a@b.c", "a.b+c@d-e.example"};
	static const char *const wrong[] = {"", "a", "@b.c", "a@", "a@b", "a b@c.d", "a@b..c",
		".a@b.c", "a.@b.c", "-a@b.c", "a@-b.c", "a@b.c\nTo: d@e.f", "<a@b.c>", "a\"@b.c",
		"a@b.c,d@e.f"};

	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		assert_true(outbox_address_is_valid(B(right[i])));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(outbox_address_is_valid(B(wrong[i])));
}

/* ---- Another number ---- */

/* The device that the account was made on may, one that came in the same second may not. */
static void a_login_of_the_same_second_is_not_the_owners(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), in;
	struct login_sent sent;
	struct bytes hash;
	const char *code = fixture_send_code(f, 2, PHONE, &hash);

	assert_int_equal(
		fixture_end(f, login_sign_in(fixture_call(f, 2), B(PHONE), hash, B(code), &in)), 0);
	assert_int_equal(in, user);
	fixture_refused(f, change_phone_send(fixture_call(f, 2), B(OTHER), &sent), 406,
		"FRESH_CHANGE_PHONE_FORBIDDEN");
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, user)->set.updates[0].kind, UPDATE_NOTICE);
	assert_int_equal(fixture_end(f, change_phone_send(fixture_call(f, 1), B(OTHER), &sent)), 0);
}

static void a_number_is_changed_by_who_holds_the_new_one(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	struct login_sent sent;
	uint8_t hash[VAULT_LOOKUP_SIZE];

	fixture_sign_up(f, 2, OTHER, "Budi", "");
	fixture_refused(f, change_phone_send(fixture_call(f, 1), B(PHONE), &sent), 400,
		"PHONE_NUMBER_OCCUPIED");
	fixture_refused(f, change_phone_send(fixture_call(f, 1), B("88812345678"), &sent), 400,
		"PHONE_NUMBER_INVALID");
	/* That it is taken, only its holder learns. */
	assert_int_equal(fixture_end(f, change_phone_send(fixture_call(f, 1), B(OTHER), &sent)), 0);
	keep(0, sent.hash);
	keep(1, fixture_effect(f, EFFECT_CODE, 0)->code);
	fixture_refused(f, change_phone(fixture_call(f, 1), B(OTHER), B(kept[0]), B("x")), 400,
		"PHONE_CODE_INVALID");
	fixture_refused(f, change_phone(fixture_call(f, 1), B(OTHER), B(kept[0]), B(kept[1])), 400,
		"PHONE_NUMBER_OCCUPIED");
	assert_int_equal(
		fixture_end(f, change_phone_send(fixture_call(f, 1), B("4915133333333"), &sent)),
		0);
	keep(0, sent.hash);
	keep(1, fixture_effect(f, EFFECT_CODE, 0)->code);
	/* Not a code to log in with, nor anybody else's. */
	fixture_refused(f,
		change_phone(fixture_call(f, 2), B("4915133333333"), B(kept[0]), B(kept[1])), 400,
		"PHONE_CODE_EXPIRED");
	assert_int_equal(fixture_end(f, change_phone(fixture_call(f, 1), B("4915133333333"),
						B(kept[0]), B(kept[1]))),
		0);
	/* What is restricted in the other country is so from now on. */
	assert_string_equal(fixture_effect(f, EFFECT_COUNTRY, user)->country, "DE");
	fixture_call(f, 1);
	vault_lookup(f->vault, "phone", B("4915133333333"), hash);
	assert_int_equal(home_user_by_phone(store_home(&f->store), hash), user);
	vault_lookup(f->vault, "phone", B(PHONE), hash);
	assert_int_equal(home_user_by_phone(store_home(&f->store), hash), 0);
	fixture_end(f, 0);
}

/* ---- The end ---- */

static void an_account_ends_for_good(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");
	const struct password_answer none = {0};
	uint8_t salt[VAULT_SALT_SIZE];

	assert_int_equal(fixture_end(f, account_delete(fixture_call(f, 1), &none)), 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_LOGOUT, user), 1);
	fixture_call(f, 1);
	assert_int_equal(f->call.user, 0);
	assert_false(home_user_exists(store_home(&f->store), user));
	assert_false(home_salt(store_home(&f->store), user, salt));
	while (accounts_end_due(&f->call))
		;
	assert_int_equal(db_get_int(store_home(&f->store), -1,
				 "SELECT count(*) FROM messages WHERE owner = ?1", DB_INT(user)),
		0);
	fixture_end(f, 0);
	fixture_refused(f, account_delete(fixture_call(f, 1), &none), 401, "AUTH_KEY_UNREGISTERED");
	/* The number may begin anew. */
	assert_true(fixture_sign_up(f, 1, PHONE, "Ayu", "") != user);
}

static void an_account_unseen_for_its_time_ends(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", ""), cursor = 0;

	fixture_refused(f, account_set_ttl(fixture_call(f, 1), 29), 400, "TTL_DAYS_INVALID");
	assert_int_equal(fixture_end(f, account_set_ttl(fixture_call(f, 1), 30)), 0);
	for (int days = 29; days <= 31; days += 2) {
		f->now_s += (days == 29 ? 29 : 2) * (int64_t)DAY_S;
		fixture_call(f, 9);
		while (accounts_look(&f->call, &cursor))
			;
		assert_int_equal(home_user_exists(store_home(&f->store), user), days == 29);
		fixture_end(f, 0);
	}
}

/* Years away, and back before upkeep came to it: nothing may end it later. */
static void who_comes_back_late_stays(void **state)
{
	struct fixture *f = *state;
	int64_t others[20], user = 0, cursor = 0;
	struct bytes code, hash;
	char phone[16];
	int there = 0;

	for (int i = 0; i < 20; i++) {
		snprintf(phone, sizeof(phone), "62812000%02d", i);
		others[i] = fixture_sign_up(f, 20 + (uint64_t)i, phone, "Ayu", "");
	}
	f->now_s += (HOME_TTL_DAYS + 1) * (int64_t)DAY_S;
	fixture_call(f, 9);
	assert_true(accounts_look(&f->call, &cursor));
	fixture_end(f, 0);
	code = B(fixture_send_code(f, 40, phone, &hash));
	assert_int_equal(
		fixture_end(f, login_sign_in(fixture_call(f, 40), B(phone), hash, code, &user)), 0);
	assert_int_equal(user, others[19]);
	fixture_call(f, 9);
	while (accounts_look(&f->call, &cursor))
		;
	while (accounts_end_due(&f->call))
		;
	for (int i = 0; i < 20; i++)
		there += home_user_exists(store_home(&f->store), others[i]);
	assert_int_equal(there, 1);
	assert_true(home_user_exists(store_home(&f->store), user));
	fixture_end(f, 0);
}

static void bots_stay_without_being_seen(void **state)
{
	struct fixture *f = *state;
	char token[BOT_TOKEN_SIZE];
	int64_t bot, cursor = 0;

	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, 9), B("weather_bot"), B("Weather"),
						&bot, token)),
		0);
	f->now_s += (HOME_TTL_DAYS + 1) * (int64_t)DAY_S;
	fixture_call(f, 9);
	while (accounts_look(&f->call, &cursor))
		;
	assert_true(home_user_exists(store_home(&f->store), bot));
	fixture_end(f, 0);
}

/* ---- Handed out, terms ---- */

static void an_operator_lets_nobody_in_to_an_account_in_use(void **state)
{
	struct fixture *f = *state;
	struct code_phone phone;
	struct bytes code, hash;
	int64_t user;

	assert_int_equal(
		fixture_end(f, account_add(fixture_call(f, 9), B("Wayan"), &phone, &code)), 0);
	keep(0, phone.digits);
	keep(1, code);
	assert_int_equal(kept[0][0], '8');
	fixture_send_code(f, 1, kept[0], &hash);
	assert_int_equal(fixture_end(f, login_sign_in(fixture_call(f, 1), B(kept[0]), hash,
						B(kept[1]), &user)),
		0);
	assert_true(user > 0);
	assert_int_equal(code_phone_take(fixture_call(f, 9), B(kept[0]), &phone), 0);
	assert_int_equal(account_code(&f->call, &phone, &code), HAND_OUT_NO_PASSWORD);
	fixture_end(f, 0);
	assert_int_equal(code_phone_take(fixture_call(f, 9), B(PHONE), &phone), 0);
	assert_int_equal(account_code(&f->call, &phone, &code), HAND_OUT_NOBODY);
	fixture_end(f, 0);
	/* It worked once. */
	fixture_send_code(f, 2, kept[0], &hash);
	fixture_refused(f, login_sign_in(fixture_call(f, 2), B(kept[0]), hash, B(kept[1]), &user),
		400, "PHONE_CODE_INVALID");
}

static void terms_are_accepted_by_their_text(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, PHONE, "Ayu", "");

	assert_false(terms_are_due(fixture_call(f, 1)));
	fixture_end(f, 0);
	f->env.terms = BYTES_LITERAL("Be kind.");
	assert_true(terms_are_due(fixture_call(f, 1)));
	terms_accept(&f->call, user);
	assert_false(terms_are_due(&f->call));
	fixture_end(f, 0);
	f->env.terms = BYTES_LITERAL("Be kind, and patient.");
	assert_true(terms_are_due(fixture_call(f, 1)));
	fixture_end(f, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_answer_is_the_same_for_all),
		TEST(a_code_asked_for_again_goes_outside),
		TEST(nobody_signs_up_uninvited),
		TEST(a_word_is_no_name),
		TEST(a_token_is_for_one_key_once_and_not_for_long),
		TEST(a_client_that_has_the_account_is_spared),
		TEST(an_address_is_proved_before_it_is_used),
		TEST(addresses_are_plain),
		TEST(a_login_of_the_same_second_is_not_the_owners),
		TEST(a_number_is_changed_by_who_holds_the_new_one),
		TEST(an_account_ends_for_good),
		TEST(an_account_unseen_for_its_time_ends),
		TEST(who_comes_back_late_stays),
		TEST(bots_stay_without_being_seen),
		TEST(an_operator_lets_nobody_in_to_an_account_in_use),
		TEST(terms_are_accepted_by_their_text),
	};

	return cmocka_run_group_tests_name("core/ways_in", tests, NULL, NULL);
}
