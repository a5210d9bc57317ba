/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of sealed columns that hold several values. Does not own sealing.
 *
 *   count u8 | for each: size + 1 as u32 (0: absent), bytes
 */
#include "store/fields.h"

#include <assert.h>

struct bytes fields_pack(struct arena *arena, const struct bytes *fields, size_t count)
{
	size_t size = 1;
	uint8_t *out, *p;

	assert(count <= FIELDS_MAX);
	for (size_t i = 0; i < count; i++)
		size += 4 + fields[i].size;
	out = p = arena_alloc(arena, size);
	*p++ = (uint8_t)count;
	for (size_t i = 0; i < count; i++) {
		store_u32le(p, fields[i].data ? (uint32_t)fields[i].size + 1 : 0);
		p += 4;
		if (fields[i].size)
			memcpy(p, fields[i].data, fields[i].size);
		p += fields[i].size;
	}
	return bytes_of(out, size);
}

int fields_unpack(struct bytes packed, struct bytes *fields, size_t count)
{
	const uint8_t *p = packed.data;
	size_t left = packed.size, present;

	memset(fields, 0, count * sizeof(*fields));
	if (left < 1)
		return -1;
	present = *p++;
	left--;
	for (size_t i = 0; i < present; i++) {
		uint32_t size;

		if (left < 4)
			return -1;
		size = load_u32le(p);
		p += 4;
		left -= 4;
		if (size == 0)
			continue;
		size--;
		if (size > left)
			return -1;
		if (i < count)
			fields[i] = bytes_of(p, size);
		p += size;
		left -= size;
	}
	return left == 0 ? 0 : -1;
}
