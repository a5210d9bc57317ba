/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image files to pictures: JPEG, PNG and WebP, told apart by their first bytes. This is where
 * hostile input meets large libraries: it runs in lontar-media alone (and in its tests), never in a
 * server.
 */
#ifndef MEDIA_DECODE_H
#define MEDIA_DECODE_H

#include "base/bytes.h"
#include "base/err.h"
#include "media/picture.h"
#include "media/protocol.h"

struct decoded {
	enum media_format format;
	uint32_t width, height; /* as the file says */
	/* May be smaller by a whole factor: no side below DECODE_SIDE_ENOUGH that was above it.
	 * Transparent parts are shown on white. */
	struct picture picture;
};

/* More detail than this no output needs: large files are decoded smaller where the format can. */
#define DECODE_SIDE_ENOUGH 2048

/* On anything but MEDIA_OK, *out holds no picture; what was read of format and size stays. reason:
 * a short text for operators. pixels_max bounds width times height as the file says. */
MUST_CHECK enum media_result decode_image(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason);

/* One per format, for decode.c only: format and first bytes are known to fit. */
enum media_result decode_jpeg(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason);
enum media_result decode_png(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason);
enum media_result decode_webp(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason);

/* Notes the size; not MEDIA_OK when it is out of bounds. */
enum media_result decode_check_size(uint64_t width, uint64_t height, uint64_t pixels_max,
	struct decoded *out, struct err *reason);
/* Shows rows of red, green, blue, alpha on white, in out->picture (made here). */
void decode_flatten(const uint8_t *rgba, uint32_t width, uint32_t height, struct decoded *out);

#endif
