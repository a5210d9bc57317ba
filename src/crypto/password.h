/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords of people who sign in with a form, as Argon2id (RFC 9106) in its usual text form, which
 * carries salt and costs: 19 MiB and two passes, some 30 ms of one core. The costs may rise later:
 * what was stored goes on to verify. Thread-safe.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/bytes.h"
#include "base/err.h"

#define PASSWORD_TEXT_SIZE 128 /* with the NUL */

/* -1 without memory for it. */
MUST_CHECK int password_hash(struct bytes password, char out[PASSWORD_TEXT_SIZE], struct err *err);
/* false also for what is no such text. */
MUST_CHECK bool password_matches(struct bytes password, struct bytes stored);

#endif
