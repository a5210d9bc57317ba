/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: memory that is freed all at once. Every call has one; what a handler allocates goes
 * with the call. Not thread-safe: an arena is used by one thread at a time. Allocation never
 * returns NULL: running out of memory ends the process (what a peer may make us allocate is bounded
 * before it gets here).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* newest block; older ones are chained behind it */
	size_t used;		  /* bytes handed out since init or reset */
};

void arena_init(struct arena *arena);
/* Frees everything but one block, wiping nothing: secrets do not belong in an arena. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* Zeroed, aligned for any type. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* count * size, zeroed; ends the process on overflow (bound counts before). */
void *arena_array(struct arena *arena, size_t count, size_t size);
struct bytes arena_bytes(struct arena *arena, struct bytes from); /* a copy; absent stays absent */
char *arena_str(struct arena *arena, struct bytes from);	  /* NUL-terminated copy */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* Blocks alive in the whole process, for the leak check of the unit tests. */
size_t arena_blocks_alive(void);

#endif
