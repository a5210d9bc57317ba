/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the server's RSA key: its file forms, fingerprint and raw operations. Paddings are the
 * handshake's. */
#include "crypto/rsa.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/keyfile.h"

#define RSA_BITS 2048
#define RSA_EXPONENT 65537
#define FINGERPRINT_MIN 0x1000000000000000u /* mtcute compares unpadded hex */
#define GENERATE_TRIES                                                                             \
	100 /* one in sixteen is refused: more than a few means broken randomness                  \
	     */

struct rsa_key {
	EVP_PKEY *pkey;
	bool is_private;
	uint64_t fingerprint;
	uint8_t modulus[RSA_SIZE];
};

static struct rsa_key *fail(struct err *err, const char *what)
{
	ERR_clear_error();
	err_set(err, EINVAL, "%s", what);
	return NULL;
}

/* SHA1 of the TL bytes of rsa_public_key n:string e:string. A string of 256 bytes has a four-byte
 * head, one of three bytes a one-byte head; both then end on a multiple of four. */
static uint64_t fingerprint_of(const uint8_t modulus[RSA_SIZE])
{
	static const uint8_t n_head[4] = {0xfe, 0x00, 0x01, 0x00}, e[4] = {3, 0x01, 0x00, 0x01};
	struct bytes parts[] = {bytes_of(n_head, 4), bytes_of(modulus, RSA_SIZE), bytes_of(e, 4)};
	uint8_t digest[HASH_SHA1_SIZE];

	hash_sha1_parts(parts, ARRAY_LEN(parts), digest);
	return load_u64le(digest + HASH_SHA1_SIZE - 8);
}

static int read_number(const EVP_PKEY *pkey, const char *name, uint8_t *out, size_t size)
{
	BIGNUM *number = NULL;
	int result = -1;

	if (EVP_PKEY_get_bn_param(pkey, name, &number) == 1 &&
		BN_bn2binpad(number, out, (int)size) == (int)size)
		result = 0;
	BN_free(number);
	return result;
}

/* Takes pkey over, also when it fails. */
static struct rsa_key *wrap(EVP_PKEY *pkey, bool is_private, struct err *err)
{
	struct rsa_key *key = MEM_NEW(struct rsa_key);
	uint8_t e[4];

	key->pkey = pkey;
	key->is_private = is_private;
	if (!EVP_PKEY_is_a(pkey, "RSA") || EVP_PKEY_get_bits(pkey) != RSA_BITS ||
		read_number(pkey, OSSL_PKEY_PARAM_RSA_N, key->modulus, RSA_SIZE) < 0 ||
		read_number(pkey, OSSL_PKEY_PARAM_RSA_E, e, sizeof(e)) < 0 ||
		((uint32_t)e[0] << 24 | (uint32_t)e[1] << 16 | e[2] << 8 | e[3]) != RSA_EXPONENT) {
		rsa_key_free(key);
		return fail(err, "the RSA key must have 2048 bits and the exponent 65537");
	}
	key->fingerprint = fingerprint_of(key->modulus);
	return key;
}

void rsa_key_free(struct rsa_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct rsa_key *rsa_key_generate(struct err *err)
{
	for (int i = 0; i < GENERATE_TRIES; i++) {
		EVP_PKEY *pkey = EVP_RSA_gen(RSA_BITS);
		struct rsa_key *key;

		if (!pkey)
			return fail(err, "libcrypto could not generate an RSA key");
		key = wrap(pkey, true, err);
		if (!key || key->fingerprint >= FINGERPRINT_MIN)
			return key;
		rsa_key_free(key);
	}
	return fail(err, "no RSA key with a full fingerprint: is the randomness broken?");
}

/* Keys here are plain: libcrypto must not ask for a passphrase on a terminal. */
static int no_passphrase(char *out, int size, int writing, void *ctx)
{
	return -1;
}

static EVP_PKEY *decode_private(struct bytes pem)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	return pkey;
}

static bool halves_agree(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool agree = ctx && EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return agree;
}

struct rsa_key *rsa_key_load(const char *path, struct err *err)
{
	uint8_t pem[KEYFILE_MAX];
	EVP_PKEY *pkey = NULL;
	size_t size;
	int result = keyfile_read(path, true, pem, &size, err);

	if (result == 0)
		pkey = decode_private(bytes_of(pem, size));
	bytes_wipe(pem, sizeof(pem));
	if (result < 0)
		return NULL;
	if (!pkey || !halves_agree(pkey)) {
		EVP_PKEY_free(pkey);
		return fail(err, "not a sound private RSA key in PEM");
	}
	return wrap(pkey, true, err);
}

