/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shamir's sharing of a secret over GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1, as
 * libgfshare has it (its gfcombine joins our shares): any `threshold` shares give the secret back,
 * fewer say nothing about it. A share is its x and one byte for each byte of the secret. Time
 * depends on the sizes alone, never on what is shared: there are no tables. Nothing here notices a
 * wrong share: that is custody/share.h.
 */
#ifndef CRYPTO_SHAMIR_H
#define CRYPTO_SHAMIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/random.h"

#define SHAMIR_SHARES_MAX 16
#define SHAMIR_SECRET_MAX 64

struct shamir_share {
	uint8_t x; /* never 0: there lies the secret */
	uint8_t y[SHAMIR_SECRET_MAX];
};

uint8_t shamir_multiply(uint8_t a, uint8_t b);

/* Shares with x = 1 ... count. 1 <= threshold <= count <= SHAMIR_SHARES_MAX and
 * 1 <= size <= SHAMIR_SECRET_MAX, or -1. The caller wipes the shares. */
MUST_CHECK int shamir_split(const struct random *random, const uint8_t *secret, size_t size,
	int threshold, int count, struct shamir_share *out);
/* The secret, from exactly the threshold's number of shares. -1: an x is 0 or there twice, or the
 * sizes are out of bounds. */
MUST_CHECK int shamir_combine(
	const struct shamir_share *shares, int count, size_t size, uint8_t *secret);

#endif
