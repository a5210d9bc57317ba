/* SPDX-License-Identifier: Apache-2.0 */
/* api/auth.c, auth_ways.c, account_login.c, account_end.c: ways in, another number and the end of
 * an account, as clients ask for them in every layer. The rules are in tests/unit/core. */
#include "../core/password_fixture.h"
#include "layered.h"

#include <stdio.h>
#include <string.h>

#include "core/accounts/account_end.h"
#include "core/bots/bots.h"
#include "core/accounts/contacts.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"
#define OTHER "6281200000003"

enum { SECRET = 11, WRONG = 12 };

static struct bytes code_sent(struct fixture *f)
{
	return layered_keep(fixture_effect(f, EFFECT_CODE, 0)->code);
}

static struct bytes hash_sent(const union tl_reply *reply)
{
	return layered_keep(TL_AS(auth_sentCode, reply->object)->phone_code_hash);
}

static const struct tl_user *self_of(const struct tl_object *authorization)
{
	return TL_AS(user, TL_AS(auth_authorization, authorization)->user);
}

static struct tl_object *srp(struct fixture *f, uint64_t key_id, uint8_t secret)
{
	struct password_answer answer = fixture_answer(f, key_id, secret);
	struct tl_inputCheckPasswordSRP *in;

	fixture_call(f, key_id);
	in = REQUEST(inputCheckPasswordSRP);
	in->srp_id = answer.srp_id;
	in->A = answer.a;
	in->M1 = answer.m1;
	return &in->o;
}

/* ---- Signing up ---- */

static bool has_news(const struct fixture *f, int64_t account)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->account == account && effect->set.update_count &&
			effect->set.updates[0].kind == UPDATE_NEW_MESSAGE)
			return true;
	}
	return false;
}

static void sign_up(struct fixture *f, uint64_t key_id, const char *phone, bool quietly)
{
	struct bytes hash;
	const char *code = fixture_send_code(f, key_id, phone, &hash);
	struct tl_auth_signIn *in;
	struct tl_auth_signUp *up;
	union tl_reply reply;

	fixture_call(f, key_id);
	in = REQUEST(auth_signIn);
	in->phone_number = B(phone);
	in->phone_code_hash = hash;
	in->phone_code = B(code);
	RUN(auth_signIn, in);
	assert_non_null(TL_AS(auth_authorizationSignUpRequired, reply.object));
	fixture_call(f, key_id);
	up = REQUEST(auth_signUp);
	up->phone_number = B(phone);
	up->phone_code_hash = hash;
	up->first_name = B("Budi");
	up->last_name = B("");
	up->no_joined_notifications = quietly;
	RUN(auth_signUp, up);
	assert_true(self_of(reply.object)->self);
}

static void who_signs_up_says_whether_others_hear_of_it(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	struct contact_import items[] = {{.card = {.phone = B(BUDI), .first_name = B("B")}},
		{.card = {.phone = B(OTHER), .first_name = B("C")}}};
	int64_t *contacts;
	size_t count;

	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, 1), items, 2)), 0);
	sign_up(f, 2, BUDI, false);
	assert_true(has_news(f, ayu));
	sign_up(f, 3, OTHER, true);
	assert_false(has_news(f, ayu));
	/* In the list of contacts he is all the same. */
	contacts_list(fixture_call(f, 1), &contacts, &count);
	assert_int_equal(count, 2);
	fixture_end(f, 0);
}

/* ---- Ways in ---- */

static void sign_in(struct fixture *f, uint64_t key_id, const char *phone)
{
	struct bytes hash;
	const char *code = fixture_send_code(f, key_id, phone, &hash);
	int64_t user;

	assert_int_equal(fixture_end(f, login_sign_in(fixture_call(f, key_id), B(phone), hash,
						B(code), &user)),
		0);
	assert_int_not_equal(user, 0);
}

static struct tl_auth_sendCode *send_with_token(struct fixture *f, struct bytes token)
{
	struct tl_auth_sendCode *send = REQUEST(auth_sendCode);
	struct tl_codeSettings *settings = REQUEST(codeSettings);

