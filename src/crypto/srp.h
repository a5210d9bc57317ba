/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of SRP-6a as https://core.telegram.org/api/srp has it, in the group of
 * crypto/dh.h. Numbers are big-endian, DH_SIZE bytes, padded with zeros in front; H is SHA-256.
 *
 *   client knows the password, from which x; server keeps v = g^x
 *                                 <- salts, B = k v + g^b           srp_challenge_make
 *   A = g^a, S = (B - k v)^(a + u x)
 *   K = H(S), M1 = H(H(p) xor H(g), H(salt1), H(salt2), A, B, K) ->
 *                                    S = (A v^u)^b, the same M1?    srp_answer_is_right
 *
 * k = H(p, g), u = H(A, B). Nothing that the server sends lets anybody try passwords, but the
 * verifier itself does: it is kept sealed. Thread-safe. An operation costs some milliseconds.
 */
#ifndef CRYPTO_SRP_H
#define CRYPTO_SRP_H

#include "crypto/dh.h"
#include "crypto/hash.h"

#define SRP_PROOF_SIZE HASH_SHA256_SIZE

struct srp_challenge {
	uint8_t secret[DH_SIZE]; /* b */
	uint8_t public[DH_SIZE]; /* B, within the range that clients check */
};

/* What is kept of a password. */
struct srp_password {
	struct bytes salt1, salt2;
	uint8_t verifier[DH_SIZE];
};

/* Any other number makes an exchange that can be forged. */
bool srp_verifier_is_sound(struct bytes verifier);
void srp_challenge_make(
	struct srp_challenge *out, const uint8_t verifier[DH_SIZE], const struct random *random);
void srp_challenge_wipe(struct srp_challenge *challenge);
/* a, m1: as they came in, of any size. M1 is compared in constant time. One challenge must not be
 * tried without bound, nor take the same A twice: the caller sees to that. */
bool srp_answer_is_right(const struct srp_password *password, const struct srp_challenge *challenge,
	struct bytes a, struct bytes m1);

#endif
