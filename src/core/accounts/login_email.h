/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An e-mail address that an account's login codes go to in the place of its phone: set and changed
 * by a device that is logged in, after a code to the address; given up by who lost it, after a week
 * in which the account's devices hear of it. https://core.telegram.org/api/auth#email-verification
 */
#ifndef CORE_LOGIN_EMAIL_H
#define CORE_LOGIN_EMAIL_H

#include "core/accounts/codes.h"

#define LOGIN_EMAIL_LETTERS_PER_HOUR 5 /* to verify an address, of one account */
#define LOGIN_EMAIL_CODE_LIFE_S 3600
#define LOGIN_EMAIL_RESET_S (7 * 86400)

/* Absent: codes do not go by e-mail. *reset_at_s: when that ends; 0: nobody asked for it. */
struct bytes login_email_of(struct call *call, int64_t user, int64_t *reset_at_s);
/* Somebody logged in: a reset that is due is done, one that is not is off. */
void login_email_settle(struct call *call, int64_t user);

/* account.sendVerifyEmailCode, verifyEmail for the account that is logged in. Faults EMAIL_INVALID,
 * EMAIL_NOT_ALLOWED (no way for letters), EMAIL_VERIFY_EXPIRED, CODE_INVALID, FLOOD_WAIT_X. */
MUST_CHECK int login_email_send(struct call *call, struct bytes email);
MUST_CHECK int login_email_verify(struct call *call, struct bytes code, struct bytes *email);

/* auth.resetLoginEmail. Faults those of a code, and TASK_ALREADY_EXISTS while it waits. */
MUST_CHECK int login_email_reset(
	struct call *call, struct bytes phone, struct bytes hash, struct login_sent *out);

#endif