	settings->logout_tokens.count = 1;
	settings->logout_tokens.at = arena_array(&f->arena, 1, sizeof(struct bytes));
	settings->logout_tokens.at[0] = token;
	send->phone_number = B(AYU);
	send->settings = &settings->o;
	return send;
}

static void a_device_that_was_here_needs_no_code(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, AYU, "Ayu", "");
	struct tl_auth_checkPassword *check;
	struct tl_object *answer;
	struct bytes token;
	union tl_reply reply;

	fixture_call(f, 1);
	RUN(auth_logOut, REQUEST(auth_logOut));
	/* Without a password a token would be all it takes. */
	assert_null(TL_AS(auth_loggedOut, reply.object)->future_auth_token.data);
	sign_in(f, 2, AYU);
	assert_int_equal(fixture_set_password(f, 2, 0, SECRET), 0);
	fixture_call(f, 2);
	RUN(auth_logOut, REQUEST(auth_logOut));
	token = layered_keep(TL_AS(auth_loggedOut, reply.object)->future_auth_token);
	assert_true(token.size >= 32);

	fixture_call(f, 3);
	RUN(auth_sendCode, send_with_token(f, B("not a token")));
	assert_non_null(TL_AS(auth_sentCode, reply.object));
	fixture_call(f, 3);
	REFUSED(auth_sendCode, send_with_token(f, token), 401, "SESSION_PASSWORD_NEEDED");
	assert_null(fixture_effect(f, EFFECT_CODE, 0));
	answer = srp(f, 3, SECRET);
	check = REQUEST(auth_checkPassword);
	check->password = answer;
	RUN(auth_checkPassword, check);
	assert_int_equal(self_of(reply.object)->id, user);
}

static void a_device_lets_another_in(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, AYU, "Ayu", "");
	struct tl_auth_exportLoginToken *export;
	struct tl_auth_acceptLoginToken *accept;
	struct bytes token; /* any bytes: no text */
	union tl_reply reply;

	fixture_call(f, 2);
	export = REQUEST(auth_exportLoginToken);
	RUN(auth_exportLoginToken, export);
	token = layered_keep(TL_AS(auth_loginToken, reply.object)->token);
	assert_true(token.size > 0);
	assert_true(TL_AS(auth_loginToken, reply.object)->expires > f->now_s);
	fixture_call(f, 1);
	accept = REQUEST(auth_acceptLoginToken);
	accept->token = B("another");
	REFUSED(auth_acceptLoginToken, accept, 400, "AUTH_TOKEN_INVALIDX");
	fixture_call(f, 1);
	accept = REQUEST(auth_acceptLoginToken);
	accept->token = token;
	RUN(auth_acceptLoginToken, accept);
	assert_int_not_equal(TL_AS(authorization, reply.object)->hash, 0);
	fixture_call(f, 2);
	export = REQUEST(auth_exportLoginToken);
	RUN(auth_exportLoginToken, export);
	assert_int_equal(
		self_of(TL_AS(auth_loginTokenSuccess, reply.object)->authorization)->id, user);
}

static void a_bot_comes_in_by_its_token(void **state)
{
	struct fixture *f = *state;
	struct tl_auth_importBotAuthorization *import;
	char token[BOT_TOKEN_SIZE], wrong[BOT_TOKEN_SIZE];
	union tl_reply reply;
	int64_t bot;

	fixture_end(f, bot_add(fixture_call(f, 1), B("weather_bot"), B("Weather"), &bot, token));
	memcpy(wrong, token, sizeof(wrong));
	wrong[strlen(wrong) - 1] ^= 1;
	fixture_call(f, 2);
	import = REQUEST(auth_importBotAuthorization);
	import->bot_auth_token = B(wrong);
	REFUSED(auth_importBotAuthorization, import, 400, "ACCESS_TOKEN_INVALID");
	fixture_call(f, 2);
	import = REQUEST(auth_importBotAuthorization);
	import->bot_auth_token = B(token);
	RUN(auth_importBotAuthorization, import);
	assert_int_equal(self_of(reply.object)->id, bot);
	assert_true(self_of(reply.object)->bot);
	assert_true(self_of(reply.object)->has_bot_info_version);
	assert_null(self_of(reply.object)->status);
	assert_null(self_of(reply.object)->phone.data);
}

