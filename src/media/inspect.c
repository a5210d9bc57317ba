/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "media/inspect.h"

#include <stdio.h>

#include "media/decode.h"
#include "media/thumbnail.h"

static uint32_t at_most(uint32_t side, uint32_t max)
{
	return side < max ? side : max;
}

/* The hash has no aspect: it samples both sides alike, so each is shrunk by itself. */
static void add_hash(const struct picture *picture, struct media_info *out)
{
	uint32_t width = at_most(picture->width, PDQ_SIDE_MAX);
	uint32_t height = at_most(picture->height, PDQ_SIDE_MAX);
	struct picture small;

	if (width == picture->width && height == picture->height) {
		out->quality = pdq_of_picture(picture, &out->hash);
		return;
	}
	picture_shrink(picture, width, height, &small);
	out->quality = pdq_of_picture(&small, &out->hash);
	picture_release(&small);
}

static void refuse(struct media_info *out, enum media_result result, const char *reason)
{
	out->result = result;
	snprintf(out->reason, sizeof(out->reason), "%s", reason);
}

void media_inspect(struct bytes file, unsigned wanted, uint64_t pixels_max, struct buf *thumbnail,
	struct media_info *out)
{
	struct err reason = {0};
	struct decoded image;

	*out = (struct media_info){0};
	buf_clear(thumbnail);
	out->result = decode_image(file, pixels_max, &image, &reason);
	out->format = image.format;
	out->width = image.width;
	out->height = image.height;
	if (out->result != MEDIA_OK) {
		refuse(out, out->result, reason.text);
		return;
	}
	if (wanted & MEDIA_WANT_HASH)
		add_hash(&image.picture, out);
	if (wanted & MEDIA_WANT_THUMBNAIL) {
		if (thumbnail_append(&image.picture, MEDIA_THUMBNAIL_SIDE, thumbnail,
			    &out->thumbnail_width, &out->thumbnail_height) == 0)
			out->thumbnail = buf_bytes(thumbnail);
		else
			refuse(out, MEDIA_TOO_LARGE, "the thumbnail can't be made");
	}
	picture_release(&image.picture);
}
