/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 (RFC 8032) for what must be verifiable by anyone: the ledger's checkpoints. The note
 * format around a signature belongs to the ledger. A key is read-only after it was made: any thread
 * may use it.
 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "base/bytes.h"
#include "base/err.h"

#define SIGN_SEED_SIZE 32
#define SIGN_PUBLIC_SIZE 32
#define SIGN_SIZE 64

struct sign_key;

/* Draws a seed and writes it as hex to a new file of mode 0600; on disk when it returns. */
MUST_CHECK int sign_key_create(const char *path, struct err *err);
/* NULL with *err: unreadable, malformed, or open to group or others. Free with sign_key_free. */
MUST_CHECK struct sign_key *sign_key_load(const char *path, struct err *err);
/* The caller wipes its copy of the seed. */
MUST_CHECK struct sign_key *sign_key_new(const uint8_t seed[SIGN_SEED_SIZE], struct err *err);
void sign_key_free(struct sign_key *key); /* wipes; NULL is fine */

/* SIGN_PUBLIC_SIZE bytes, valid as long as the key. */
const uint8_t *sign_key_public(const struct sign_key *key);
void sign_message(const struct sign_key *key, struct bytes message, uint8_t out[SIGN_SIZE]);
/* Needs no key object: false for a wrong signature and for a malformed public key. */
MUST_CHECK bool sign_verify(const uint8_t public_key[SIGN_PUBLIC_SIZE], struct bytes message,
	const uint8_t signature[SIGN_SIZE]);

#endif
