/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header.
 *
 *   luma -> blurred (two passes of a box) -> 64 x 64 samples -> lowest 16 x 16 of the cosine
 * transform
 *        -> a bit each: above the median or not
 */
#include "media/pdq.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SAMPLES 64
#define WAVES 16
#define BLUR_PASSES 2
/* Sum of gradients, in hundredths of the full range, that counts as quality 1. */
#define GRADIENT_PER_QUALITY 90

static void read_luma(const struct picture *picture, float *out)
{
	size_t count = (size_t)picture->width * picture->height;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *p = picture->pixels + i * PICTURE_CHANNELS;

		out[i] = 0.299f * (float)p[0] + 0.587f * (float)p[1] + 0.114f * (float)p[2];
	}
}

/* ---- Blur ---- */

/* As wide as two samples lie apart. */
static size_t window_of(size_t side)
{
	return (side + 2 * SAMPLES - 1) / (2 * SAMPLES);
}

/* How far a window reaches: an even one further to the right, or down, than to the left. */
struct reach {
	size_t before, after;
};

static struct reach reach_of(size_t side)
{
	size_t window = window_of(side);

	return (struct reach){.before = window - 1 - window / 2, .after = window / 2};
}

/* The running mean over the window around each value; at the ends, over what there is of it. */
static void blur_row(const float *in, float *out, size_t count, struct reach reach)
{
	size_t start = 0, end = 0;
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		while (end < count && end <= i + reach.after)
			sum += (double)in[end++];
		while (start + reach.before < i)
			sum -= (double)in[start++];
		out[i] = (float)(sum / (double)(end - start));
	}
}

/* The same down the columns, all of them at once: memory is read in the order in which it lies. */
static void blur_columns(
	const float *in, float *out, double *sums, size_t width, size_t height, struct reach reach)
{
	size_t start = 0, end = 0;

	memset(sums, 0, width * sizeof(*sums));
	for (size_t y = 0; y < height; y++) {
		double share;

		for (; end < height && end <= y + reach.after; end++) {
			for (size_t x = 0; x < width; x++)
				sums[x] += (double)in[end * width + x];
		}
		for (; start + reach.before < y; start++) {
			for (size_t x = 0; x < width; x++)
				sums[x] -= (double)in[start * width + x];
		}
		share = 1.0 / (double)(end - start);
		for (size_t x = 0; x < width; x++)
			out[y * width + x] = (float)(sums[x] * share);
	}
}

static void blur(float *luma, float *spare, size_t width, size_t height)
{
	double *sums = mem_alloc(width * sizeof(*sums));

	for (int pass = 0; pass < BLUR_PASSES; pass++) {
		for (size_t y = 0; y < height; y++)
			blur_row(luma + y * width, spare + y * width, width, reach_of(width));
		blur_columns(spare, luma, sums, width, height, reach_of(height));
	}
	free(sums);
}

static void sample(const float *luma, size_t width, size_t height, float out[SAMPLES][SAMPLES])
{
	for (size_t i = 0; i < SAMPLES; i++) {
		for (size_t j = 0; j < SAMPLES; j++) {
			size_t y = (2 * i + 1) * height / (2 * SAMPLES);
			size_t x = (2 * j + 1) * width / (2 * SAMPLES);

			out[i][j] = luma[y * width + x];
		}
	}
}

/* ---- Quality ---- */

/* Each step is cut to a whole number first, so that slow gradients (a clear sky) count nothing. */
static int step(float a, float b)
{
	return abs((int)((a - b) * 100 / 255));
}

static int quality_of(float samples[SAMPLES][SAMPLES])
{
	int sum = 0;

	for (int i = 0; i < SAMPLES; i++) {
		for (int j = 0; j + 1 < SAMPLES; j++) {
			sum += step(samples[i][j], samples[i][j + 1]);
			sum += step(samples[j][i], samples[j + 1][i]);
		}
	}
	return sum / GRADIENT_PER_QUALITY > 100 ? 100 : sum / GRADIENT_PER_QUALITY;
}

/* ---- Transform ---- */

/* Waves 1 to 16: the constant one, 0, would only tell how bright the image is. */
static void make_waves(float out[WAVES][SAMPLES])
{
	for (int i = 0; i < WAVES; i++) {
		for (int j = 0; j < SAMPLES; j++)
			out[i][j] = (float)(sqrt(2.0 / SAMPLES) *
					    cos(M_PI / (2 * SAMPLES) * (i + 1) * (2 * j + 1)));
	}
}

static void transform(float samples[SAMPLES][SAMPLES], float out[WAVES * WAVES])
{
	float waves[WAVES][SAMPLES], half[WAVES][SAMPLES];

	make_waves(waves);
	for (int i = 0; i < WAVES; i++) {
		for (int j = 0; j < SAMPLES; j++) {
			half[i][j] = 0;
			for (int k = 0; k < SAMPLES; k++)
				half[i][j] += waves[i][k] * samples[k][j];
		}
	}
	for (int i = 0; i < WAVES; i++) {
		for (int j = 0; j < WAVES; j++) {
			out[i * WAVES + j] = 0;
			for (int k = 0; k < SAMPLES; k++)
				out[i * WAVES + j] += half[i][k] * waves[j][k];
		}
	}
}

static int by_value(const void *a, const void *b)
{
	float x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static void set_bits(const float values[WAVES * WAVES], struct pdq *out)
{
	float sorted[WAVES * WAVES], median;

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, WAVES * WAVES, sizeof(sorted[0]), by_value);
	median = sorted[WAVES * WAVES / 2 - 1];
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < WAVES * WAVES; i++) {
		if (values[i] > median)
			out->bits[PDQ_SIZE - 1 - i / 8] |= (uint8_t)(1u << (i % 8));
	}
}

int pdq_of_picture(const struct picture *picture, struct pdq *out)
{
	size_t width = picture->width, height = picture->height;
	float *luma = mem_alloc(width * height * sizeof(*luma));
	float *spare = mem_alloc(width * height * sizeof(*spare));
	float samples[SAMPLES][SAMPLES], values[WAVES * WAVES];

	read_luma(picture, luma);
	blur(luma, spare, width, height);
	sample(luma, width, height, samples);
	free(luma);
	free(spare);
	transform(samples, values);
	set_bits(values, out);
	return quality_of(samples);
}

int pdq_distance(const struct pdq *a, const struct pdq *b)
{
	int distance = 0;

	for (int i = 0; i < PDQ_SIZE; i++)
		distance += __builtin_popcount((unsigned)(a->bits[i] ^ b->bits[i]));
	return distance;
}
