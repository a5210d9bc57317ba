/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof of work of the handshake: the server sends pq < 2^63, the client finds its two odd
 * primes. https://core.telegram.org/mtproto/auth_key. Pure functions; the numbers are public.
 */
#ifndef CRYPTO_PQ_H
#define CRYPTO_PQ_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/random.h"

struct pq {
	uint64_t product; /* p * q, below 2^62 */
	uint32_t p, q;	  /* 31-bit primes, p < q */
};

/* A prime for one half; takes some microseconds. */
uint32_t pq_prime_make(const struct random *random);
/* Of two different primes, in either order. */
void pq_set(struct pq *out, uint32_t a, uint32_t b);
/* Client role. -1 when product is not the product of two different odd primes below 2^32. */
MUST_CHECK int pq_factor(uint64_t product, struct pq *out, const struct random *random);
/* Right for every 32-bit number. */
bool pq_is_prime(uint32_t n);

#endif
