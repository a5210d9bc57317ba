/* SPDX-License-Identifier: Apache-2.0 */
/* MTProto 1.0 in the direction to the server: only for the message inside auth.bindTempAuthKey.
 * https://core.telegram.org/mtproto/description_v1 */
#include <assert.h>

#include "crypto/aes.h"
#include "crypto/hash.h"
#include "mtproto/envelope.h"

#define V1_HEADER 32 /* random 16, msg_id 8, seqno 4, length 4 */

static void derive_v1(const struct auth_key *key, const uint8_t msg_key[16],
	uint8_t aes_key[AES_KEY_SIZE], uint8_t iv[AES_IGE_IV_SIZE])
{
	const uint8_t *secret = key->secret;
	uint8_t a[HASH_SHA1_SIZE], b[HASH_SHA1_SIZE], c[HASH_SHA1_SIZE], d[HASH_SHA1_SIZE];
	struct bytes m = bytes_of(msg_key, 16);

	hash_sha1_parts((struct bytes[]){m, bytes_of(secret, 32)}, 2, a);
	hash_sha1_parts(
		(struct bytes[]){bytes_of(secret + 32, 16), m, bytes_of(secret + 48, 16)}, 3, b);
	hash_sha1_parts((struct bytes[]){bytes_of(secret + 64, 32), m}, 2, c);
	hash_sha1_parts((struct bytes[]){m, bytes_of(secret + 96, 32)}, 2, d);
	memcpy(aes_key, a, 8);
	memcpy(aes_key + 8, b + 8, 12);
	memcpy(aes_key + 20, c + 4, 12);
	memcpy(iv, a + 8, 12);
	memcpy(iv + 12, b, 8);
	memcpy(iv + 20, c + 16, 4);
	memcpy(iv + 24, d, 8);
}

int envelope_open_v1(const struct auth_key *key, const uint8_t *packet, size_t size, uint8_t *plain,
	size_t *body_size)
{
	uint8_t aes_key[AES_KEY_SIZE], iv[AES_IGE_IV_SIZE], digest[HASH_SHA1_SIZE];
	size_t length, whole;

	if (size < ENVELOPE_OUTER + V1_HEADER || (size - ENVELOPE_OUTER) % AES_BLOCK != 0)
		return -1;
	whole = size - ENVELOPE_OUTER;
	derive_v1(key, packet + 8, aes_key, iv);
	aes_ige_decrypt(aes_key, iv, packet + ENVELOPE_OUTER, plain, whole);
	bytes_wipe(aes_key, sizeof(aes_key));
	/* 1.0 leaves the padding out of msg_key, so the length is needed first; it is bounded
	 * before use, and a wrong one fails like a wrong key. */
	length = load_u32le(plain + 28);
	if (length > whole - V1_HEADER)
		length = 0;
	hash_sha1(bytes_of(plain, V1_HEADER + length), digest);
	if (!bytes_equal_secret(digest + 4, packet + 8, 16) || load_u64le(packet) != key->id)
		return -1;
	if (length == 0 || whole - V1_HEADER - length >= AES_BLOCK)
		return -1;
	*body_size = length;
	return 0;
}

void envelope_seal_v1(const struct auth_key *key, const uint8_t *plain, size_t size,
	const struct random *random, struct buf *out)
{
	uint8_t aes_key[AES_KEY_SIZE], iv[AES_IGE_IV_SIZE], digest[HASH_SHA1_SIZE];
	size_t padding = (AES_BLOCK - size % AES_BLOCK) % AES_BLOCK;
	uint8_t *packet = buf_extend(out, ENVELOPE_OUTER + size + padding);

	assert(size > V1_HEADER);
	if (!packet)
		return;
	hash_sha1(bytes_of(plain, size), digest);
	store_u64le(packet, key->id);
	memcpy(packet + 8, digest + 4, 16);
	memcpy(packet + ENVELOPE_OUTER, plain, size);
	random_fill(random, packet + ENVELOPE_OUTER + size, padding);
	derive_v1(key, packet + 8, aes_key, iv);
	aes_ige_encrypt(
		aes_key, iv, packet + ENVELOPE_OUTER, packet + ENVELOPE_OUTER, size + padding);
}
