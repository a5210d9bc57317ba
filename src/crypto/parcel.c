/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What is inside is custody's and the keeper's matter. */
#include "crypto/parcel.h"

#include <errno.h>
#include <stdlib.h>

#include <sodium.h>

#define PASSES crypto_pwhash_argon2id_OPSLIMIT_MODERATE
#define MEMORY crypto_pwhash_argon2id_MEMLIMIT_MODERATE
/* Of a file that somebody hands us: more than this is no key of ours. */
#define PASSES_MAX 16
#define MEMORY_MAX (1024UL * 1024 * 1024)

#define SALT_AT 0
#define PASSES_AT crypto_pwhash_argon2id_SALTBYTES
#define MEMORY_AT (PASSES_AT + 4)
#define NONCE_AT (MEMORY_AT + 4)
#define TEXT_AT (NONCE_AT + crypto_secretbox_NONCEBYTES)

_Static_assert(crypto_box_SEALBYTES == PARCEL_OVERHEAD, "as long as libsodium makes it");
_Static_assert(TEXT_AT + PARCEL_KEY_SIZE + crypto_secretbox_MACBYTES == PARCEL_LOCKED_SIZE,
	"the header says how long a locked secret is");

static void begin(void)
{
	if (sodium_init() < 0)
		abort();
}

void parcel_keys_new(struct parcel_keys *out)
{
	begin();
	crypto_box_keypair(out->public_key, out->secret_key);
}

void parcel_keys_of(const uint8_t secret[PARCEL_KEY_SIZE], struct parcel_keys *out)
{
	begin();
	memcpy(out->secret_key, secret, PARCEL_KEY_SIZE);
	if (crypto_scalarmult_base(out->public_key, secret) != 0)
		abort();
}

int parcel_seal(const uint8_t public_key[PARCEL_KEY_SIZE], struct bytes text, uint8_t *out)
{
	begin();
	return crypto_box_seal(out, text.data, text.size, public_key) == 0 ? 0 : -1;
}

int parcel_open(const struct parcel_keys *keys, struct bytes sealed, uint8_t *out)
{
	begin();
	if (sealed.size < PARCEL_OVERHEAD)
		return -1;
	return crypto_box_seal_open(
		       out, sealed.data, sealed.size, keys->public_key, keys->secret_key) == 0
		       ? 0
		       : -1;
}

/* The key of a passphrase, for the salt and the costs in `locked`. */
static int stretch(struct bytes passphrase, const uint8_t locked[PARCEL_LOCKED_SIZE],
	uint8_t key[crypto_secretbox_KEYBYTES], struct err *err)
{
	uint32_t passes = load_u32le(locked + PASSES_AT);
	uint64_t memory = (uint64_t)load_u32le(locked + MEMORY_AT) * 1024;

	if (passes < 1 || passes > PASSES_MAX || memory < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
		memory > MEMORY_MAX)
		return err_set(err, EINVAL, "the key file asks for too much, or is damaged");
	if (crypto_pwhash(key, crypto_secretbox_KEYBYTES, (const char *)passphrase.data,
		    passphrase.size, locked + SALT_AT, passes, memory,
		    crypto_pwhash_ALG_ARGON2ID13) < 0)
		return err_set(err, ENOMEM, "no memory to work the passphrase (it takes %d MiB)",
			(int)(memory >> 20));
	return 0;
}

int parcel_lock(struct bytes passphrase, const uint8_t secret[PARCEL_KEY_SIZE],
	uint8_t out[PARCEL_LOCKED_SIZE], struct err *err)
{
	uint8_t key[crypto_secretbox_KEYBYTES];

	begin();
	randombytes_buf(out + SALT_AT, crypto_pwhash_argon2id_SALTBYTES);
	store_u32le(out + PASSES_AT, PASSES);
	store_u32le(out + MEMORY_AT, (uint32_t)(MEMORY / 1024));
	randombytes_buf(out + NONCE_AT, crypto_secretbox_NONCEBYTES);
	if (stretch(passphrase, out, key, err) < 0)
		return -1;
	crypto_secretbox_easy(out + TEXT_AT, secret, PARCEL_KEY_SIZE, out + NONCE_AT, key);
	bytes_wipe(key, sizeof(key));
	return 0;
}

int parcel_unlock(struct bytes passphrase, const uint8_t locked[PARCEL_LOCKED_SIZE],
	uint8_t secret[PARCEL_KEY_SIZE], struct err *err)
{
	uint8_t key[crypto_secretbox_KEYBYTES];
	int result;

	begin();
	if (stretch(passphrase, locked, key, err) < 0)
		return -1;
	result = crypto_secretbox_open_easy(secret, locked + TEXT_AT,
		PARCEL_KEY_SIZE + crypto_secretbox_MACBYTES, locked + NONCE_AT, key);
	bytes_wipe(key, sizeof(key));
	return result == 0 ? 0 : err_set(err, EACCES, "wrong passphrase, or a damaged key file");
}

void parcel_hash(
	struct bytes key, const char *label, struct bytes data, uint8_t *out, size_t out_size)
{
	crypto_generichash_state state;

	begin();
	crypto_generichash_init(&state, key.data, key.size, out_size);
	/* With its NUL: no two pairs give the same bytes. */
	crypto_generichash_update(&state, (const uint8_t *)label, strlen(label) + 1);
	if (data.size)
		crypto_generichash_update(&state, data.data, data.size);
	crypto_generichash_final(&state, out, out_size);
	bytes_wipe(&state, sizeof(state));
}

void parcel_fingerprint(struct bytes of, char out[PARCEL_FINGERPRINT_SIZE])
{
	uint8_t hash[16];
	char *at = out;

	parcel_hash((struct bytes){0}, "lontar fingerprint", of, hash, sizeof(hash));
	for (size_t i = 0; i < sizeof(hash); i++) {
		if (i && i % 2 == 0)
			*at++ = '-';
		*at++ = "0123456789abcdef"[hash[i] >> 4];
		*at++ = "0123456789abcdef"[hash[i] & 15];
	}
	*at = 0;
}
