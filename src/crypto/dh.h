/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diffie-Hellman in the one group that clients know by heart, and the checks that both sides must
 * make: https://core.telegram.org/mtproto/auth_key and
 * https://core.telegram.org/mtproto/security_guidelines. Numbers are big-endian, DH_SIZE bytes,
 * padded with zeros in front. Thread-safe. An operation costs about 3 ms: make pairs ahead.
 */
#ifndef CRYPTO_DH_H
#define CRYPTO_DH_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/random.h"

#define DH_SIZE 256
#define DH_G 3

/* A 2048-bit safe prime; for which 3 generates the subgroup of prime order (p - 1) / 2. */
extern const uint8_t dh_prime[DH_SIZE];

struct dh_pair {
	uint8_t secret[DH_SIZE]; /* a: 2048 random bits */
	uint8_t public[DH_SIZE]; /* g^a mod p, within the range of dh_public_is_sound */
};

/* Draws a until g^a is sound. */
void dh_pair_make(struct dh_pair *pair, const struct random *random);
void dh_pair_wipe(struct dh_pair *pair);

/* 2^1984 <= number <= p - 2^1984, which includes 1 < number < p - 1. The number is public. */
bool dh_public_is_sound(const uint8_t number[DH_SIZE]);
/* out = peer^secret mod p in constant time. -1 (out zeroed) when peer is not sound. */
MUST_CHECK int dh_shared_key(
	const uint8_t secret[DH_SIZE], const uint8_t peer[DH_SIZE], uint8_t out[DH_SIZE]);

/* p and (p - 1) / 2 are prime, and p mod 3 == 2 as generator 3 needs. Takes about a second, and p
 * is part of the program: for tests, and once when an installation is made. */
MUST_CHECK int dh_group_test(struct err *err);
/* Two pairs agree: some milliseconds, for every start. */
MUST_CHECK int dh_self_test(struct err *err);

#endif
