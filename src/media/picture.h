/* SPDX-License-Identifier: Apache-2.0 */
/* A decoded image: rows of 8-bit red, green, blue without gaps. Colour profiles are not applied. */
#ifndef MEDIA_PICTURE_H
#define MEDIA_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#define PICTURE_CHANNELS 3

struct picture {
	uint32_t width, height;
	uint8_t *pixels; /* owned; NULL when there is none */
};

/* Pixels are not initialised. The caller has bounded both sides (media/decode.h). */
void picture_init(struct picture *picture, uint32_t width, uint32_t height);
void picture_release(struct picture *picture);

static inline uint8_t *picture_row(const struct picture *picture, uint32_t y)
{
	return picture->pixels + (size_t)y * picture->width * PICTURE_CHANNELS;
}

/* Makes *out from in by averaging areas; width and height are at most those of in, and above 0. */
void picture_shrink(const struct picture *in, uint32_t width, uint32_t height, struct picture *out);

#endif
