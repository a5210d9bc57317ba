/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes to e-mail addresses for two-step verification: one proves that a new recovery address is
 * the owner's, the other stands for a password that was forgotten. Both are guessed against the
 * same bounds. https://core.telegram.org/api/srp#email-verification
 */
#ifndef CORE_PASSWORD_EMAIL_H
#define CORE_PASSWORD_EMAIL_H

#include "core/accounts/password.h"

#define PASSWORD_CODE_DIGITS 6
#define PASSWORD_CODE_TRIES 5 /* of one code */
#define PASSWORD_CODE_LIFE_S 3600
#define PASSWORD_CODES_PER_HOUR 5
#define PASSWORD_CODE_WRONG_PER_DAY 20 /* of a million codes: one chance in 50 000 a day */

/* Keeps next until the code that goes to address is typed: always -1, EMAIL_UNCONFIRMED_6 (the call
 * keeps its writes), EMAIL_INVALID or FLOOD_WAIT_X. sets_password: next is more than an address. */
MUST_CHECK int password_email_ask(struct call *call, const struct home_password *next,
	bool sets_password, struct bytes address);
/* Pattern of the address that waits for its code; absent: none does. */
struct bytes password_email_unconfirmed(struct call *call);
/* account.confirmPasswordEmail: faults CODE_INVALID, EMAIL_HASH_EXPIRED, FLOOD_WAIT_X. */
MUST_CHECK int password_email_confirm(struct call *call, struct bytes code);
MUST_CHECK int password_email_resend(struct call *call); /* EMAIL_HASH_EXPIRED, FLOOD_WAIT_X */
MUST_CHECK int password_email_cancel(struct call *call); /* EMAIL_HASH_EXPIRED */

/* auth.requestPasswordRecovery: faults PASSWORD_EMPTY, PASSWORD_RECOVERY_NA, FLOOD_WAIT_X. */
MUST_CHECK int password_recovery_request(struct call *call, struct bytes *pattern);
/* auth.checkRecoveryPassword: faults CODE_EMPTY, CODE_INVALID, PASSWORD_RECOVERY_EXPIRED. */
MUST_CHECK int password_recovery_check(struct call *call, struct bytes code);
/* auth.recoverPassword: the password is gone, or with settings another one. *user: who is logged in
 * now. */
MUST_CHECK int password_recover(struct call *call, struct bytes code,
	const struct password_settings *settings, int64_t *user);

#endif
