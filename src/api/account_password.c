/* SPDX-License-Identifier: Apache-2.0 */
/* Two-step verification. https://core.telegram.org/api/srp */
#include "api/encode_login.h"
#include "api/encode_session.h"
#include "api/handlers.h"
#include "core/accounts/login_email.h"
#include "core/accounts/outbox.h"
#include "core/accounts/password_email.h"
#include "core/accounts/password_reset.h"

#define SECURE_RANDOM_SIZE 256 /* clients mix it into what they draw themselves */
#define SECURE_SALT_SIZE 8

static struct tl_object *encode_algo(struct call *call, struct bytes salt1, struct bytes salt2)
{
	struct tl_passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow *out = TL_NEW(
		call->arena, passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow);

	out->salt1 = salt1;
	out->salt2 = salt2;
	out->g = PASSWORD_GENERATOR;
	out->p = password_prime();
	return &out->o;
}

static struct bytes draw(struct call *call, size_t size)
{
	uint8_t *out = arena_alloc(call->arena, size);

	random_fill(call->env->random, out, size);
	return bytes_of(out, size);
}

/* Telegram Passport is not served, but clients refuse a state in which its algorithm is not known.
 */
static struct tl_object *encode_secure_algo(struct call *call)
{
	struct tl_securePasswordKdfAlgoPBKDF2HMACSHA512iter100000 *out =
		TL_NEW(call->arena, securePasswordKdfAlgoPBKDF2HMACSHA512iter100000);

	out->salt = draw(call, SECURE_SALT_SIZE);
	return &out->o;
}

/* Clients show it in the same place; who only waits for the password is not told. */
static struct bytes login_address(struct call *call)
{
	int64_t reset_at_s;
	struct bytes address =
		call->user ? login_email_of(call, call->user, &reset_at_s) : (struct bytes){0};

	return address.data ? outbox_address_pattern(call->arena, address) : address;
}

/* https://core.telegram.org/method/account.getPassword */
int api_account_getPassword(struct call *call, const struct tl_account_getPassword *req,
	struct tl_account_password *reply)
{
	struct password_view view;

	if (password_get(call, &view) < 0)
		return -1;
	reply->has_password = view.is_set;
	reply->has_recovery = view.has_recovery;
	if (view.is_set) {
		reply->current_algo = encode_algo(call, view.salt1, view.salt2);
		reply->srp_B = view.b;
		reply->srp_id = view.srp_id;
		reply->has_srp_id = true;
	}
	reply->hint = view.hint;
	reply->email_unconfirmed_pattern = view.unconfirmed;
	reply->pending_reset_date = (int32_t)view.reset_at_s;
	reply->has_pending_reset_date = view.reset_at_s != 0;
	reply->login_email_pattern = login_address(call);
	reply->new_algo = encode_algo(call, view.next_salt1, view.next_salt2);
	reply->new_secure_algo = encode_secure_algo(call);
	reply->secure_random = draw(call, SECURE_RANDOM_SIZE);
	return 0;
}

/* https://core.telegram.org/method/account.getPasswordSettings */
int api_account_getPasswordSettings(struct call *call,
	const struct tl_account_getPasswordSettings *req, struct tl_account_passwordSettings *reply)
{
	struct password_answer answer = decode_password_answer(req->password);

	return password_get_settings(call, &answer, &reply->email);
}

static int decode_settings(
	struct call *call, const struct tl_object *input, struct password_settings *out)
{
	const struct tl_account_passwordInputSettings *in =
		TL_AS(account_passwordInputSettings, input);
	const struct tl_passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow *algo;

	*out = (struct password_settings){0};
	/* Secrets of Telegram Passport would be lost. */
	if (!in || in->new_secure_settings)
		return rpc_error(call, 400, "NEW_SETTINGS_INVALID");
	out->email = in->email;
	if (!in->new_algo)
		return 0;
	out->has_password = true;
	out->verifier = in->new_password_hash;
	out->hint = in->hint;
	algo = TL_AS(
		passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow, in->new_algo);
	if (!algo)
		return 0;
	if (algo->g != PASSWORD_GENERATOR || !bytes_equal(algo->p, password_prime()))
		return rpc_error(call, 400, "NEW_SETTINGS_INVALID");
	out->salt1 = algo->salt1;
	out->salt2 = algo->salt2;
	return 0;
}

