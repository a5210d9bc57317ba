/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the blocks of arenas and what lies poisoned in them. Does not own secrets: nothing is wiped
 * here.
 *
 *   arena.head -> [newest | used .... free] -> [older | full] -> [big, of its own size] -> NULL
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define ARENA_POISON(p, size) ASAN_POISON_MEMORY_REGION(p, size)
#define ARENA_UNPOISON(p, size) ASAN_UNPOISON_MEMORY_REGION(p, size)
#define ARENA_GAP 16 /* poisoned bytes behind each allocation */
#else
#define ARENA_POISON(p, size) ((void)0)
#define ARENA_UNPOISON(p, size) ((void)0)
#define ARENA_GAP 0
#endif

#define ARENA_ALIGN 16
#define ARENA_BLOCK_MIN 4096	      /* most calls fit in one */
#define ARENA_BLOCK_MAX (64 << 10)    /* the largest that a reset keeps */
#define ARENA_SIZE_MAX (SIZE_MAX / 4) /* more is a bug of ours, not a request */

struct arena_block {
	struct arena_block *older;
	size_t capacity, fill; /* of data */
	alignas(ARENA_ALIGN) uint8_t data[];
};

static atomic_size_t blocks_alive;

static struct arena_block *block_new(size_t capacity)
{
	struct arena_block *block = mem_alloc(sizeof(*block) + capacity);

	block->older = NULL;
	block->capacity = capacity;
	block->fill = 0;
	ARENA_POISON(block->data, capacity);
	atomic_fetch_add_explicit(&blocks_alive, 1, memory_order_relaxed);
	return block;
}

static void block_free(struct arena_block *block)
{
	ARENA_UNPOISON(block->data, block->capacity);
	atomic_fetch_sub_explicit(&blocks_alive, 1, memory_order_relaxed);
	free(block);
}

void arena_init(struct arena *arena)
{
	arena->head = NULL;
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->head;

	if (!keep)
		return;
	if (keep->capacity > ARENA_BLOCK_MAX) {
		arena_release(arena);
		return;
	}
	for (struct arena_block *block = keep->older, *older; block; block = older) {
		older = block->older;
		block_free(block);
	}
	keep->older = NULL;
	keep->fill = 0;
	ARENA_POISON(keep->data, keep->capacity);
	arena->used = 0;
}

void arena_release(struct arena *arena)
{
	for (struct arena_block *block = arena->head, *older; block; block = older) {
		older = block->older;
		block_free(block);
	}
	arena_init(arena);
}

/* A block with room for need bytes. Big ones go behind the head, so that the head's room stays in
 * use. */
static struct arena_block *arena_grow(struct arena *arena, size_t need)
{
	struct arena_block *head = arena->head, *block;
	size_t capacity = head ? head->capacity * 2 : ARENA_BLOCK_MIN;

	if (capacity > ARENA_BLOCK_MAX)
		capacity = ARENA_BLOCK_MAX;
	if (head && need > capacity / 4) {
		block = block_new(need);
		block->older = head->older;
		head->older = block;
		return block;
	}
	block = block_new(need > capacity ? need : capacity);
	block->older = head;
	arena->head = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->head;
	size_t need;
	uint8_t *p;

	if (size > ARENA_SIZE_MAX) {
		log_error("arena_size", "allocation of %zu bytes", size);
		abort();
	}
	need = ((size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1)) + ARENA_GAP;
	if (!need)
		need = ARENA_ALIGN;
	if (!block || block->capacity - block->fill < need)
		block = arena_grow(arena, need);
	p = block->data + block->fill;
	block->fill += need;
	arena->used += size;
	ARENA_UNPOISON(p, size);
	return memset(p, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		total = SIZE_MAX;
	return arena_alloc(arena, total);
}

struct bytes arena_bytes(struct arena *arena, struct bytes from)
{
	uint8_t *copy;

	if (!from.data)
		return from;
	copy = arena_alloc(arena, from.size);
	memcpy(copy, from.data, from.size);
	return bytes_of(copy, from.size);
}

char *arena_str(struct arena *arena, struct bytes from)
{
	char *copy = arena_alloc(arena, from.size + 1);

	if (from.size)
		memcpy(copy, from.data, from.size);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int size;

	assert(format);
	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size < 0) { /* only a broken format or INT_MAX bytes: both are ours */
		log_error("arena_format", "vsnprintf failed");
		abort();
	}
	text = arena_alloc(arena, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, args);
	return text;
}

size_t arena_blocks_alive(void)
{
	return atomic_load_explicit(&blocks_alive, memory_order_relaxed);
}