struct rsa_key *rsa_key_parse_public(struct bytes pem, struct err *err)
{
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *ctx = OSSL_DECODER_CTX_new_for_pkey(
		&pkey, "PEM", NULL, "RSA", EVP_PKEY_PUBLIC_KEY, NULL, NULL);
	const unsigned char *at = pem.data;
	size_t left = pem.size;

	if (!ctx || !left || OSSL_DECODER_from_data(ctx, &at, &left) != 1) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	OSSL_DECODER_CTX_free(ctx);
	return pkey ? wrap(pkey, false, err) : fail(err, "not a public RSA key in PEM");
}

struct rsa_key *rsa_key_load_public(const char *path, struct err *err)
{
	uint8_t pem[KEYFILE_MAX];
	size_t size;

	if (keyfile_read(path, false, pem, &size, err) < 0)
		return NULL;
	return rsa_key_parse_public(bytes_of(pem, size), err);
}

/* PKCS#1 PEM. *out is libcrypto's: OPENSSL_clear_free(*out, *size). */
static int encode(const struct rsa_key *key, int selection, unsigned char **out, size_t *size)
{
	OSSL_ENCODER_CTX *ctx =
		OSSL_ENCODER_CTX_new_for_pkey(key->pkey, selection, "PEM", "type-specific", NULL);
	int result;

	*out = NULL;
	*size = 0;
	result = ctx && OSSL_ENCODER_to_data(ctx, out, size) == 1 ? 0 : -1;
	OSSL_ENCODER_CTX_free(ctx);
	ERR_clear_error();
	return result;
}

static int write_pem(
	const struct rsa_key *key, int selection, const char *path, unsigned mode, struct err *err)
{
	unsigned char *pem;
	size_t size;
	int result;

	if (encode(key, selection, &pem, &size) < 0)
		return err_set(err, EINVAL, "this RSA key has no such half to write to %s", path);
	result = keyfile_create(path, mode, bytes_of(pem, size), err);
	OPENSSL_clear_free(pem, size);
	return result;
}

int rsa_key_write(const struct rsa_key *key, const char *path, struct err *err)
{
	if (!key->is_private)
		return err_set(
			err, EINVAL, "this RSA key has no private half to write to %s", path);
	return write_pem(key, EVP_PKEY_KEYPAIR, path, 0600, err);
}

int rsa_key_write_public(const struct rsa_key *key, const char *path, struct err *err)
{
	return write_pem(key, EVP_PKEY_PUBLIC_KEY, path, 0644, err);
}

char *rsa_key_public_pem(const struct rsa_key *key, struct arena *arena)
{
	unsigned char *pem;
	size_t size;
	char *text;

	if (encode(key, EVP_PKEY_PUBLIC_KEY, &pem, &size) < 0)
		abort(); /* wrap() has read this half: only a broken libcrypto gets here */
	text = arena_str(arena, bytes_of(pem, size));
	OPENSSL_free(pem);
	return text;
}

uint64_t rsa_key_fingerprint(const struct rsa_key *key)
{
	return key->fingerprint;
}

const uint8_t *rsa_key_modulus(const struct rsa_key *key)
{
	return key->modulus;
}

typedef int raw_start(EVP_PKEY_CTX *ctx);
typedef int raw_run(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_size,
	const unsigned char *in, size_t in_size);

static int raw(
	const struct rsa_key *key, raw_start *start, raw_run *run, const uint8_t *in, uint8_t *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	uint8_t result[RSA_SIZE];
	size_t size = sizeof(result);
	bool done = ctx && start(ctx) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
		    run(ctx, result, &size, in, RSA_SIZE) == 1 && size == RSA_SIZE;

	EVP_PKEY_CTX_free(ctx);
	if (done)
		memcpy(out, result, RSA_SIZE);
	else
		memset(out, 0, RSA_SIZE);
	bytes_wipe(result, sizeof(result));
	if (!done)
		ERR_clear_error();
	return done ? 0 : -1;
}

int rsa_private_raw(const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE])
{
	if (!key->is_private) {
		memset(out, 0, RSA_SIZE);
		return -1;
	}
	/* libcrypto blinds every private operation with a factor of its own */
	return raw(key, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, in, out);
}

int rsa_public_raw(const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE])
{
	return raw(key, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, in, out);
}
