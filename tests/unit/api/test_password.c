/* SPDX-License-Identifier: Apache-2.0 */
/* api/account_password.c, account_sessions.c: what clients hear and say, in every layer. The rules
 * are in tests/unit/core. */
#include "../core/password_fixture.h"
#include "layered.h"

#include "core/accounts/sessions.h"

#define PHONE "6281234567890"

enum { SECRET = 11 };

static struct tl_object *kdf_algo(struct fixture *f, const struct password_settings *settings)
{
	struct tl_passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow *algo = TL_NEW(
		&f->arena, passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow);

	algo->salt1 = settings->salt1;
	algo->salt2 = settings->salt2;
	algo->g = PASSWORD_GENERATOR;
	algo->p = password_prime();
	return &algo->o;
}

static struct tl_account_updatePasswordSettings *update_of(
	struct fixture *f, const struct password_settings *settings)
{
	struct tl_account_updatePasswordSettings *req = REQUEST(account_updatePasswordSettings);
	struct tl_account_passwordInputSettings *in =
		TL_NEW(&f->arena, account_passwordInputSettings);

	in->new_algo = kdf_algo(f, settings);
	in->new_password_hash = settings->verifier;
	in->hint = settings->hint;
	req->new_settings = &in->o;
	req->password = &TL_NEW(&f->arena, inputCheckPasswordEmpty)->o;
	return req;
}

static struct tl_object *srp(struct fixture *f, const struct password_answer *answer)
{
	struct tl_inputCheckPasswordSRP *in = TL_NEW(&f->arena, inputCheckPasswordSRP);

	in->srp_id = answer->srp_id;
	in->A = answer->a;
	in->M1 = answer->m1;
	return &in->o;
}

static void the_state_says_what_a_client_needs(void **state)
{
	struct fixture *f = *state;
	const struct tl_passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow *algo;
	const struct tl_account_password *password;
	union tl_reply reply;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	fixture_call(f, 1);
	RUN(account_getPassword, REQUEST(account_getPassword));
	password = TL_AS(account_password, reply.object);
	assert_false(password->has_password || password->has_recovery || password->has_srp_id);
	assert_null(password->current_algo);
	algo = TL_AS(passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow,
		password->new_algo);
	assert_int_equal(algo->g, 3);
	assert_int_equal(algo->p.size, DH_SIZE);
	assert_true(TL_AS(securePasswordKdfAlgoPBKDF2HMACSHA512iter100000,
			    password->new_secure_algo) != NULL);
	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	fixture_call(f, 1);
	RUN(account_getPassword, REQUEST(account_getPassword));
	password = TL_AS(account_password, reply.object);
	assert_true(password->has_password && password->has_srp_id);
	assert_int_equal(password->srp_B.size, DH_SIZE);
	assert_true(bytes_equal_str(password->hint, "the usual"));
	assert_non_null(password->current_algo);
}

static void settings_in_a_form_that_is_not_served_are_refused(void **state)
{
	struct fixture *f = *state;
	struct tl_account_updatePasswordSettings *req;
	struct tl_account_passwordInputSettings *in;
	struct password_settings settings;
	union tl_reply reply;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	settings = fixture_settings(f, 1, SECRET);
	fixture_call(f, 1);
	req = update_of(f, &settings);
	in = (struct tl_account_passwordInputSettings *)req->new_settings;
	in->new_secure_settings = &TL_NEW(&f->arena, secureSecretSettings)->o;
	REFUSED(account_updatePasswordSettings, req, 400, "NEW_SETTINGS_INVALID");
	fixture_call(f, 1);
	req = update_of(f, &settings);
	in = (struct tl_account_passwordInputSettings *)req->new_settings;
	in->new_algo = &TL_NEW(&f->arena, passwordKdfAlgoUnknown)->o;
	REFUSED(account_updatePasswordSettings, req, 400, "NEW_SETTINGS_INVALID");
	fixture_call(f, 1);
	req = update_of(f, &settings);
	in = (struct tl_account_passwordInputSettings *)req->new_settings;
	((struct tl_passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow *)
			in->new_algo)
		->g = 2;
	REFUSED(account_updatePasswordSettings, req, 400, "NEW_SETTINGS_INVALID");
	fixture_call(f, 1);
	RUN(account_updatePasswordSettings, update_of(f, &settings));
	assert_true(reply.boolean);
}

