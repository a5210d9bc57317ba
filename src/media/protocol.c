/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "media/protocol.h"

#include "cage/frame.h"

const char *media_format_name(enum media_format format)
{
	static const char *const names[] = {"unknown", "jpeg", "png", "webp"};

	return names[format];
}

void media_answer_append(struct buf *out, const struct media_info *info)
{
	buf_append_u8(out, (uint8_t)info->result);
	buf_append_u8(out, (uint8_t)info->format);
	buf_append_u32le(out, info->width);
	buf_append_u32le(out, info->height);
	frame_append_string(out, bytes_from_str(info->reason));
	buf_append_u8(out, (uint8_t)info->quality);
	buf_append(out, info->hash.bits, PDQ_SIZE);
	buf_append_u32le(out, info->thumbnail_width);
	buf_append_u32le(out, info->thumbnail_height);
	frame_append_string(out, info->thumbnail);
}

/* Into a terminal and a log it goes as plain text only. */
static int copy_reason(struct bytes text, char out[MEDIA_REASON_MAX + 1])
{
	if (text.size > MEDIA_REASON_MAX)
		return -1;
	for (size_t i = 0; i < text.size; i++)
		out[i] = text.data[i] >= ' ' && text.data[i] < 0x7f ? (char)text.data[i] : '?';
	out[text.size] = 0;
	return 0;
}

static bool is_within_bounds(const struct media_info *info)
{
	return info->result <= MEDIA_TOO_LARGE && info->format <= MEDIA_WEBP &&
	       info->quality <= 100 && info->width <= MEDIA_SIDE_MAX &&
	       info->height <= MEDIA_SIDE_MAX && info->thumbnail_width <= MEDIA_THUMBNAIL_SIDE &&
	       info->thumbnail_height <= MEDIA_THUMBNAIL_SIDE &&
	       info->thumbnail.size <= MEDIA_THUMBNAIL_BYTES_MAX &&
	       (info->result == MEDIA_OK) == (info->reason[0] == 0);
}

int media_answer_parse(struct bytes answer, struct media_info *out)
{
	struct frame_reader in = {.rest = answer};
	struct bytes reason, hash;

	*out = (struct media_info){0};
	out->result = frame_u8(&in);
	out->format = frame_u8(&in);
	out->width = frame_u32(&in);
	out->height = frame_u32(&in);
	reason = frame_string(&in);
	out->quality = frame_u8(&in);
	hash = frame_raw(&in, PDQ_SIZE);
	out->thumbnail_width = frame_u32(&in);
	out->thumbnail_height = frame_u32(&in);
	out->thumbnail = frame_string(&in);
	if (!frame_complete(&in) || copy_reason(reason, out->reason) < 0 || !is_within_bounds(out))
		return -1;
	memcpy(out->hash.bits, hash.data, PDQ_SIZE);
	return 0;
}
