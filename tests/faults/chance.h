/* SPDX-License-Identifier: Apache-2.0 */
/* Randomness that is a script's: what it draws, and what the programs get in place of the kernel's,
 * nonces, keys and ids. */
#ifndef TESTS_FAULTS_CHANCE_H
#define TESTS_FAULTS_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* Before the first use of libsodium's randomness. */
void chance_install(void);
/* What the programs get from now on follows from the seed. */
void chance_restart(uint64_t seed);

/* What is drawn from now on follows from the seed. */
void chance_begin(uint64_t seed);
size_t chance_below(size_t bound);

#endif
