/* SPDX-License-Identifier: Apache-2.0 */
/* The client's side of https://core.telegram.org/api/srp, for tests: from a password to a verifier
 * and to an answer. Its sums are libcrypto's own, none of crypto/srp.c. */
#ifndef UNIT_CRYPTO_SRP_CLIENT_H
#define UNIT_CRYPTO_SRP_CLIENT_H

#include "crypto/srp.h"

struct srp_client {
	uint8_t x[HASH_SHA256_SIZE];
	struct bytes salt1, salt2;
};

/* x = PH2(password, salt1, salt2): 100 000 rounds of PBKDF2, a tenth of a second. */
void srp_client_init(
	struct srp_client *client, const char *password, struct bytes salt1, struct bytes salt2);
void srp_client_verifier(const struct srp_client *client, uint8_t out[DH_SIZE]);
/* a: the client's secret, drawn when NULL. */
void srp_client_answer(const struct srp_client *client, const uint8_t b[DH_SIZE],
	const uint8_t secret[DH_SIZE], uint8_t a[DH_SIZE], uint8_t m1[SRP_PROOF_SIZE]);

#endif
