/* SPDX-License-Identifier: Apache-2.0 */
/* gzip_packed over libdeflate. The compressor is made for each use: only large answers get here. */
#include "mtproto/gzip.h"

#include <libdeflate.h>
#include <stdlib.h>

#define FIRST_GUESS ((size_t)16 << 10)
#define LEVEL 4

static enum libdeflate_result inflate_into(struct libdeflate_decompressor *d, struct bytes packed,
	uint8_t *to, size_t room, size_t *used, size_t *got)
{
	if (packed.data[0] == 0x1f && packed.data[1] == 0x8b)
		return libdeflate_gzip_decompress_ex(
			d, packed.data, packed.size, to, room, used, got);
	return libdeflate_zlib_decompress_ex(d, packed.data, packed.size, to, room, used, got);
}

/* The room grows with what the packed bytes prove, so that a short bomb stops at the limit and an
 * honest packet takes little. */
static int inflate(struct libdeflate_decompressor *d, struct bytes packed, struct buf *out)
{
	size_t room = packed.size * 4 > FIRST_GUESS ? packed.size * 4 : FIRST_GUESS;

	for (;; room *= 4) {
		size_t used, got;
		enum libdeflate_result result;
		uint8_t *to;

		if (room > GZIP_INFLATED_MAX)
			room = GZIP_INFLATED_MAX;
		buf_clear(out);
		to = buf_extend(out, room);
		if (!to)
			return -1;
		result = inflate_into(d, packed, to, room, &used, &got);
		if (result == LIBDEFLATE_INSUFFICIENT_SPACE && room < GZIP_INFLATED_MAX)
			continue;
		if (result != LIBDEFLATE_SUCCESS || used != packed.size)
			return -1;
		buf_truncate(out, got);
		return 0;
	}
}

int gzip_inflate(struct bytes packed, struct buf *out)
{
	struct libdeflate_decompressor *d;
	int result;

	if (packed.size < 8)
		return -1;
	d = libdeflate_alloc_decompressor();
	if (!d)
		abort();
	result = inflate(d, packed, out);
	libdeflate_free_decompressor(d);
	return result;
}

bool gzip_deflate(struct bytes plain, struct buf *out)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL);
	size_t before = buf_size(out), room = plain.size - plain.size / 10, got;
	uint8_t *to;

	if (!c)
		abort();
	to = buf_extend(out, room);
	got = to ? libdeflate_gzip_compress(c, plain.data, plain.size, to, room) : 0;
	buf_truncate(out, before + got);
	libdeflate_free_compressor(c);
	return got > 0;
}
