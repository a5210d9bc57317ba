/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small values one behind the other, for what is stored: little-endian numbers, and bytes with
 * their size in front. A reader keeps its first failure and reads zeros and nothing from then on:
 * read straight through, look once. One thread at a time.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/arena.h"

struct pack {
	struct arena *arena;
	uint8_t *at;
	size_t size, capacity;
};

struct pack pack_new(struct arena *arena);
/* size: 1 to 8 bytes of v. */
void pack_number(struct pack *pack, uint64_t v, size_t size);
/* Absent and empty stay different. */
void pack_bytes(struct pack *pack, struct bytes bytes);
/* What was put in; valid until more is. */
struct bytes pack_done(const struct pack *pack);

struct unpack {
	const uint8_t *at;
	size_t left;
	bool failed;
};

struct unpack unpack_of(struct bytes bytes);
uint64_t unpack_number(struct unpack *unpack, size_t size);
/* A view. */
struct bytes unpack_bytes(struct unpack *unpack);
/* Nothing failed and nothing is left. */
bool unpack_complete(const struct unpack *unpack);

#endif
