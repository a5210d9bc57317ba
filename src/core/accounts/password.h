/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two-step verification: the password that a login needs beside its code, and what only who knows
 * it may do. https://core.telegram.org/api/srp. The server holds a verifier (crypto/srp.h), never
 * the password.
 *
 *   code is right -> no password: logged in
 *                 -> password_required: 401 SESSION_PASSWORD_NEEDED, the key is pending
 *                      -> checkPassword, or a code of the recovery e-mail: logged in
 *
 * A pending key is nobody's: it may ask for the challenge, answer it, and be recovered, and nothing
 * else. Guesses are bounded for the key, for all pending keys of the account together, and for the
 * network; what a stranger uses up is not taken from devices that are logged in.
 *
 * Codes by e-mail are core/accounts/password_email.h, the reset without any proof is
 * core/accounts/password_reset.h.
 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "core/call.h"
#include "core/words.h"
#include "store/home_passwords.h"

#define PASSWORD_GUESSES_PER_KEY_HOUR 5
#define PASSWORD_GUESSES_PENDING_DAY 20	 /* of all keys of an account that are not logged in */
#define PASSWORD_GUESSES_NETWORK_HOUR 20 /* of whatever accounts */
#define PASSWORD_CHALLENGE_LIFE_S 600
#define PASSWORD_CHALLENGE_USES 4 /* right answers: TDLib asks once and answers twice */
#define PASSWORD_HINT_CHARACTERS_MAX 255
/* The server's part of a new salt1, before 32 bytes of the client's, and the whole of salt2. */
#define PASSWORD_SALT1_HEAD 8
#define PASSWORD_SALT1_SIZE (PASSWORD_SALT1_HEAD + 32)
#define PASSWORD_SALT2_SIZE 16

/* The group that clients compute in: crypto/dh.h. */
#define PASSWORD_GENERATOR 3
struct bytes password_prime(void);

/* inputCheckPasswordSRP; not given: inputCheckPasswordEmpty. */
struct password_answer {
	bool given;
	int64_t srp_id;
	struct bytes a, m1;
};

/* What account.getPassword says. */
struct password_view {
	bool is_set, has_recovery;
	struct bytes salt1, salt2, b; /* with srp_id and hint: while it is set */
	int64_t srp_id;
	struct bytes hint;		     /* absent: none */
	struct bytes unconfirmed;	     /* pattern of an address that waits for its code */
	struct bytes next_salt1, next_salt2; /* for a new password */
	int64_t reset_at_s;		     /* 0: no reset was asked for */
};

/* account.passwordInputSettings. */
struct password_settings {
	bool has_password; /* salts, verifier and hint are given; verifier empty: remove it */
	struct bytes salt1, salt2; /* absent: of an algorithm that is not known */
	struct bytes verifier, hint;
	struct bytes email; /* absent: as it is; empty: remove it */
};

/*
 * For whoever logs a key in: call it when everything else is right. 0: go on. -1: 401
 * SESSION_PASSWORD_NEEDED, and call->key_id waits for the password of user (the call keeps its
 * writes); the login then ends here, by session_begin (core/accounts/sessions.h).
 */
MUST_CHECK int password_required(struct call *call, int64_t user);
bool password_is_set(struct call *call, int64_t user);
/* Whose password this call is about: the account that is logged in, else the one its key waits for;
 * 0: nobody. */
int64_t password_subject(struct call *call);

/*
 * Whether the caller knows the password of user: for everything that asks for it again. An account
 * without one takes the empty answer only. Faults PASSWORD_HASH_INVALID, SRP_ID_INVALID,
 * SRP_PASSWORD_CHANGED, FLOOD_WAIT_X; a wrong guess is kept although the call is refused.
 */
MUST_CHECK int password_verify(
	struct call *call, int64_t user, const struct password_answer *answer);

/* account.getPassword. Writes a new challenge. Fault AUTH_KEY_UNREGISTERED for nobody. */
MUST_CHECK int password_get(struct call *call, struct password_view *out);
/* auth.checkPassword: the pending login ends. *user: who is logged in now. */
MUST_CHECK int password_check(
	struct call *call, const struct password_answer *answer, int64_t *user);
/* account.getPasswordSettings: *email is the confirmed address, absent when there is none. */
MUST_CHECK int password_get_settings(
	struct call *call, const struct password_answer *answer, struct bytes *email);
/* account.updatePasswordSettings. Faults NEW_SETTINGS_INVALID, NEW_SETTINGS_EMPTY,
 * NEW_SALT_INVALID, EMAIL_INVALID; EMAIL_UNCONFIRMED_X when all of it waits for the code of an
 * e-mail address (the call keeps its writes). */
MUST_CHECK int password_update(struct call *call, const struct password_answer *answer,
	const struct password_settings *settings);

/* For the other files of core/password*.c. */

/* The new password (is_set, salts, verifier, hint) in *out. Faults as password_update. */
MUST_CHECK int password_take_new(struct call *call, int64_t user,
	const struct password_settings *settings, struct home_password *out);
/* next takes effect: what proved the old one is worth nothing any more, and what was asked of it
 * ends. The account's devices read why. */
void password_apply(struct call *call, int64_t user, struct home_password *next, enum word what);

#endif
