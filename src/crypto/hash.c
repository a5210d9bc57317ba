/* SPDX-License-Identifier: Apache-2.0 */
/* Owns digests over pieces and HMAC. Contexts come from evp.c. */
#include "crypto/hash.h"

#include "crypto/evp.h"
#include "crypto/sha_ni.h"

#define SHA256_BLOCK 64 /* what HMAC pads the key to */

static void add_parts(EVP_MD_CTX *ctx, const struct bytes *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (parts[i].size && EVP_DigestUpdate(ctx, parts[i].data, parts[i].size) != 1)
			evp_fatal("EVP_DigestUpdate");
	}
}

static void finish(EVP_MD_CTX *ctx, uint8_t *out)
{
	if (EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		evp_fatal("EVP_DigestFinal_ex");
}

static void hash_parts(enum evp_digest which, const struct bytes *parts, size_t count, uint8_t *out)
{
	EVP_MD_CTX *ctx = evp_digest_start(which);

	add_parts(ctx, parts, count);
	finish(ctx, out);
}

void hash_sha1(struct bytes data, uint8_t out[HASH_SHA1_SIZE])
{
	hash_parts(EVP_SHA1, &data, 1, out);
}

void hash_sha1_parts(const struct bytes *parts, size_t count, uint8_t out[HASH_SHA1_SIZE])
{
	hash_parts(EVP_SHA1, parts, count, out);
}

void hash_sha256(struct bytes data, uint8_t out[HASH_SHA256_SIZE])
{
	hash_parts(EVP_SHA256, &data, 1, out);
}

void hash_sha256_parts(const struct bytes *parts, size_t count, uint8_t out[HASH_SHA256_SIZE])
{
	hash_parts(EVP_SHA256, parts, count, out);
}

void hash_sha256_many(const struct hash_job *jobs, size_t count)
{
	static _Thread_local int present; /* 0: not asked yet */

	if (!present)
		present = sha_ni_present() ? 1 : -1;
	if (present > 0) {
		sha_ni_256_many(jobs, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		hash_sha256_parts(jobs[i].parts, HASH_JOB_PARTS, jobs[i].out);
}

void hash_hmac_sha256(struct bytes key, struct bytes data, uint8_t out[HASH_SHA256_SIZE])
{
	hash_hmac_sha256_parts(key, &data, 1, out);
}

/* SHA256(key ^ opad | SHA256(key ^ ipad | data)) */
void hash_hmac_sha256_parts(
	struct bytes key, const struct bytes *parts, size_t count, uint8_t out[HASH_SHA256_SIZE])
{
	uint8_t pad[SHA256_BLOCK] = {0}, inner[HASH_SHA256_SIZE];
	struct bytes outer[2] = {bytes_of(pad, sizeof(pad)), bytes_of(inner, sizeof(inner))};
	EVP_MD_CTX *ctx;

	if (key.size > sizeof(pad))
		hash_sha256(key, pad);
	else if (key.size)
		memcpy(pad, key.data, key.size);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	ctx = evp_digest_start(EVP_SHA256);
	add_parts(ctx, outer, 1);
	add_parts(ctx, parts, count);
	finish(ctx, inner);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hash_sha256_parts(outer, 2, out);
	bytes_wipe(pad, sizeof(pad));
	bytes_wipe(inner, sizeof(inner));
}
