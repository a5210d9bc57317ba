/* SPDX-License-Identifier: Apache-2.0 */
/* Packed values. Bytes are stored as size + 1, where 0 stands for absent. */
#include "base/pack.h"

#include <assert.h>
#include <string.h>

struct pack pack_new(struct arena *arena)
{
	return (struct pack){.arena = arena};
}

static uint8_t *room(struct pack *pack, size_t size)
{
	uint8_t *at;

	if (pack->capacity - pack->size < size) {
		size_t capacity = (pack->size + size) * 2 + 32;

		at = arena_alloc(pack->arena, capacity);
		if (pack->size)
			memcpy(at, pack->at, pack->size);
		pack->at = at;
		pack->capacity = capacity;
	}
	at = pack->at + pack->size;
	pack->size += size;
	return at;
}

void pack_number(struct pack *pack, uint64_t v, size_t size)
{
	uint8_t *at;

	assert(size >= 1 && size <= 8);
	at = room(pack, size);
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

void pack_bytes(struct pack *pack, struct bytes bytes)
{
	assert(bytes.size < UINT32_MAX);
	pack_number(pack, bytes.data ? bytes.size + 1 : 0, 4);
	if (bytes.size)
		memcpy(room(pack, bytes.size), bytes.data, bytes.size);
}

struct bytes pack_done(const struct pack *pack)
{
	return bytes_of(pack->at, pack->size);
}

struct unpack unpack_of(struct bytes bytes)
{
	return (struct unpack){.at = bytes.data, .left = bytes.size};
}

uint64_t unpack_number(struct unpack *unpack, size_t size)
{
	uint64_t v = 0;

	if (unpack->left < size)
		unpack->failed = true;
	if (unpack->failed)
		return 0;
	for (size_t i = 0; i < size; i++)
		v |= (uint64_t)unpack->at[i] << 8 * i;
	unpack->at += size;
	unpack->left -= size;
	return v;
}

struct bytes unpack_bytes(struct unpack *unpack)
{
	uint64_t size = unpack_number(unpack, 4);
	struct bytes bytes;

	if (!size)
		return (struct bytes){0};
	size--;
	if (unpack->left < size)
		unpack->failed = true;
	if (unpack->failed)
		return (struct bytes){0};
	bytes = bytes_of(unpack->at, size);
	unpack->at += size;
	unpack->left -= size;
	return bytes;
}

bool unpack_complete(const struct unpack *unpack)
{
	return !unpack->failed && !unpack->left;
}
