/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expected hashes are those of the implementation that was published with the description, for
 * the same pixels. Copies that were changed a little stay near, as hash lists need it.
 */
#include "../unit.h"

#include "image.h"
#include "media/inspect.h"

static void bits_of_the_published_implementation(void **state)
{
	static const struct {
		uint32_t width, height, seed;
		int quality;
		const char *hash;
	} rows[] = {
		{128, 128, 1, 100,
			"d0a342664961166c676fa4083ebdf5c2b80eec9746b9b306f98a9e369634db69"},
		{320, 200, 2, 100,
			"d059f89634c8e058e6d35de30e5a6375633b20fc54b8f95163f3b2f04b4a5c94"},
		{257, 511, 3, 100,
			"af4cff26d81d59ee6b88617edef251c97654b3b1612952623ad098224a69aa96"},
		{64, 64, 4, 100,
			"1c87d8ebc4c5bcba2731474b7fc2005bd6661a16a0ff4687896326574a693cfa"},
		{40, 30, 5, 100,
			"251143b956d20e3496f72cc27eda38246b5fdb39f44ef6025327d096032a9fdc"},
		{512, 512, 6, 100,
			"e1c269d66648c15eda4787b4e08d5975363c07c43b5ea95ba38171139d5df654"},
		{1500, 1100, 7, 100,
			"d657b50dfcd398fd9a1d25198f791acfc3478c8f15f0e88bc4150a3bbde10048"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pdq hash, expected;
		struct picture picture;

		make_picture(&picture, rows[i].width, rows[i].height, rows[i].seed);
		unhex(rows[i].hash, expected.bits, PDQ_SIZE);
		assert_int_equal(pdq_of_picture(&picture, &hash), rows[i].quality);
		/* Ten is what the description allows another implementation; one is rounding. */
		assert_in_range(pdq_distance(&hash, &expected), 0, 1);
		picture_release(&picture);
	}
}

static void inspect(const struct buf *file, struct media_info *out)
{
	struct buf thumbnail;

	buf_init(&thumbnail, MEDIA_THUMBNAIL_BYTES_MAX);
	media_inspect(buf_bytes(file), MEDIA_WANT_HASH, MEDIA_PIXELS_MAX, &thumbnail, out);
	assert_int_equal(out->result, MEDIA_OK);
	buf_release(&thumbnail);
}

static void copies_are_near_and_others_far(void **state)
{
	struct picture picture, small, other;
	struct media_info original, copy;
	struct buf file;

	buf_init(&file, MEDIA_BYTES_MAX);
	make_picture(&picture, 640, 480, 11);
	append_picture_png(&file, &picture);
	inspect(&file, &original);

	buf_clear(&file);
	append_jpeg(&file, &picture, 60, true);
	inspect(&file, &copy);
	assert_in_range(pdq_distance(&original.hash, &copy.hash), 0, 10);

	buf_clear(&file);
	append_webp(&file, &picture, 70);
	inspect(&file, &copy);
	assert_in_range(pdq_distance(&original.hash, &copy.hash), 0, 10);

	buf_clear(&file);
	picture_shrink(&picture, 560, 420, &small);
	append_jpeg(&file, &small, 85, false);
	inspect(&file, &copy);
	assert_in_range(pdq_distance(&original.hash, &copy.hash), 0, 10);

	buf_clear(&file);
	make_picture(&other, 640, 480, 12);
	append_picture_png(&file, &other);
	inspect(&file, &copy);
	assert_in_range(pdq_distance(&original.hash, &copy.hash), 2 * PDQ_MATCH_MAX, 256);

	picture_release(&picture);
	picture_release(&small);
	picture_release(&other);
	buf_release(&file);
}

static void flat_pictures_have_no_quality(void **state)
{
	static const uint32_t sides[] = {1, 2, 63, 64, 65, 127, 129, 300};

	for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
		struct picture picture;
		struct pdq hash;

		picture_init(&picture, sides[i], sides[ARRAY_LEN(sides) - 1 - i]);
		memset(picture.pixels, 200,
			(size_t)picture.width * picture.height * PICTURE_CHANNELS);
		assert_int_equal(pdq_of_picture(&picture, &hash), 0);
		picture_release(&picture);
	}
}

static void distance_counts_bits(void **state)
{
	struct pdq a = {{0}}, b = {{0}};

	assert_int_equal(pdq_distance(&a, &b), 0);
	b.bits[0] = 0x81;
	b.bits[31] = 0x01;
	assert_int_equal(pdq_distance(&a, &b), 3);
	memset(a.bits, 0xff, PDQ_SIZE);
	memset(b.bits, 0, PDQ_SIZE);
	assert_int_equal(pdq_distance(&a, &b), 256);
}

/* An area filter keeps the mean, whatever the ratio. */
static void shrinking_averages(void **state)
{
	struct picture picture, small;
	unsigned long sum = 0, small_sum = 0;

	make_picture(&picture, 100, 60, 3);
	picture_shrink(&picture, 33, 7, &small);
	for (int i = 0; i < 100 * 60 * 3; i++)
		sum += picture.pixels[i];
	for (int i = 0; i < 33 * 7 * 3; i++)
		small_sum += small.pixels[i];
	assert_in_range(small_sum * 100 / (33 * 7 * 3), sum * 100 / (100 * 60 * 3) - 50,
		sum * 100 / (100 * 60 * 3) + 50);
	picture_release(&small);
	picture_shrink(&picture, 100, 60, &small);
	assert_memory_equal(small.pixels, picture.pixels, 100 * 60 * 3);
	picture_release(&small);
	picture_release(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_of_the_published_implementation),
		cmocka_unit_test(copies_are_near_and_others_far),
		cmocka_unit_test(flat_pictures_have_no_quality),
		cmocka_unit_test(distance_counts_bits),
		cmocka_unit_test(shrinking_averages),
	};

	return cmocka_run_group_tests_name("media/pdq", tests, NULL, no_arena_leaked);
}
