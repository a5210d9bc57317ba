/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. Each pixel of the result is the mean of the area that it covers, with parts of
 * pixels counted as parts: the plainest filter that neither aliases nor rings when shrinking.
 */
#include "media/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void picture_init(struct picture *picture, uint32_t width, uint32_t height)
{
	*picture = (struct picture){.width = width, .height = height};
	picture->pixels = mem_alloc((size_t)width * height * PICTURE_CHANNELS);
}

void picture_release(struct picture *picture)
{
	free(picture->pixels);
	*picture = (struct picture){0};
}

/* The part of the source cell that lies in [from, to). */
static float overlap(uint32_t cell, float from, float to)
{
	float start = (float)cell > from ? (float)cell : from;
	float end = (float)cell + 1 < to ? (float)cell + 1 : to;

	return end > start ? end - start : 0;
}

static uint32_t last_cell(float to, uint32_t count)
{
	uint32_t last = (uint32_t)ceilf(to);

	return last < count ? last : count;
}

static void add_part(float sum[PICTURE_CHANNELS], const uint8_t *pixel, float weight)
{
	for (int c = 0; c < PICTURE_CHANNELS; c++)
		sum[c] += weight * (float)pixel[c];
}

/* Pixels that count in full, count of them: most of them, when much is shrunk. */
static void add_whole(float sum[PICTURE_CHANNELS], const uint8_t *pixel, uint32_t count)
{
	uint32_t whole[PICTURE_CHANNELS] = {0}; /* a row has 65535 of 255 at most */

	for (uint32_t i = 0; i < count; i++, pixel += PICTURE_CHANNELS) {
		for (int c = 0; c < PICTURE_CHANNELS; c++)
			whole[c] += pixel[c];
	}
	for (int c = 0; c < PICTURE_CHANNELS; c++)
		sum[c] += (float)whole[c];
}

static void shrink_row(const uint8_t *in, uint32_t in_width, uint32_t width, float *out)
{
	float ratio = (float)in_width / (float)width;

	for (uint32_t x = 0; x < width; x++) {
		float from = (float)x * ratio, to = from + ratio, sum[PICTURE_CHANNELS] = {0};
		uint32_t first = (uint32_t)from, last = last_cell(to, in_width) - 1;

		add_part(sum, in + (size_t)first * PICTURE_CHANNELS, overlap(first, from, to));
		if (last > first) {
			add_whole(
				sum, in + (size_t)(first + 1) * PICTURE_CHANNELS, last - first - 1);
			add_part(
				sum, in + (size_t)last * PICTURE_CHANNELS, overlap(last, from, to));
		}
		for (int c = 0; c < PICTURE_CHANNELS; c++)
			out[x * PICTURE_CHANNELS + (uint32_t)c] = sum[c] / ratio;
	}
}

static void round_row(const float *in, uint32_t count, float divisor, uint8_t *out)
{
	for (uint32_t i = 0; i < count; i++) {
		float value = in[i] / divisor + 0.5f;

		out[i] = value >= 255 ? 255 : (uint8_t)value;
	}
}

void picture_shrink(const struct picture *in, uint32_t width, uint32_t height, struct picture *out)
{
	uint32_t count = width * PICTURE_CHANNELS;
	float ratio = (float)in->height / (float)height;
	float *row = mem_zalloc(count, sizeof(*row)), *sum = mem_zalloc(count, sizeof(*sum));

	picture_init(out, width, height);
	for (uint32_t y = 0; y < height; y++) {
		float from = (float)y * ratio, to = from + ratio;
		uint32_t end = last_cell(to, in->height);

		memset(sum, 0, count * sizeof(*sum));
		/* A source row on the border of two areas is shrunk twice: simpler than keeping it.
		 */
		for (uint32_t i = (uint32_t)from; i < end; i++) {
			float weight = overlap(i, from, to);

			if (weight <= 0)
				continue;
			shrink_row(picture_row(in, i), in->width, width, row);
			for (uint32_t x = 0; x < count; x++)
				sum[x] += weight * row[x];
		}
		round_row(sum, count, ratio, picture_row(out, y));
	}
	free(row);
	free(sum);
}
