/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "crypto/totp.h"

#include <assert.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/evp.h"
#include "crypto/hash.h"

#define CODE_DIGITS 6

/* RFC 4226 section 5.3. */
uint32_t totp_code(struct bytes secret, int64_t step, int digits)
{
	static const uint32_t powers[] = {1000000, 10000000, 100000000};
	uint8_t counter[8], mac[HASH_SHA1_SIZE];
	unsigned size = sizeof(mac), at;
	uint32_t code;

	assert(digits >= 6 && digits <= 8);
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret.data, (int)secret.size, counter, sizeof(counter), mac, &size))
		evp_fatal("HMAC-SHA1");
	at = mac[sizeof(mac) - 1] & 15;
	code = ((uint32_t)(mac[at] & 0x7f) << 24) | ((uint32_t)mac[at + 1] << 16) |
	       ((uint32_t)mac[at + 2] << 8) | mac[at + 3];
	bytes_wipe(mac, sizeof(mac));
	return code % powers[digits - 6];
}

int64_t totp_step_of(struct bytes secret, struct bytes code, int64_t now_s, int64_t after)
{
	int64_t now = now_s / TOTP_STEP_S, found = 0;
	uint32_t typed = 0;

	if (code.size != CODE_DIGITS)
		return 0;
	for (size_t i = 0; i < code.size; i++) {
		if (code.data[i] < '0' || code.data[i] > '9')
			return 0;
		typed = typed * 10 + (code.data[i] - '0');
	}
	for (int64_t step = now - TOTP_DRIFT_STEPS; step <= now + TOTP_DRIFT_STEPS; step++) {
		if (step > after && !found && totp_code(secret, step, CODE_DIGITS) == typed)
			found = step;
	}
	return found;
}

char *totp_base32(struct arena *arena, struct bytes data)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char *out = arena_alloc(arena, data.size * 8 / 5 + 2);
	uint32_t bits = 0;
	unsigned pending = 0;
	size_t n = 0;

	for (size_t i = 0; i < data.size; i++) {
		bits = bits << 8 | data.data[i];
		for (pending += 8; pending >= 5; pending -= 5)
			out[n++] = digits[bits >> (pending - 5) & 31];
	}
	if (pending)
		out[n++] = digits[bits << (5 - pending) & 31];
	out[n] = '\0';
	return out;
}
