/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in: POST /api/session, and whether a person is who they say they are. A wrong name,
 * password, code or secret gives one answer in one time, and tries are counted by the name that was
 * typed and by the address that typed it, known or not.
 */
#ifndef DESK_SIGN_IN_H
#define DESK_SIGN_IN_H

#include "desk/desk.h"
#include "desk/people/people.h"

#define PASSWORD_MIN 12 /* characters; NIST SP 800-63B-4 asks for 8 beside a second factor */
#define PASSWORD_MAX 200
#define RECOVERY_CODES 10

/* Begins and ends transactions by itself: the work on a password takes longer than the square's
 * lock may be held. */
void desk_sign_in(struct ask *ask, struct reply *reply);

/* The password that a signed-in person repeats before they change how they sign in. With what it
 * refuses in the reply. The reader's transaction runs; a refusal is written in one of the writer's.
 */
MUST_CHECK bool sign_in_password_again(
	struct ask *ask, const struct person *p, struct bytes password, struct reply *reply);

/* The step of the first code of a new authenticator, inside the writer's transaction; 0: wrong,
 * counted as a wrong password is, with the refusal in the reply. */
MUST_CHECK int64_t sign_in_new_code(struct ask *ask, const struct person *p, struct bytes secret,
	struct bytes code, struct reply *reply);

/* Characters of a new password; what is wrong is noted in the form. */
struct form;
struct bytes sign_in_new_password(struct form *form, const char *name);

/* The secret of an authenticator as it is kept, and as it was. */
struct bytes sign_in_seal(struct ask *ask, const struct person *p, struct bytes secret);
MUST_CHECK bool sign_in_open(
	struct ask *ask, const struct person *p, struct bytes sealed, struct bytes *secret);
/* Hash of a recovery code as typed: any case, with or without '-'. */
void sign_in_recovery_hash(struct bytes typed, uint8_t out[TOKEN_HASH_SIZE]);

#endif
