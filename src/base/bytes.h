/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views of bytes and little-endian loads and stores. A struct bytes owns nothing: it lives as long
 * as what it points into (an arena, a buffer, a constant). data == NULL means "absent", which is
 * not the same as present and empty.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *data;
	size_t size;
};

#define BYTES_LITERAL(s) ((struct bytes){(const uint8_t *)("" s), sizeof(s) - 1})

static inline struct bytes bytes_of(const void *data, size_t size)
{
	return (struct bytes){data, size};
}

static inline struct bytes bytes_from_str(const char *text)
{
	return (struct bytes){(const uint8_t *)text, text ? strlen(text) : 0};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool bytes_equal_str(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_from_str(text));
}

static inline uint32_t load_u32le(const void *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static inline uint64_t load_u64le(const void *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static inline void store_u32le(void *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static inline void store_u64le(void *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "loads and stores are written for little-endian machines"
#endif

/* Comparison whose time does not depend on where the first difference is. */
bool bytes_equal_secret(const void *a, const void *b, size_t size);
/* Overwrites secrets in a way that the compiler keeps. */
void bytes_wipe(void *data, size_t size);

#endif
