/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-time codes of authenticator programs: RFC 6238 with its defaults (HMAC-SHA1, six digits, a
 * step of 30 seconds), as all of them know it. Thread-safe.
 */
#ifndef CRYPTO_TOTP_H
#define CRYPTO_TOTP_H

#include "base/arena.h"
#include "base/bytes.h"

#define TOTP_SECRET_SIZE 20 /* RFC 4226 section 4, R6 */
#define TOTP_STEP_S 30
#define TOTP_DRIFT_STEPS 1 /* a clock may be a step ahead or behind */

/* The code of this step (seconds since 1970 / TOTP_STEP_S), below 10^digits; digits: 6 to 8. */
uint32_t totp_code(struct bytes secret, int64_t step, int digits);
/* The step, later than `after`, that these six digits are the code of around now; 0: none. Who
 * stores it as the next `after` takes no code twice. */
MUST_CHECK int64_t totp_step_of(
	struct bytes secret, struct bytes code, int64_t now_s, int64_t after);
/* RFC 4648 section 6, without padding: what people type into their authenticator. */
char *totp_base32(struct arena *arena, struct bytes data);

#endif
