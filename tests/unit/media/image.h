/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures that a formula makes, the same on every machine, and files of them. */
#ifndef UNIT_MEDIA_IMAGE_H
#define UNIT_MEDIA_IMAGE_H

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <spng.h>
#include <webp/encode.h>

#include "base/buf.h"
#include "media/picture.h"

/* Random values on a lattice of nodes x nodes, straight lines between, all in whole numbers. */
static inline void add_noise(
	int *sums, uint32_t width, uint32_t height, uint32_t nodes, uint32_t seed, int weight)
{
	int *lattice = malloc(sizeof(int) * nodes * nodes);

	for (uint32_t i = 0; i < nodes * nodes; i++) {
		seed = (seed * 1103515245u + 12345u) & 0x7fffffff;
		lattice[i] = (seed >> 16) & 255;
	}
	for (uint32_t y = 0; y < height; y++) {
		uint32_t fy = y * (nodes - 1) * 256 / height;
		const int *top = lattice + (fy >> 8) * nodes, *low = top + nodes;
		int ty = (int)(fy & 255);

		for (uint32_t x = 0; x < width; x++) {
			uint32_t fx = x * (nodes - 1) * 256 / width, ix = fx >> 8;
			int tx = (int)(fx & 255);
			int p = top[ix] * (256 - tx) + top[ix + 1] * tx;
			int q = low[ix] * (256 - tx) + low[ix + 1] * tx;

			sums[y * width + x] += weight * ((p * (256 - ty) + q * ty) >> 16);
		}
	}
	free(lattice);
}

static inline void make_picture(struct picture *out, uint32_t width, uint32_t height, uint32_t seed)
{
	size_t count = (size_t)width * height;
	int *sums = malloc(sizeof(int) * count);

	picture_init(out, width, height);
	for (uint32_t c = 0; c < PICTURE_CHANNELS; c++) {
		memset(sums, 0, sizeof(int) * count);
		add_noise(sums, width, height, 5, seed * 10 + c, 2);
		add_noise(sums, width, height, 17, seed * 10 + c + 3, 1);
		add_noise(sums, width, height, 33, seed * 10 + c + 6, 1);
		for (size_t i = 0; i < count; i++)
			out->pixels[i * PICTURE_CHANNELS + c] = (uint8_t)(sums[i] >> 2);
	}
	free(sums);
}

static inline void append_png(struct buf *out, const void *pixels, uint32_t width, uint32_t height,
	uint8_t color_type, size_t size)
{
	struct spng_ihdr head = {
		.width = width, .height = height, .bit_depth = 8, .color_type = color_type};
	spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
	size_t file_size;
	void *file;
	int rc;

	spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
	spng_set_ihdr(png, &head);
	assert_int_equal(
		spng_encode_image(png, pixels, size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
	file = spng_get_png_buffer(png, &file_size, &rc);
	assert_int_equal(rc, 0);
	buf_append(out, file, file_size);
	free(file);
	spng_ctx_free(png);
}

static inline void append_picture_png(struct buf *out, const struct picture *picture)
{
	append_png(out, picture->pixels, picture->width, picture->height, SPNG_COLOR_TYPE_TRUECOLOR,
		(size_t)picture->width * picture->height * PICTURE_CHANNELS);
}

static inline void append_jpeg(
	struct buf *out, const struct picture *picture, int quality, bool progressive)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *file = NULL;
	unsigned long size = 0;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &file, &size);
	jpeg.image_width = picture->width;
	jpeg.image_height = picture->height;
	jpeg.input_components = PICTURE_CHANNELS;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	if (progressive)
		jpeg_simple_progression(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	while (jpeg.next_scanline < jpeg.image_height) {
		JSAMPROW row = picture_row(picture, jpeg.next_scanline);

		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	buf_append(out, file, size);
	jpeg_destroy_compress(&jpeg);
	free(file);
}

static inline void append_webp(struct buf *out, const struct picture *picture, float quality)
{
	uint8_t *file = NULL;
	size_t size = WebPEncodeRGB(picture->pixels, (int)picture->width, (int)picture->height,
		(int)picture->width * PICTURE_CHANNELS, quality, &file);

	assert_true(size > 0);
	buf_append(out, file, size);
	WebPFree(file);
}

#endif
