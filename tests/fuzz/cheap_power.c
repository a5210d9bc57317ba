/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of the powers of key creation (the linker puts it there): RSA that leaves a number
 * as it is, a Diffie-Hellman whose shared key is the XOR of both public numbers, and factors from
 * the table of the server's primes. Who calls them sees the same bounds and the same failures, and
 * a fuzzer that could do some hundred handshakes a second does thousands, with what is behind the
 * RSA in its hands. The powers themselves are tested in tests/unit/crypto.
 */
#include "cheap_power.h"

#include <string.h>

#include "crypto/dh.h"
#include "crypto/pq.h"
#include "crypto/rsa.h"

static const uint32_t *primes;
static size_t primes_count;

void cheap_power_knows(const uint32_t *known, size_t count)
{
	primes = known;
	primes_count = count;
}

int __wrap_rsa_public_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE]);
int __wrap_rsa_private_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE]);
void __wrap_dh_pair_make(struct dh_pair *pair, const struct random *random);
int __wrap_dh_shared_key(
	const uint8_t secret[DH_SIZE], const uint8_t peer[DH_SIZE], uint8_t out[DH_SIZE]);
int __real_pq_factor(uint64_t product, struct pq *out, const struct random *random);
int __wrap_pq_factor(uint64_t product, struct pq *out, const struct random *random);

int __wrap_rsa_public_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE])
{
	if (memcmp(in, rsa_key_modulus(key), RSA_SIZE) >= 0) {
		memset(out, 0, RSA_SIZE);
		return -1;
	}
	memmove(out, in, RSA_SIZE);
	return 0;
}

int __wrap_rsa_private_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE])
{
	return __wrap_rsa_public_raw(key, in, out);
}

static void public_of(const uint8_t secret[DH_SIZE], uint8_t out[DH_SIZE])
{
	memcpy(out, secret, DH_SIZE);
	out[0] = 0x40; /* within the bounds of dh_public_is_sound */
}

void __wrap_dh_pair_make(struct dh_pair *pair, const struct random *random)
{
	random_fill(random, pair->secret, DH_SIZE);
	public_of(pair->secret, pair->public);
}

int __wrap_dh_shared_key(
	const uint8_t secret[DH_SIZE], const uint8_t peer[DH_SIZE], uint8_t out[DH_SIZE])
{
	memset(out, 0, DH_SIZE);
	if (!dh_public_is_sound(peer))
		return -1;
	public_of(secret, out);
	for (size_t i = 0; i < DH_SIZE; i++)
		out[i] ^= peer[i];
	return 0;
}

int __wrap_pq_factor(uint64_t product, struct pq *out, const struct random *random)
{
	for (size_t i = 0; i < primes_count; i++) {
		uint64_t other = product / primes[i];

		if (product % primes[i] == 0 && other <= UINT32_MAX && other != primes[i]) {
			pq_set(out, primes[i], (uint32_t)other);
			return 0;
		}
	}
	return __real_pq_factor(product, out, random);
}
