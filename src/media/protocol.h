/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lontar-media is asked and answers, in one message each way (cage/frame.h). A process answers
 * one request and ends: an image that takes it over sees no other image.
 *
 *   request  u8 wanted (enum media_wanted, or-ed), then the file
 *   answer   u8 result, u8 format, u32 width, u32 height, string reason,
 *            u8 quality, 32 bytes hash, u32 thumbnail width, u32 its height, string thumbnail
 */
#ifndef MEDIA_PROTOCOL_H
#define MEDIA_PROTOCOL_H

#include "base/buf.h"
#include "base/err.h"
#include "media/pdq.h"

/* Bounds of what is decoded at all. */
#define MEDIA_BYTES_MAX ((size_t)32 << 20)
#define MEDIA_SIDE_MAX 65535
#define MEDIA_PIXELS_MAX ((uint64_t)64 << 20) /* 256 MiB as red, green, blue, alpha */
#define MEDIA_SECONDS_MAX 10
#define MEDIA_MEMORY_MAX ((size_t)768 << 20) /* address space of lontar-media */
/* Longest side of a thumbnail, and the most that its file may take. */
#define MEDIA_THUMBNAIL_SIDE 320
#define MEDIA_THUMBNAIL_BYTES_MAX ((size_t)512 << 10)
#define MEDIA_REASON_MAX 239

#define MEDIA_REQUEST_MAX (MEDIA_BYTES_MAX + 1)
#define MEDIA_ANSWER_MAX (MEDIA_THUMBNAIL_BYTES_MAX + 1024)

enum media_wanted {
	MEDIA_WANT_HASH = 1,
	MEDIA_WANT_THUMBNAIL = 2,
};

enum media_format { MEDIA_UNKNOWN, MEDIA_JPEG, MEDIA_PNG, MEDIA_WEBP };

enum media_result {
	MEDIA_OK,
	MEDIA_UNSUPPORTED, /* not an image, or of a kind that isn't decoded */
	MEDIA_BROKEN,
	MEDIA_TOO_LARGE, /* beyond a bound above */
};

/* Absent when not asked for or not made: quality 0 and zeroes, an empty thumbnail. */
struct media_info {
	enum media_result result;
	enum media_format format;
	uint32_t width, height;		   /* as the file says */
	char reason[MEDIA_REASON_MAX + 1]; /* for operators; empty when all is well */
	int quality;			   /* of the hash: 0 to 100, see PDQ_QUALITY_MIN */
	struct pdq hash;
	uint32_t thumbnail_width, thumbnail_height;
	struct bytes thumbnail; /* a JPEG file; a view into the answer */
};

/* "jpeg", "png", "webp", "unknown" */
const char *media_format_name(enum media_format format);

void media_answer_append(struct buf *out, const struct media_info *info);
/* -1 unless it is exactly an answer within all bounds: who wrote it may have been taken over. */
MUST_CHECK int media_answer_parse(struct bytes answer, struct media_info *out);

#endif
