/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "faults/chance.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/random.h"

static uint64_t given, draw;

static uint64_t mix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags);

/* Linked in place of the kernel's. */
ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags)
{
	uint8_t *at = out;

	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)mix(&given);
	return (ssize_t)size;
}

/* ---- libsodium's own source: keys of files come from it ---- */

static const char *sodium_name(void)
{
	return "script";
}

static uint32_t sodium_number(void)
{
	return (uint32_t)mix(&given);
}

static void sodium_fill(void *const out, const size_t size)
{
	__wrap_getrandom(out, size, 0);
}

void chance_install(void)
{
	static struct randombytes_implementation source = {
		.implementation_name = sodium_name, .random = sodium_number, .buf = sodium_fill};

	if (randombytes_set_implementation(&source) < 0)
		abort();
}

/* base/random.c hands out what it fetched: it is emptied up to the first byte of a fresh fetch. */
void chance_restart(uint64_t seed)
{
	const uint64_t mark = given = seed;
	uint8_t byte;

	do
		random_fill(&random_system, &byte, 1);
	while (given == mark);
}

void chance_begin(uint64_t seed)
{
	draw = seed;
}

size_t chance_below(size_t bound)
{
	return (size_t)(mix(&draw) % bound);
}
