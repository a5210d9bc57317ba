/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removing a password that nobody knows any more, from a device that is logged in: it takes a week,
 * all devices are told, and each of them can decline it.
 * https://core.telegram.org/api/srp#password-reset
 */
#ifndef CORE_PASSWORD_RESET_H
#define CORE_PASSWORD_RESET_H

#include "core/call.h"

#define PASSWORD_RESET_WAIT_S (7 * 86400)
#define PASSWORD_RESET_RETRY_S 86400 /* after one that was declined */

enum password_reset_result {
	PASSWORD_RESET_DONE,
	PASSWORD_RESET_WAITS,	  /* until *date_s; then ask again */
	PASSWORD_RESET_TOO_EARLY, /* one was declined: not before *date_s */
};

/* Fault PASSWORD_EMPTY. */
MUST_CHECK int password_reset(
	struct call *call, enum password_reset_result *result, int64_t *date_s);
/* Fault RESET_REQUEST_MISSING. */
MUST_CHECK int password_reset_decline(struct call *call);

#endif
