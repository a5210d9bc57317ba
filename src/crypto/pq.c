/* SPDX-License-Identifier: Apache-2.0 */
/* Owns small primes: making and factoring the handshake's pq. */
#include "crypto/pq.h"

#include <stddef.h>

#define PRIME_BITS                                                                                 \
	31 /* both primes have their top bit set: factoring is not made easier by chance */
#define RHO_TRIES 64	     /* polynomials to try; one does nearly always */
#define RHO_BATCH 128	     /* steps between two greatest common divisors */
#define RHO_STEPS (1u << 20) /* about 2^16 are expected for a factor below 2^32 */

__extension__ typedef unsigned __int128 u128; /* products of two 64-bit numbers */

static uint64_t mul_mod(uint64_t a, uint64_t b, uint64_t n)
{
	return (uint64_t)((u128)a * b % n);
}

static uint64_t pow_mod(uint64_t base, uint64_t exponent, uint64_t n)
{
	uint64_t result = 1;

	for (; exponent; exponent >>= 1) {
		if (exponent & 1)
			result = mul_mod(result, base, n);
		base = mul_mod(base, base, n);
	}
	return result;
}

/* One round of Miller-Rabin; n odd, n - 1 = odd * 2^twos. */
static bool passes(uint32_t n, uint32_t base, uint32_t odd, unsigned twos)
{
	uint64_t x = pow_mod(base, odd, n);

	if (x == 1 || x == n - 1)
		return true;
	for (unsigned i = 1; i < twos; i++) {
		x = mul_mod(x, x, n);
		if (x == n - 1)
			return true;
	}
	return false;
}

/* The bases 2, 7 and 61 decide for every n below 4 759 123 141 (Jaeschke 1993). */
bool pq_is_prime(uint32_t n)
{
	static const uint32_t bases[] = {2, 7, 61};
	unsigned twos;

	if (n < 2)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
		if (n % bases[i] == 0)
			return n == bases[i];
	}
	twos = (unsigned)__builtin_ctz(n - 1);
	for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
		if (!passes(n, bases[i], (n - 1) >> twos, twos))
			return false;
	}
	return true;
}

uint32_t pq_prime_make(const struct random *random)
{
	const uint32_t top = 1u << (PRIME_BITS - 1);
	uint32_t candidate;

	do
		candidate = (uint32_t)random_below(random, top) | top | 1;
	while (!pq_is_prime(candidate));
	return candidate;
}

void pq_set(struct pq *out, uint32_t a, uint32_t b)
{
	out->p = a < b ? a : b;
	out->q = a < b ? b : a;
	out->product = (uint64_t)a * b;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static uint64_t next(uint64_t x, uint64_t c, uint64_t n)
{
	return (uint64_t)(((u128)x * x + c) % n);
}

/* Pollard's rho in Brent's form: the tortoise waits at powers of two. A divisor of n, or 1 or n for
 * none. */
static uint64_t rho(uint64_t n, uint64_t start, uint64_t c)
{
	uint64_t tortoise = start, hare = start, batch_start = start, product = 1, divisor = 1;

	for (uint64_t length = 1; divisor == 1 && length < RHO_STEPS; length *= 2) {
		tortoise = hare;
		for (uint64_t at = 0; at < length && divisor == 1; at += RHO_BATCH) {
			uint64_t steps = length - at < RHO_BATCH ? length - at : RHO_BATCH;

			batch_start = hare;
			for (uint64_t i = 0; i < steps; i++) {
				hare = next(hare, c, n);
				product = mul_mod(product,
					tortoise > hare ? tortoise - hare : hare - tortoise, n);
			}
			divisor = gcd(product, n);
		}
	}
	/* Both primes fell into one batch: walk it again step by step. */
	if (divisor == n) {
		hare = batch_start;
		do {
			hare = next(hare, c, n);
			divisor = gcd(tortoise > hare ? tortoise - hare : hare - tortoise, n);
		} while (divisor == 1);
	}
	return divisor;
}

static int accept(uint64_t product, uint64_t divisor, struct pq *out)
{
	uint64_t other = product / divisor;

	if (divisor == other || divisor > UINT32_MAX || other > UINT32_MAX ||
		!pq_is_prime((uint32_t)divisor) || !pq_is_prime((uint32_t)other))
		return -1;
	pq_set(out, (uint32_t)divisor, (uint32_t)other);
	return 0;
}

int pq_factor(uint64_t product, struct pq *out, const struct random *random)
{
	if (product < 15 || product % 2 == 0 || product >> 63)
		return -1;
	if (product <= UINT32_MAX && pq_is_prime((uint32_t)product))
		return -1;
	for (int i = 0; i < RHO_TRIES; i++) {
		uint64_t divisor = rho(product, random_below(random, product),
			1 + random_below(random, product - 1));

		if (divisor != 1 && divisor != product)
			return accept(product, divisor, out);
	}
	return -1;
}
