/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in: codes, sign-in, sign-up, moving a login to another key. Ending a login is
 * core/accounts/sessions.h.
 *
 *   sendCode -> code waiting -> signIn -> account known: key belongs to it
 *                                      -> number new: verified, waits for signUp
 *
 * The answer is the same whether or not a number has an account, except to who holds the code:
 * how codes are sent and guessed is core/accounts/codes.h. Other ways in are
 * core/accounts/login_qr.h (another device lets it in), core/accounts/login_email.h and
 * core/accounts/login_bot.h.
 */
#ifndef CORE_LOGIN_H
#define CORE_LOGIN_H

#include "core/accounts/codes.h"

#define LOGIN_VERIFIED_LIFE_S 900 /* to type one's name before signUp */
#define LOGIN_EXPORT_LIFE_S 300	  /* slow clients make a key in between */

MUST_CHECK int login_send_code(struct call *call, struct bytes phone, struct login_sent *out);
/* Without a code, by a token of a device that logged out. *user: logged in; 0: no token fits. */
MUST_CHECK int login_return(struct call *call, struct bytes phone, const struct bytes *tokens,
	size_t token_count, int64_t *user);
/* A fresh code, under a new hash; the old one no longer works. */
MUST_CHECK int login_resend_code(
	struct call *call, struct bytes phone, struct bytes hash, struct login_sent *out);
MUST_CHECK int login_cancel_code(struct call *call, struct bytes phone, struct bytes hash);
/* *user: the account, now logged in on the key; 0: the number is verified and has no account (and
 * may get one: else PHONE_NUMBER_UNOCCUPIED). */
MUST_CHECK int login_sign_in(
	struct call *call, struct bytes phone, struct bytes hash, struct bytes code, int64_t *user);
/* Who signs up. quietly: those who saved the number get no message of it. */
struct login_newcomer {
	struct bytes first_name, last_name;
	bool quietly;
};
MUST_CHECK int login_sign_up(struct call *call, struct bytes phone, struct bytes hash,
	const struct login_newcomer *newcomer, int64_t *user);

/* The caller's key belongs to the account from now on, for every way in. tell: on a new device, so
 * the account's other sessions hear of it, and the password is asked for first if there is one.
 * Faults USER_ALREADY_AUTHORIZED, AUTH_KEY_INVALID, SESSION_PASSWORD_NEEDED. */
MUST_CHECK int login_as(struct call *call, int64_t user, bool tell);
/* An account under this number, which has none. Its box is there and everybody who saved the number
 * knows. Who may is the caller's affair. phone NULL: a bot's (core/bots/bots.h), which has no
 * number and is not welcomed. */
MUST_CHECK int login_create_account(struct call *call, const struct code_phone *phone,
	const struct login_newcomer *newcomer, int64_t *id);
/* account.invalidateSignInCodes: somebody is about to show them to others. */
void login_invalidate_codes(struct call *call);

/* Bytes that log one other key in to the caller's account, once, within LOGIN_EXPORT_LIFE_S. */
struct bytes login_export(struct call *call);
MUST_CHECK int login_import(struct call *call, int64_t user, struct bytes token);

#endif