static void an_address_takes_the_place_of_the_phone(void **state)
{
	struct fixture *f = *state;
	struct tl_account_sendVerifyEmailCode *send;
	struct tl_emailVerificationCode *typed;
	struct tl_account_verifyEmail *verify;
	struct bytes pattern;
	const char *code;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	f->env.codes_to_console = false;
	fixture_call(f, 1);
	send = REQUEST(account_sendVerifyEmailCode);
	send->purpose = &REQUEST(emailVerifyPurposeLoginChange)->o;
	send->email = B("ayu@example.org");
	REFUSED(account_sendVerifyEmailCode, send, 400, "EMAIL_NOT_ALLOWED");
	f->env.sends_email = true;
	fixture_call(f, 1);
	send = REQUEST(account_sendVerifyEmailCode);
	/* A number that logs in is never asked for an address. */
	send->purpose = &REQUEST(emailVerifyPurposeLoginSetup)->o;
	send->email = B("ayu@example.org");
	REFUSED(account_sendVerifyEmailCode, send, 400, "EMAIL_NOT_ALLOWED");
	fixture_call(f, 1);
	send = REQUEST(account_sendVerifyEmailCode);
	send->purpose = &REQUEST(emailVerifyPurposeLoginChange)->o;
	send->email = B("ayu@example.org");
	RUN(account_sendVerifyEmailCode, send);
	pattern = TL_AS(account_sentEmailCode, reply.object)->email_pattern;
	assert_null(memmem(pattern.data, pattern.size, "ayu@", 4));
	code = fixture_letter(f, "ayu@example.org");
	fixture_call(f, 1);
	typed = REQUEST(emailVerificationCode);
	typed->code = B(code);
	verify = REQUEST(account_verifyEmail);
	verify->purpose = &REQUEST(emailVerifyPurposeLoginChange)->o;
	verify->verification = &typed->o;
	RUN(account_verifyEmail, verify);
	assert_true(bytes_equal_str(
		TL_AS(account_emailVerified, reply.object)->email, "ayu@example.org"));
	fixture_call(f, 1);
	RUN(account_getPassword, REQUEST(account_getPassword));
	assert_non_null(TL_AS(account_password, reply.object)->login_email_pattern.data);
}

/* ---- Another number, the end ---- */

static void a_number_is_changed(void **state)
{
	struct fixture *f = *state;
	struct tl_account_sendChangePhoneCode *send;
	struct tl_account_changePhone *change;
	struct bytes hash, code;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	fixture_call(f, 1);
	send = REQUEST(account_sendChangePhoneCode);
	send->phone_number = B(OTHER);
	RUN(account_sendChangePhoneCode, send);
	hash = hash_sent(&reply);
	code = code_sent(f);
	fixture_call(f, 1);
	change = REQUEST(account_changePhone);
	change->phone_number = B(OTHER);
	change->phone_code_hash = hash;
	change->phone_code = B("x");
	REFUSED(account_changePhone, change, 400, "PHONE_CODE_INVALID");
	fixture_call(f, 1);
	change = REQUEST(account_changePhone);
	change->phone_number = B(OTHER);
	change->phone_code_hash = hash;
	change->phone_code = code;
	RUN(account_changePhone, change);
	assert_true(bytes_equal_str(TL_AS(user, reply.object)->phone, OTHER));
}

/* The word of the link in the message that the account got; empty: there is none. */
static struct bytes word_of_link(const struct fixture *f, int64_t account)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];
		struct bytes text;
		const uint8_t *at;

		if (effect->account != account || !effect->set.update_count ||
			!effect->set.updates[0].message)
			continue;
		text = effect->set.updates[0].message->text;
		at = memmem(text.data, text.size, "hash=", 5);
		if (at)
			return layered_keep(
				bytes_of(at + 5, (size_t)(text.data + text.size - at) - 5));
	}
	return (struct bytes){0};
}

