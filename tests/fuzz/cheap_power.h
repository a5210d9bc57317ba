/* SPDX-License-Identifier: Apache-2.0 */
/* See cheap_power.c. */
#ifndef TESTS_FUZZ_CHEAP_POWER_H
#define TESTS_FUZZ_CHEAP_POWER_H

#include <stddef.h>
#include <stdint.h>

/* Primes that products are made of; others are factored as usual. */
void cheap_power_knows(const uint32_t *primes, size_t count);

#endif
