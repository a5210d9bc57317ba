/* SPDX-License-Identifier: Apache-2.0 */
/* Owns Ed25519 keys and their files. Notes and checkpoints around signatures belong to the ledger.
 */
#include "crypto/sign.h"

#include <errno.h>

#include <sodium.h>

#include "base/random.h"
#include "crypto/keyfile.h"

_Static_assert(crypto_sign_SEEDBYTES == SIGN_SEED_SIZE, "seed");
_Static_assert(crypto_sign_PUBLICKEYBYTES == SIGN_PUBLIC_SIZE, "public key");
_Static_assert(crypto_sign_BYTES == SIGN_SIZE, "signature");

struct sign_key {
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	uint8_t public[SIGN_PUBLIC_SIZE];
};

int sign_key_create(const char *path, struct err *err)
{
	uint8_t seed[SIGN_SEED_SIZE];
	int result;

	random_fill(&random_system, seed, sizeof(seed));
	result = keyfile_create_hex(path, seed, sizeof(seed), err);
	bytes_wipe(seed, sizeof(seed));
	return result;
}

struct sign_key *sign_key_load(const char *path, struct err *err)
{
	uint8_t seed[SIGN_SEED_SIZE];
	struct sign_key *key = NULL;

	if (keyfile_read_hex(path, seed, sizeof(seed), err) == 0)
		key = sign_key_new(seed, err);
	bytes_wipe(seed, sizeof(seed));
	return key;
}

struct sign_key *sign_key_new(const uint8_t seed[SIGN_SEED_SIZE], struct err *err)
{
	struct sign_key *key;

	if (sodium_init() < 0) {
		err_set(err, EINVAL, "libsodium does not start");
		return NULL;
	}
	key = sodium_malloc(sizeof(*key)); /* locked, and left out of core files */
	if (!key) {
		err_errno(err, "no guarded memory for the signing key");
		return NULL;
	}
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	sodium_mprotect_readonly(key);
	return key;
}

void sign_key_free(struct sign_key *key)
{
	sodium_free(key); /* wipes */
}

const uint8_t *sign_key_public(const struct sign_key *key)
{
	return key->public;
}

void sign_message(const struct sign_key *key, struct bytes message, uint8_t out[SIGN_SIZE])
{
	crypto_sign_detached(out, NULL, message.data, message.size, key->secret);
}

bool sign_verify(const uint8_t public_key[SIGN_PUBLIC_SIZE], struct bytes message,
	const uint8_t signature[SIGN_SIZE])
{
	return sodium_init() >= 0 &&
	       crypto_sign_verify_detached(signature, message.data, message.size, public_key) == 0;
}