static void ask_the_end(struct fixture *f, uint64_t key_id, const char *refusal)
{
	struct tl_account_deleteAccount *end;
	union tl_reply reply;

	fixture_call(f, key_id);
	end = REQUEST(account_deleteAccount);
	end->reason = B("");
	REFUSED(account_deleteAccount, end, 420, refusal);
}

static void who_lacks_the_password_waits_a_week_in_which_it_is_stopped(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, AYU, "Ayu", "");
	struct tl_account_sendConfirmPhoneCode *send;
	struct tl_account_confirmPhone *confirm;
	struct bytes word, hash, code;
	union tl_reply reply;

	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	fixture_begin_login(f, 2, AYU);
	ask_the_end(f, 2, "2FA_CONFIRM_WAIT_604800");
	word = word_of_link(f, user);
	assert_true(word.size > 0);
	f->now_s += 3600;
	ask_the_end(f, 2, "2FA_CONFIRM_WAIT_601200");

	fixture_call(f, 1);
	send = REQUEST(account_sendConfirmPhoneCode);
	send->hash = B("guessed");
	REFUSED(account_sendConfirmPhoneCode, send, 400, "HASH_INVALID");
	fixture_call(f, 1);
	send = REQUEST(account_sendConfirmPhoneCode);
	send->hash = word;
	RUN(account_sendConfirmPhoneCode, send);
	hash = hash_sent(&reply);
	code = code_sent(f);
	fixture_call(f, 1);
	confirm = REQUEST(account_confirmPhone);
	confirm->phone_code_hash = hash;
	confirm->phone_code = code;
	RUN(account_confirmPhone, confirm);
	/* Nothing is due any more, however long one waits; asked again, it is a week again. */
	f->now_s += 8 * 86400;
	accounts_end_due(fixture_call(f, 9));
	fixture_end(f, 0);
	assert_int_equal(fixture_call(f, 1)->user, user);
	fixture_end(f, 0);
}

static void who_lacks_the_password_ends_it_after_a_week(void **state)
{
	struct fixture *f = *state;
	int64_t user = fixture_sign_up(f, 1, AYU, "Ayu", "");

	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	fixture_begin_login(f, 2, AYU);
	ask_the_end(f, 2, "2FA_CONFIRM_WAIT_604800");
	f->now_s += ACCOUNT_DELETE_WAIT_S;
	accounts_end_due(fixture_call(f, 9));
	fixture_end(f, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_LOGOUT, user), 1);
	assert_int_equal(fixture_call(f, 1)->user, 0);
	fixture_end(f, 0);
}

static void who_has_the_password_ends_it_at_once(void **state)
{
	struct fixture *f = *state;
	struct tl_account_deleteAccount *end;
	struct tl_object *answer;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	answer = srp(f, 1, WRONG);
	end = REQUEST(account_deleteAccount);
	end->reason = B("");
	end->password = answer;
	REFUSED(account_deleteAccount, end, 400, "PASSWORD_HASH_INVALID");
	answer = srp(f, 1, SECRET);
	end = REQUEST(account_deleteAccount);
	end->reason = B("");
	end->password = answer;
	RUN(account_deleteAccount, end);
	assert_true(reply.boolean);
	assert_int_equal(fixture_call(f, 1)->user, 0);
	fixture_end(f, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_signs_up_says_whether_others_hear_of_it),
		TEST(a_device_that_was_here_needs_no_code),
		TEST(a_device_lets_another_in),
		TEST(a_bot_comes_in_by_its_token),
		TEST(an_address_takes_the_place_of_the_phone),
		TEST(a_number_is_changed),
		TEST(who_lacks_the_password_waits_a_week_in_which_it_is_stopped),
		TEST(who_lacks_the_password_ends_it_after_a_week),
		TEST(who_has_the_password_ends_it_at_once),
	};

	return cmocka_run_group_tests_name("api/login", tests, NULL, NULL);
}
