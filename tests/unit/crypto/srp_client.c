/* SPDX-License-Identifier: Apache-2.0 */
#include "srp_client.h"

#include <assert.h>

#include <openssl/bn.h>
#include <openssl/evp.h>

#define ROUNDS 100000
#define PBKDF2_SIZE 64

/* SH(data, salt) = H(salt | data | salt) */
static void salted(struct bytes data, struct bytes salt, uint8_t out[HASH_SHA256_SIZE])
{
	const struct bytes parts[] = {salt, data, salt};

	hash_sha256_parts(parts, 3, out);
}

void srp_client_init(
	struct srp_client *client, const char *password, struct bytes salt1, struct bytes salt2)
{
	uint8_t once[HASH_SHA256_SIZE], twice[HASH_SHA256_SIZE], slow[PBKDF2_SIZE];
	int ok;

	client->salt1 = salt1;
	client->salt2 = salt2;
	salted(bytes_from_str(password), salt1, once);
	salted(bytes_of(once, sizeof(once)), salt2, twice);
	ok = PKCS5_PBKDF2_HMAC((const char *)twice, sizeof(twice), salt1.data, (int)salt1.size,
		ROUNDS, EVP_sha512(), sizeof(slow), slow);
	assert(ok == 1);
	salted(bytes_of(slow, sizeof(slow)), salt2, client->x);
}

static void store(BIGNUM *n, uint8_t out[DH_SIZE])
{
	int size = BN_bn2binpad(n, out, DH_SIZE);

	assert(size == DH_SIZE);
	BN_free(n);
}

void srp_client_verifier(const struct srp_client *client, uint8_t out[DH_SIZE])
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = BN_bin2bn(dh_prime, DH_SIZE, NULL), *g = BN_new(), *v = BN_new();
	BIGNUM *x = BN_bin2bn(client->x, sizeof(client->x), NULL);

	BN_set_word(g, DH_G);
	BN_mod_exp(v, g, x, p, ctx);
	store(v, out);
	BN_free(g);
	BN_free(p);
	BN_free(x);
	BN_CTX_free(ctx);
}

static BIGNUM *hash_number(const uint8_t *a, const uint8_t *b)
{
	const struct bytes parts[] = {bytes_of(a, DH_SIZE), bytes_of(b, DH_SIZE)};
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256_parts(parts, 2, hash);
	return BN_bin2bn(hash, sizeof(hash), NULL);
}

/* S = (B - k v)^(a + u x); A = g^a goes to a_out. */
static void shared(const struct srp_client *client, const uint8_t b[DH_SIZE],
	const uint8_t secret[DH_SIZE], uint8_t a_out[DH_SIZE], uint8_t out[DH_SIZE])
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = BN_bin2bn(dh_prime, DH_SIZE, NULL), *g = BN_new(), *v = BN_new();
	BIGNUM *x = BN_bin2bn(client->x, sizeof(client->x), NULL);
	BIGNUM *e = BN_bin2bn(secret, DH_SIZE, NULL), *base = BN_bin2bn(b, DH_SIZE, NULL);
	BIGNUM *a = BN_new(), *k, *u;
	uint8_t padded_g[DH_SIZE] = {0};

	padded_g[DH_SIZE - 1] = DH_G;
	BN_set_word(g, DH_G);
	BN_mod_exp(a, g, e, p, ctx);
	store(a, a_out);
	k = hash_number(dh_prime, padded_g);
	u = hash_number(a_out, b);
	BN_mod_exp(v, g, x, p, ctx);
	BN_mod_mul(v, v, k, p, ctx);
	BN_mod_sub(base, base, v, p, ctx);
	BN_mul(x, x, u, ctx);
	BN_add(e, e, x);
	BN_mod_exp(v, base, e, p, ctx);
	store(v, out);
	BN_free(base);
	BN_free(e);
	BN_free(g);
	BN_free(k);
	BN_free(p);
	BN_free(u);
	BN_free(x);
	BN_CTX_free(ctx);
}

void srp_client_answer(const struct srp_client *client, const uint8_t b[DH_SIZE],
	const uint8_t secret[DH_SIZE], uint8_t a[DH_SIZE], uint8_t m1[SRP_PROOF_SIZE])
{
	uint8_t drawn[DH_SIZE], g[DH_SIZE] = {0}, s[DH_SIZE], hashes[5][HASH_SHA256_SIZE];
	const struct bytes parts[] = {bytes_of(hashes[0], HASH_SHA256_SIZE),
		bytes_of(hashes[2], HASH_SHA256_SIZE), bytes_of(hashes[3], HASH_SHA256_SIZE),
		bytes_of(a, DH_SIZE), bytes_of(b, DH_SIZE), bytes_of(hashes[4], HASH_SHA256_SIZE)};

	if (!secret) {
		random_fill(&random_system, drawn, sizeof(drawn));
		secret = drawn;
	}
	shared(client, b, secret, a, s);
	g[DH_SIZE - 1] = DH_G;
	hash_sha256(bytes_of(dh_prime, DH_SIZE), hashes[0]);
	hash_sha256(bytes_of(g, DH_SIZE), hashes[1]);
	for (size_t i = 0; i < HASH_SHA256_SIZE; i++)
		hashes[0][i] ^= hashes[1][i];
	hash_sha256(client->salt1, hashes[2]);
	hash_sha256(client->salt2, hashes[3]);
	hash_sha256(bytes_of(s, DH_SIZE), hashes[4]);
	hash_sha256_parts(parts, ARRAY_LEN(parts), m1);
}
