/* SPDX-License-Identifier: Apache-2.0 */
/* The ciphers of key creation, both roles. https://core.telegram.org/mtproto/auth_key */
#include "mtproto/handshake_crypt.h"

#include <assert.h>

#include "crypto/aes.h"
#include "crypto/hash.h"
#include "crypto/rsa.h"
#include "mtproto/wire.h"

#define PADDED_DATA 192
#define SEALED_MAX 1024 /* server_DH_inner_data has 572 bytes */

void handshake_cipher_derive(struct handshake_cipher *cipher, const uint8_t new_nonce[32],
	const uint8_t server_nonce[16])
{
	struct bytes n = bytes_of(new_nonce, 32), s = bytes_of(server_nonce, 16);
	uint8_t ns[HASH_SHA1_SIZE], sn[HASH_SHA1_SIZE], nn[HASH_SHA1_SIZE];

	hash_sha1_parts((struct bytes[]){n, s}, 2, ns);
	hash_sha1_parts((struct bytes[]){s, n}, 2, sn);
	hash_sha1_parts((struct bytes[]){n, n}, 2, nn);
	memcpy(cipher->key, ns, 20);
	memcpy(cipher->key + 20, sn, 12);
	memcpy(cipher->iv, sn + 12, 8);
	memcpy(cipher->iv + 8, nn, 20);
	memcpy(cipher->iv + 28, new_nonce, 4);
}

void handshake_cipher_seal(const struct handshake_cipher *cipher, struct bytes data,
	const struct random *random, struct buf *out)
{
	uint8_t plain[SEALED_MAX];
	size_t size = HASH_SHA1_SIZE + data.size;
	size_t padding = (AES_BLOCK - size % AES_BLOCK) % AES_BLOCK;

	assert(size + padding <= sizeof(plain));
	hash_sha1(data, plain);
	memcpy(plain + HASH_SHA1_SIZE, data.data, data.size);
	random_fill(random, plain + size, padding);
	aes_ige_encrypt(cipher->key, cipher->iv, plain, plain, size + padding);
	wire_put_string(out, bytes_of(plain, size + padding));
}

int handshake_cipher_open(const struct handshake_cipher *cipher, struct bytes sealed,
	uint8_t *plain, size_t plain_size)
{
	if (sealed.size < 2 * AES_BLOCK || sealed.size % AES_BLOCK != 0 || sealed.size > plain_size)
		return -1;
	aes_ige_decrypt(cipher->key, cipher->iv, sealed.data, plain, sealed.size);
	return 0;
}

bool handshake_digest_fits(const uint8_t *plain, size_t data_size)
{
	uint8_t digest[HASH_SHA1_SIZE];

	hash_sha1(bytes_of(plain + HASH_SHA1_SIZE, data_size), digest);
	return bytes_equal_secret(digest, plain, sizeof(digest));
}

void handshake_nonce_hash(
	const uint8_t new_nonce[32], uint8_t number, uint64_t aux_hash, uint8_t out[16])
{
	uint8_t digest[HASH_SHA1_SIZE], aux[8];
	struct bytes parts[] = {bytes_of(new_nonce, 32), bytes_of(&number, 1), bytes_of(aux, 8)};

	store_u64le(aux, aux_hash);
	hash_sha1_parts(parts, ARRAY_LEN(parts), digest);
	memcpy(out, digest + 4, 16);
}

/* raw = temp_key XOR SHA256(sealed) | sealed;  sealed = IGE(temp_key, reversed data |
 * SHA256(temp_key | data)) */
int handshake_rsa_pad_open(const uint8_t raw[RSA_SIZE], uint8_t data[PADDED_DATA])
{
	static const uint8_t zero_iv[AES_IGE_IV_SIZE];
	uint8_t temp_key[AES_KEY_SIZE], digest[HASH_SHA256_SIZE], plain[RSA_SIZE - AES_KEY_SIZE];
	bool fits;

	hash_sha256(bytes_of(raw + AES_KEY_SIZE, sizeof(plain)), digest);
	for (size_t i = 0; i < sizeof(temp_key); i++)
		temp_key[i] = raw[i] ^ digest[i];
	aes_ige_decrypt(temp_key, zero_iv, raw + AES_KEY_SIZE, plain, sizeof(plain));
	for (size_t i = 0; i < PADDED_DATA; i++)
		data[i] = plain[PADDED_DATA - 1 - i];
	hash_sha256_parts(
		(struct bytes[]){bytes_of(temp_key, sizeof(temp_key)), bytes_of(data, PADDED_DATA)},
		2, digest);
	fits = bytes_equal_secret(digest, plain + PADDED_DATA, sizeof(digest));
	bytes_wipe(temp_key, sizeof(temp_key));
	bytes_wipe(plain, sizeof(plain));
	return fits ? 0 : -1;
}

static void rsa_pad_layer(struct bytes data, const struct random *random, uint8_t raw[RSA_SIZE])
{
	static const uint8_t zero_iv[AES_IGE_IV_SIZE];
	uint8_t padded[PADDED_DATA], temp_key[AES_KEY_SIZE], digest[HASH_SHA256_SIZE];
	uint8_t *sealed = raw + AES_KEY_SIZE;

	memcpy(padded, data.data, data.size);
	random_fill(random, padded + data.size, PADDED_DATA - data.size);
	random_fill(random, temp_key, sizeof(temp_key));
	for (size_t i = 0; i < PADDED_DATA; i++)
		sealed[i] = padded[PADDED_DATA - 1 - i];
	hash_sha256_parts((struct bytes[]){bytes_of(temp_key, sizeof(temp_key)),
				  bytes_of(padded, PADDED_DATA)},
		2, sealed + PADDED_DATA);
	aes_ige_encrypt(temp_key, zero_iv, sealed, sealed, RSA_SIZE - AES_KEY_SIZE);
	hash_sha256(bytes_of(sealed, RSA_SIZE - AES_KEY_SIZE), digest);
	for (size_t i = 0; i < sizeof(temp_key); i++)
		raw[i] = temp_key[i] ^ digest[i];
}

void handshake_rsa_pad_seal(const struct rsa_key *key, struct bytes data,
	const struct random *random, uint8_t out[RSA_SIZE])
{
	uint8_t raw[RSA_SIZE];

	assert(data.size <= HANDSHAKE_INNER_MAX);
	do /* about one in two is above the modulus when its first byte is small */
		rsa_pad_layer(data, random, raw);
	while (rsa_public_raw(key, raw, out) < 0);
	bytes_wipe(raw, sizeof(raw));
}

void handshake_rsa_legacy_seal(const struct rsa_key *key, struct bytes data,
	const struct random *random, uint8_t out[RSA_SIZE])
{
	uint8_t raw[RSA_SIZE];

	assert(data.size <= RSA_SIZE - 1 - HASH_SHA1_SIZE);
	random_fill(random, raw, sizeof(raw));
	raw[0] = 0;
	hash_sha1(data, raw + 1);
	memcpy(raw + 1 + HASH_SHA1_SIZE, data.data, data.size);
	if (rsa_public_raw(key, raw, out) < 0)
		assert(!"a number with a zero in front is below the modulus");
	bytes_wipe(raw, sizeof(raw));
}
