/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes for the holder of one X25519 key (libsodium's sealed boxes: an ephemeral key each, so that
 * the sender can't open it again either), and a secret under a passphrase (Argon2id, 256 MiB).
 */
#ifndef CRYPTO_PARCEL_H
#define CRYPTO_PARCEL_H

#include "base/bytes.h"
#include "base/err.h"

#define PARCEL_KEY_SIZE 32
#define PARCEL_OVERHEAD 48
#define PARCEL_LOCKED_SIZE 96	   /* salt, costs, nonce, secret, tag */
#define PARCEL_FINGERPRINT_SIZE 40 /* eight groups of four hex digits, with the NUL */

struct parcel_keys {
	uint8_t public_key[PARCEL_KEY_SIZE];
	uint8_t secret_key[PARCEL_KEY_SIZE]; /* the holder wipes it */
};

void parcel_keys_new(struct parcel_keys *out);
/* From the secret half. */
void parcel_keys_of(const uint8_t secret[PARCEL_KEY_SIZE], struct parcel_keys *out);
/* out has text.size + PARCEL_OVERHEAD bytes. -1: that is no public key. */
MUST_CHECK int parcel_seal(
	const uint8_t public_key[PARCEL_KEY_SIZE], struct bytes text, uint8_t *out);
/* out has sealed.size - PARCEL_OVERHEAD bytes. -1: damaged, or for somebody else. */
MUST_CHECK int parcel_open(const struct parcel_keys *keys, struct bytes sealed, uint8_t *out);

/* -1: no memory for it. */
MUST_CHECK int parcel_lock(struct bytes passphrase, const uint8_t secret[PARCEL_KEY_SIZE],
	uint8_t out[PARCEL_LOCKED_SIZE], struct err *err);
/* -1: another passphrase, damaged, or costs that nobody pays. Takes about a second. */
MUST_CHECK int parcel_unlock(struct bytes passphrase, const uint8_t locked[PARCEL_LOCKED_SIZE],
	uint8_t secret[PARCEL_KEY_SIZE], struct err *err);

/* For people to compare: half of a hash of what it is of. */
void parcel_fingerprint(struct bytes of, char out[PARCEL_FINGERPRINT_SIZE]);
/* BLAKE2b of data under a label; key: absent, or at most 64 bytes. out_size is 16 to 64. */
void parcel_hash(
	struct bytes key, const char *label, struct bytes data, uint8_t *out, size_t out_size);

#endif
