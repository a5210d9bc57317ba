/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what happens when there is no memory. Does not own any memory: see arena.c and buf.c. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static _Noreturn void no_memory(size_t size)
{
	log_error("out_of_memory", "no memory for %zu bytes", size);
	abort();
}

void mem_exhausted(const char *who)
{
	log_error("out_of_memory", "no memory for %s", who);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		no_memory(size);
	return p;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		no_memory(size);
	return p;
}

void *mem_realloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		no_memory(size);
	return p;
}

char *mem_strndup(const void *text, size_t size)
{
	char *copy = mem_alloc(size + 1);

	if (size)
		memcpy(copy, text, size);
	copy[size] = 0;
	return copy;
}

char *mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}
