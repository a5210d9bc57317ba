/* SPDX-License-Identifier: Apache-2.0 */
/* PNG by libspng. */
#include <errno.h>
#include <stdlib.h>

#include <spng.h>

#include "base/mem.h"
#include "media/decode.h"

/* Text, profiles and the like: they are not shown, and compressed ones are bombs too. */
#define CHUNK_MAX ((size_t)1 << 20)
#define CHUNKS_MAX ((size_t)4 << 20)

static enum media_result broken(int code, struct err *reason)
{
	err_set(reason, 0, "PNG: %s", spng_strerror(code));
	return MEDIA_BROKEN;
}

static enum media_result read_pixels(spng_ctx *png, struct decoded *out, struct err *reason)
{
	size_t size, due = (size_t)out->width * out->height * 4;
	uint8_t *rgba;
	int rc = spng_decoded_image_size(png, SPNG_FMT_RGBA8, &size);

	if (rc != 0 || size != due)
		return broken(rc, reason);
	rgba = mem_alloc(size);
	rc = spng_decode_image(png, rgba, size, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS);
	if (rc == 0)
		decode_flatten(rgba, out->width, out->height, out);
	free(rgba);
	return rc == 0 ? MEDIA_OK : broken(rc, reason);
}

enum media_result decode_png(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason)
{
	spng_ctx *png = spng_ctx_new(0);
	enum media_result result;
	struct spng_ihdr head;
	int rc;

	out->format = MEDIA_PNG;
	if (!png) {
		err_set(reason, ENOMEM, "PNG: no memory");
		return MEDIA_TOO_LARGE;
	}
	rc = spng_set_chunk_limits(png, CHUNK_MAX, CHUNKS_MAX);
	if (rc == 0)
		rc = spng_set_png_buffer(png, file.data, file.size);
	if (rc == 0)
		rc = spng_get_ihdr(png, &head);
	if (rc == 0) {
		result = decode_check_size(head.width, head.height, pixels_max, out, reason);
		if (result == MEDIA_OK)
			result = read_pixels(png, out, reason);
	} else {
		result = broken(rc, reason);
	}
	spng_ctx_free(png);
	return result;
}
