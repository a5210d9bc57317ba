/* SPDX-License-Identifier: Apache-2.0 */
/* Randomness from the kernel, as a thing that is passed in so that tests can repeat a run. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	void (*fill)(void *ctx, void *out, size_t size);
	void *ctx;
};

/* The kernel's generator through a per-thread pool; ends the process if the kernel gives none. */
extern const struct random random_system;

void random_fill(const struct random *r, void *out, size_t size);
uint64_t random_u64(const struct random *r);
/* Uniform in [0, bound); bound > 0. */
uint64_t random_below(const struct random *r, uint64_t bound);

#endif
