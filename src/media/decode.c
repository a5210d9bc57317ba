/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Owns telling formats apart and what the formats share. */
#include "media/decode.h"

#include <errno.h>

enum media_result decode_check_size(uint64_t width, uint64_t height, uint64_t pixels_max,
	struct decoded *out, struct err *reason)
{
	if (width == 0 || height == 0 || width > MEDIA_SIDE_MAX || height > MEDIA_SIDE_MAX ||
		width * height > pixels_max) {
		err_set(reason, EFBIG, "%llu x %llu pixels are not decoded",
			(unsigned long long)width, (unsigned long long)height);
		return MEDIA_TOO_LARGE;
	}
	out->width = (uint32_t)width;
	out->height = (uint32_t)height;
	return MEDIA_OK;
}

static void show_on_white(const uint8_t *rgba, uint8_t *to)
{
	unsigned alpha = rgba[3];

	for (int c = 0; c < PICTURE_CHANNELS; c++)
		to[c] = (uint8_t)((rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
}

void decode_flatten(const uint8_t *rgba, uint32_t width, uint32_t height, struct decoded *out)
{
	size_t count = (size_t)width * height;
	uint8_t *to;

	picture_init(&out->picture, width, height);
	to = out->picture.pixels;
	for (size_t i = 0; i < count; i++, rgba += 4, to += PICTURE_CHANNELS) {
		if (rgba[3] == 255)
			memcpy(to, rgba, PICTURE_CHANNELS);
		else
			show_on_white(rgba, to);
	}
}

enum media_result decode_image(
	struct bytes file, uint64_t pixels_max, struct decoded *out, struct err *reason)
{
	static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	static const uint8_t jpeg[] = {0xff, 0xd8, 0xff};

	*out = (struct decoded){.format = MEDIA_UNKNOWN};
	if (file.size >= sizeof(png) && memcmp(file.data, png, sizeof(png)) == 0)
		return decode_png(file, pixels_max, out, reason);
	if (file.size >= sizeof(jpeg) && memcmp(file.data, jpeg, sizeof(jpeg)) == 0)
		return decode_jpeg(file, pixels_max, out, reason);
	if (file.size >= 12 && memcmp(file.data, "RIFF", 4) == 0 &&
		memcmp(file.data + 8, "WEBP", 4) == 0)
		return decode_webp(file, pixels_max, out, reason);
	err_set(reason, 0, "this is no JPEG, PNG or WebP image");
	return MEDIA_UNSUPPORTED;
}