static void every_method_about_the_password_answers(void **state)
{
	struct fixture *f = *state;
	struct tl_account_getPasswordSettings *get;
	struct tl_auth_checkPassword *check;
	struct tl_account_confirmPasswordEmail *confirm;
	struct tl_auth_recoverPassword *recover;
	struct tl_auth_checkRecoveryPassword *check_code;
	struct password_answer answer;
	union tl_reply reply;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	answer = fixture_answer(f, 1, SECRET);
	fixture_call(f, 1);
	get = REQUEST(account_getPasswordSettings);
	get->password = srp(f, &answer);
	RUN(account_getPasswordSettings, get);
	fixture_begin_login(f, 2, PHONE);
	answer = fixture_answer(f, 2, SECRET);
	fixture_call(f, 2);
	check = REQUEST(auth_checkPassword);
	check->password = srp(f, &answer);
	RUN(auth_checkPassword, check);
	assert_non_null(TL_AS(auth_authorization, reply.object));
	fixture_call(f, 1);
	REFUSED(auth_requestPasswordRecovery, REQUEST(auth_requestPasswordRecovery), 400,
		"PASSWORD_RECOVERY_NA");
	fixture_call(f, 1);
	recover = REQUEST(auth_recoverPassword);
	recover->code = B("123456");
	REFUSED(auth_recoverPassword, recover, 400, "PASSWORD_RECOVERY_EXPIRED");
	fixture_call(f, 1);
	check_code = REQUEST(auth_checkRecoveryPassword);
	REFUSED(auth_checkRecoveryPassword, check_code, 400, "CODE_EMPTY");
	fixture_call(f, 1);
	confirm = REQUEST(account_confirmPasswordEmail);
	confirm->code = B("123456");
	REFUSED(account_confirmPasswordEmail, confirm, 400, "EMAIL_HASH_EXPIRED");
	fixture_call(f, 1);
	REFUSED(account_resendPasswordEmail, REQUEST(account_resendPasswordEmail), 400,
		"EMAIL_HASH_EXPIRED");
	fixture_call(f, 1);
	REFUSED(account_cancelPasswordEmail, REQUEST(account_cancelPasswordEmail), 400,
		"EMAIL_HASH_EXPIRED");
}

static void a_reset_has_three_answers(void **state)
{
	struct fixture *f = *state;
	union tl_reply reply;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	fixture_call(f, 1);
	RUN(account_resetPassword, REQUEST(account_resetPassword));
	assert_int_equal(TL_AS(account_resetPasswordRequestedWait, reply.object)->until_date,
		f->now_s + PASSWORD_RESET_WAIT_S);
	fixture_call(f, 1);
	RUN(account_getPassword, REQUEST(account_getPassword));
	assert_true(TL_AS(account_password, reply.object)->has_pending_reset_date);
	fixture_call(f, 1);
	RUN(account_declinePasswordReset, REQUEST(account_declinePasswordReset));
	fixture_call(f, 1);
	RUN(account_resetPassword, REQUEST(account_resetPassword));
	assert_non_null(TL_AS(account_resetPasswordFailedWait, reply.object));
	f->now_s += PASSWORD_RESET_RETRY_S;
	fixture_call(f, 1);
	RUN(account_resetPassword, REQUEST(account_resetPassword));
	f->now_s += PASSWORD_RESET_WAIT_S;
	fixture_call(f, 1);
	RUN(account_resetPassword, REQUEST(account_resetPassword));
	assert_non_null(TL_AS(account_resetPasswordOk, reply.object));
}

static void sessions_are_listed_with_what_is_known(void **state)
{
	struct fixture *f = *state;
	struct tl_account_changeAuthorizationSettings *change;
	struct tl_account_setAuthorizationTTL *ttl;
	const struct tl_account_authorizations *list;
	const struct tl_authorization *line;
	union tl_reply reply;

	fixture_sign_up(f, 1, PHONE, "Ayu", "");
	assert_int_equal(fixture_set_password(f, 1, 0, SECRET), 0);
	fixture_begin_login(f, 2, PHONE);
	f->now_s += SESSION_FRESH_S - 1;
	fixture_call(f, 1);
	change = REQUEST(account_changeAuthorizationSettings);
	change->has_call_requests_disabled = change->call_requests_disabled = true;
	RUN(account_changeAuthorizationSettings, change);
	fixture_call(f, 1);
	RUN(account_getAuthorizations, REQUEST(account_getAuthorizations));
	list = TL_AS(account_authorizations, reply.object);
	assert_int_equal(list->authorization_ttl_days, 180);
	assert_int_equal(list->authorizations.count, 2);
	line = TL_AS(authorization, list->authorizations.at[0]);
	assert_true(line->current && line->call_requests_disabled && line->hash == 0);
	assert_false(line->official_app || line->encrypted_requests_disabled);
	line = TL_AS(authorization, list->authorizations.at[1]);
	assert_true(line->password_pending && !line->current && line->hash != 0);
	f->now_s++;
	fixture_call(f, 1);
	ttl = REQUEST(account_setAuthorizationTTL);
	ttl->authorization_ttl_days = 7;
	RUN(account_setAuthorizationTTL, ttl);
	fixture_call(f, 1);
	RUN(auth_resetAuthorizations, REQUEST(auth_resetAuthorizations));
	fixture_call(f, 1);
	RUN(account_getAuthorizations, REQUEST(account_getAuthorizations));
	list = TL_AS(account_authorizations, reply.object);
	assert_int_equal(list->authorization_ttl_days, 7);
	assert_int_equal(list->authorizations.count, 1);
	fixture_call(f, 1);
	RUN(auth_logOut, REQUEST(auth_logOut));
	assert_non_null(TL_AS(auth_loggedOut, reply.object)->future_auth_token.data);
}

#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HOME(the_state_says_what_a_client_needs),
		WITH_HOME(settings_in_a_form_that_is_not_served_are_refused),
		WITH_HOME(every_method_about_the_password_answers),
		WITH_HOME(a_reset_has_three_answers),
		WITH_HOME(sessions_are_listed_with_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
