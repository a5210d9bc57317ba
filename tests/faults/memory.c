/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "faults/memory.h"

#include <execinfo.h>
#include <sqlite3.h>
#include <stdlib.h>

#define SITES_MAX 65536 /* a power of two */
#define DEPTH 9
#define OWN_FRAMES 3 /* of this file */

static bool is_held, is_noting;
static uint64_t fails_at;	  /* 0: nowhere */
static sqlite3_mem_methods plain; /* SQLite's own */
static uint64_t known[SITES_MAX], noted[SITES_MAX];
static size_t known_count, noted_count;

/* The program lies where it lies for as long as it runs, and so do its children. */
static uint64_t site_here(void)
{
	void *frames[OWN_FRAMES + DEPTH];
	const int count = backtrace(frames, OWN_FRAMES + DEPTH);
	uint64_t site = 14695981039346656037u;

	for (int i = OWN_FRAMES; i < count; i++) {
		site = (site ^ (uintptr_t)frames[i]) * 1099511628211u;
		site ^= site >> 29;
	}
	return site ? site : 1;
}

static void note(uint64_t site)
{
	size_t i = site % SITES_MAX;

	for (; known[i]; i = (i + 1) % SITES_MAX)
		if (known[i] == site)
			return;
	if (++known_count == SITES_MAX)
		abort();
	known[i] = noted[noted_count++] = site;
}

static bool none(void)
{
	uint64_t site;

	if (is_held || (!is_noting && !fails_at))
		return false;
	is_held = true; /* the unwinder may ask for memory, too */
	site = site_here();
	is_held = false;
	if (is_noting)
		note(site);
	if (site != fails_at)
		return false;
	fails_at = 0;
	return true;
}

void memory_note(void)
{
	noted_count = 0;
	is_noting = true;
}

size_t memory_noted(const uint64_t **sites)
{
	if (sites)
		*sites = noted;
	return noted_count;
}

void memory_note_end(void)
{
	is_noting = false;
}

void memory_fail(uint64_t site)
{
	fails_at = site;
}

void memory_hold(bool held)
{
	is_held = held;
}

void memory_fail_not(void)
{
	fails_at = 0;
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
