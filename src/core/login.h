/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in: codes, sign-in, sign-up, moving a login to another key. Ending a login is
 * core/sessions.h.
 *
 *   sendCode -> code waiting -> signIn -> account known: key belongs to it
 *                                      -> number new: verified, waits for signUp
 *
 * The answer is the same whether or not a number has an account, except to who holds the code:
 * where codes go to an account's other devices only, who has none is told the same, and waits in
 * vain. Codes are guessed against bounds: tries of one code, codes of one number and of one network
 * in an hour, wrong tries of one number in a day and of one network in an hour.
 */
#ifndef CORE_LOGIN_H
#define CORE_LOGIN_H

#include "core/call.h"

#define LOGIN_CODE_DIGITS 5
#define LOGIN_CODE_TRIES 5
#define LOGIN_CODE_LIFE_S 300
#define LOGIN_VERIFIED_LIFE_S 900 /* to type one's name before signUp */
#define LOGIN_CODES_PER_HOUR 5
#define LOGIN_WRONG_PER_DAY 10 /* of 100 000 codes: one chance in 10 000 a day */
/* Asked for from one network, and typed wrongly there, for whatever numbers: 480 guesses a day, one
 * chance in 200 to hit any account at all. */
#define LOGIN_CODES_PER_NETWORK_HOUR 60
#define LOGIN_WRONG_PER_NETWORK_HOUR 20
#define LOGIN_EXPORT_LIFE_S 60

struct login_sent {
	struct bytes hash; /* phone_code_hash */
	bool to_app;	   /* to the account's other sessions; else out of band */
};

MUST_CHECK int login_send_code(struct call *call, struct bytes phone, struct login_sent *out);
/* A fresh code, under a new hash; the old one no longer works. */
MUST_CHECK int login_resend_code(
	struct call *call, struct bytes phone, struct bytes hash, struct login_sent *out);
MUST_CHECK int login_cancel_code(struct call *call, struct bytes phone, struct bytes hash);
/* *user: the account, now logged in on the key; 0: the number is verified and has no account. */
MUST_CHECK int login_sign_in(
	struct call *call, struct bytes phone, struct bytes hash, struct bytes code, int64_t *user);
MUST_CHECK int login_sign_up(struct call *call, struct bytes phone, struct bytes hash,
	struct bytes first_name, struct bytes last_name, int64_t *user);

/* Bytes that log one other key in to the caller's account, once, within LOGIN_EXPORT_LIFE_S. */
struct bytes login_export(struct call *call);
MUST_CHECK int login_import(struct call *call, int64_t user, struct bytes token);

#endif
