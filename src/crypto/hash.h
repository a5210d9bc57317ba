/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests and HMAC, over one piece or several pieces in a row. Digests are fetched once and
 * contexts are kept per thread, which makes short messages about three times cheaper. Thread-safe.
 * None of them fails: a libcrypto without SHA-1 or SHA-2 ends the process at the first use. out may
 * overlap no input. SHA-256 and SHA-1 are used as https://core.telegram.org/mtproto/description
 * says.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "base/bytes.h"

#define HASH_SHA1_SIZE 20
#define HASH_SHA256_SIZE 32

void hash_sha1(struct bytes data, uint8_t out[HASH_SHA1_SIZE]);
void hash_sha1_parts(const struct bytes *parts, size_t count, uint8_t out[HASH_SHA1_SIZE]);
void hash_sha256(struct bytes data, uint8_t out[HASH_SHA256_SIZE]);
void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[HASH_SHA256_SIZE]);

#define HASH_JOB_PARTS 2

/* One message of a batch, in two parts (either may be empty). Nothing is owned. */
struct hash_job {
	struct bytes parts[HASH_JOB_PARTS];
	uint8_t *out; /* HASH_SHA256_SIZE */
};

/* SHA-256 of independent messages. With the processor's SHA instructions two run side by side. */
void hash_sha256_many(const struct hash_job *jobs, size_t count);

/* RFC 2104 with SHA-256; the key may have any length. */
void hash_hmac_sha256(struct bytes key, struct bytes data, uint8_t out[HASH_SHA256_SIZE]);
void hash_hmac_sha256_parts(
	struct bytes key, const struct bytes *parts, size_t count, uint8_t out[HASH_SHA256_SIZE]);

#endif
