/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "faults/memory.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

static size_t asked, fails_at = SIZE_MAX;
static bool is_held;
static sqlite3_mem_methods plain; /* SQLite's own */

static bool none(void)
{
	return !is_held && asked++ == fails_at;
}

void memory_count(void)
{
	asked = 0;
}

size_t memory_counted(void)
{
	return asked;
}

void memory_fail(size_t point)
{
	asked = 0;
	fails_at = point;
}

void memory_hold(bool held)
{
	is_held = held;
}

void memory_fail_not(void)
{
	fails_at = SIZE_MAX;
}

/* ---- Lontar ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	return none() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return none() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return none() ? NULL : __real_realloc(old, size);
}

void *memory_always(void *old, size_t size)
{
	return __real_realloc(old, size);
}

/* ---- SQLite ---- */

static void *sqlite_malloc(int size)
{
	return none() ? NULL : plain.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
	return none() ? NULL : plain.xRealloc(old, size);
}

void memory_install(void)
{
	sqlite3_mem_methods ours;
	int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);

	ours = plain;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	if (rc != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK)
		abort();
}
