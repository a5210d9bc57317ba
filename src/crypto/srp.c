/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the sums of SRP. Does not own the powers in them (crypto/dh.c) nor what is kept of a
 * password and how often it may be guessed (core/accounts/password.c). */
#include "crypto/srp.h"

#include <openssl/bn.h>

#include "crypto/evp.h"

static struct bytes number(const uint8_t at[DH_SIZE])
{
	return bytes_of(at, DH_SIZE);
}

static void generator(uint8_t out[DH_SIZE])
{
	memset(out, 0, DH_SIZE);
	out[DH_SIZE - 1] = DH_G;
}

/* out = a b + c mod p; c NULL: nothing is added. a is shorter than a number where it is a hash. */
static void multiply_add(
	struct bytes a, const uint8_t b[DH_SIZE], const uint8_t *c, uint8_t out[DH_SIZE])
{
	BN_CTX *ctx = BN_CTX_secure_new();
	BIGNUM *p = BN_bin2bn(dh_prime, DH_SIZE, NULL), *sum = BN_bin2bn(a.data, (int)a.size, NULL);
	BIGNUM *factor = BN_bin2bn(b, DH_SIZE, NULL);
	BIGNUM *more = c ? BN_bin2bn(c, DH_SIZE, NULL) : BN_new();

	if (!ctx || !p || !sum || !factor || !more || BN_mod_mul(sum, sum, factor, p, ctx) != 1 ||
		BN_mod_add(sum, sum, more, p, ctx) != 1 ||
		BN_bn2binpad(sum, out, DH_SIZE) != DH_SIZE)
		evp_fatal("BN_mod_mul");
	BN_clear_free(sum);
	BN_clear_free(factor);
	BN_clear_free(more);
	BN_free(p);
	BN_CTX_free(ctx);
}

bool srp_verifier_is_sound(struct bytes verifier)
{
	return verifier.size == DH_SIZE && dh_public_is_sound(verifier.data);
}

void srp_challenge_make(
	struct srp_challenge *out, const uint8_t verifier[DH_SIZE], const struct random *random)
{
	uint8_t g[DH_SIZE], k[HASH_SHA256_SIZE];
	const struct bytes parts[] = {number(dh_prime), number(g)};
	struct dh_pair pair;

	generator(g);
	hash_sha256_parts(parts, ARRAY_LEN(parts), k);
	do {
		dh_pair_make(&pair, random);
		multiply_add(bytes_of(k, sizeof(k)), verifier, pair.public, out->public);
	} while (!dh_public_is_sound(out->public)); /* one in 2^63; clients refuse such a B */
	memcpy(out->secret, pair.secret, DH_SIZE);
	dh_pair_wipe(&pair);
}

void srp_challenge_wipe(struct srp_challenge *challenge)
{
	bytes_wipe(challenge, sizeof(*challenge));
}

/* S = (A v^u)^b. False for numbers with which who does not know the password could answer. */
static bool shared_number(const struct srp_password *password,
	const struct srp_challenge *challenge, const uint8_t a[DH_SIZE], uint8_t out[DH_SIZE])
{
	static const uint8_t zero[DH_SIZE];
	const struct bytes parts[] = {number(a), number(challenge->public)};
	uint8_t u[DH_SIZE] = {0}, base[DH_SIZE];
	bool ok;

	hash_sha256_parts(parts, ARRAY_LEN(parts), u + DH_SIZE - HASH_SHA256_SIZE);
	ok = memcmp(u, zero, DH_SIZE) != 0 && dh_shared_key(u, password->verifier, base) == 0;
	if (ok) {
		multiply_add(number(a), base, NULL, base);
		ok = dh_shared_key(challenge->secret, base, out) == 0;
	}
	bytes_wipe(base, sizeof(base));
	return ok;
}

static void expected_proof(const struct srp_password *password, const uint8_t a[DH_SIZE],
	const uint8_t b[DH_SIZE], const uint8_t shared[DH_SIZE], uint8_t out[SRP_PROOF_SIZE])
{
	uint8_t g[DH_SIZE], group[HASH_SHA256_SIZE], hash_g[HASH_SHA256_SIZE];
	uint8_t salt1[HASH_SHA256_SIZE], salt2[HASH_SHA256_SIZE], key[HASH_SHA256_SIZE];
	const struct bytes parts[] = {bytes_of(group, sizeof(group)),
		bytes_of(salt1, sizeof(salt1)), bytes_of(salt2, sizeof(salt2)), number(a),
		number(b), bytes_of(key, sizeof(key))};

	generator(g);
	hash_sha256(number(dh_prime), group);
	hash_sha256(number(g), hash_g);
	for (size_t i = 0; i < sizeof(group); i++)
		group[i] ^= hash_g[i];
	hash_sha256(password->salt1, salt1);
	hash_sha256(password->salt2, salt2);
	hash_sha256(number(shared), key);
	hash_sha256_parts(parts, ARRAY_LEN(parts), out);
	bytes_wipe(key, sizeof(key));
}

bool srp_answer_is_right(const struct srp_password *password, const struct srp_challenge *challenge,
	struct bytes a, struct bytes m1)
{
	uint8_t shared[DH_SIZE], proof[SRP_PROOF_SIZE];
	bool right;

	if (a.size != DH_SIZE || m1.size != SRP_PROOF_SIZE || !dh_public_is_sound(a.data) ||
		!shared_number(password, challenge, a.data, shared))
		return false;
	expected_proof(password, a.data, challenge->public, shared, proof);
	right = bytes_equal_secret(proof, m1.data, SRP_PROOF_SIZE);
	bytes_wipe(shared, sizeof(shared));
	bytes_wipe(proof, sizeof(proof));
	return right;
}