/* https://core.telegram.org/method/account.updatePasswordSettings */
int api_account_updatePasswordSettings(
	struct call *call, const struct tl_account_updatePasswordSettings *req, bool *reply)
{
	struct password_answer answer = decode_password_answer(req->password);
	struct password_settings settings;

	*reply = true;
	if (decode_settings(call, req->new_settings, &settings) < 0)
		return -1;
	return password_update(call, &answer, &settings);
}

/* https://core.telegram.org/method/account.confirmPasswordEmail */
int api_account_confirmPasswordEmail(
	struct call *call, const struct tl_account_confirmPasswordEmail *req, bool *reply)
{
	*reply = true;
	return password_email_confirm(call, req->code);
}

/* https://core.telegram.org/method/account.resendPasswordEmail */
int api_account_resendPasswordEmail(
	struct call *call, const struct tl_account_resendPasswordEmail *req, bool *reply)
{
	*reply = true;
	return password_email_resend(call);
}

/* https://core.telegram.org/method/account.cancelPasswordEmail */
int api_account_cancelPasswordEmail(
	struct call *call, const struct tl_account_cancelPasswordEmail *req, bool *reply)
{
	*reply = true;
	return password_email_cancel(call);
}

/* https://core.telegram.org/method/auth.checkPassword */
int api_auth_checkPassword(
	struct call *call, const struct tl_auth_checkPassword *req, struct tl_object **reply)
{
	struct password_answer answer = decode_password_answer(req->password);
	int64_t user;

	if (password_check(call, &answer, &user) < 0)
		return -1;
	return encode_authorization(call, user, reply);
}

/* https://core.telegram.org/method/auth.requestPasswordRecovery */
int api_auth_requestPasswordRecovery(struct call *call,
	const struct tl_auth_requestPasswordRecovery *req, struct tl_auth_passwordRecovery *reply)
{
	return password_recovery_request(call, &reply->email_pattern);
}

/* https://core.telegram.org/method/auth.checkRecoveryPassword */
int api_auth_checkRecoveryPassword(
	struct call *call, const struct tl_auth_checkRecoveryPassword *req, bool *reply)
{
	*reply = true;
	return password_recovery_check(call, req->code);
}

/* https://core.telegram.org/method/auth.recoverPassword */
int api_auth_recoverPassword(
	struct call *call, const struct tl_auth_recoverPassword *req, struct tl_object **reply)
{
	struct password_settings settings;
	int64_t user;

	if (req->new_settings && decode_settings(call, req->new_settings, &settings) < 0)
		return -1;
	if (password_recover(call, req->code, req->new_settings ? &settings : NULL, &user) < 0)
		return -1;
	return encode_authorization(call, user, reply);
}

/* https://core.telegram.org/method/account.resetPassword */
int api_account_resetPassword(
	struct call *call, const struct tl_account_resetPassword *req, struct tl_object **reply)
{
	struct tl_account_resetPasswordRequestedWait *waits;
	struct tl_account_resetPasswordFailedWait *failed;
	enum password_reset_result result;
	int64_t date_s;

	if (password_reset(call, &result, &date_s) < 0)
		return -1;
	switch (result) {
	case PASSWORD_RESET_DONE:
		*reply = &TL_NEW(call->arena, account_resetPasswordOk)->o;
		break;
	case PASSWORD_RESET_WAITS:
		waits = TL_NEW(call->arena, account_resetPasswordRequestedWait);
		waits->until_date = (int32_t)date_s;
		*reply = &waits->o;
		break;
	case PASSWORD_RESET_TOO_EARLY:
		failed = TL_NEW(call->arena, account_resetPasswordFailedWait);
		failed->retry_date = (int32_t)date_s;
		*reply = &failed->o;
		break;
	}
	return 0;
}

/* https://core.telegram.org/method/account.declinePasswordReset */
int api_account_declinePasswordReset(
	struct call *call, const struct tl_account_declinePasswordReset *req, bool *reply)
{
	*reply = true;
	return password_reset_decline(call);
}
