/* SPDX-License-Identifier: Apache-2.0 */
/* Formats, bounds, and files that lie or end early. */
#include "../unit.h"

#include "image.h"
#include "media/decode.h"
#include "media/inspect.h"

static enum media_result decode(const struct buf *file, struct decoded *out)
{
	return decode_image(buf_bytes(file), MEDIA_PIXELS_MAX, out, NULL);
}

static int largest_difference(const struct picture *a, const struct picture *b)
{
	int largest = 0;

	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (size_t i = 0; i < (size_t)a->width * a->height * PICTURE_CHANNELS; i++) {
		int difference = abs(a->pixels[i] - b->pixels[i]);

		largest = difference > largest ? difference : largest;
	}
	return largest;
}

static void formats(void **state)
{
	struct picture picture;
	struct decoded out;
	struct buf file;

	buf_init(&file, MEDIA_BYTES_MAX);
	make_picture(&picture, 90, 61, 21);
	append_picture_png(&file, &picture);
	assert_int_equal(decode(&file, &out), MEDIA_OK);
	assert_int_equal(out.format, MEDIA_PNG);
	assert_int_equal(largest_difference(&out.picture, &picture), 0);
	picture_release(&out.picture);

	buf_clear(&file);
	append_jpeg(&file, &picture, 95, false);
	assert_int_equal(decode(&file, &out), MEDIA_OK);
	assert_int_equal(out.format, MEDIA_JPEG);
	assert_in_range(largest_difference(&out.picture, &picture), 0, 60);
	picture_release(&out.picture);

	buf_clear(&file);
	append_webp(&file, &picture, 95);
	assert_int_equal(decode(&file, &out), MEDIA_OK);
	assert_int_equal(out.format, MEDIA_WEBP);
	assert_int_equal(out.width, 90);
	assert_int_equal(out.height, 61);
	assert_in_range(largest_difference(&out.picture, &picture), 0, 60);
	picture_release(&out.picture);
	picture_release(&picture);
	buf_release(&file);
}

static void transparent_is_white(void **state)
{
	static const uint8_t pixels[] = {10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 51};
	static const uint8_t shown[] = {255, 255, 255, 10, 20, 30, 204, 204, 204};
	struct decoded out;
	struct buf file;

	buf_init(&file, 4096);
	append_png(&file, pixels, 3, 1, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA, sizeof(pixels));
	assert_int_equal(decode(&file, &out), MEDIA_OK);
	assert_memory_equal(out.picture.pixels, shown, sizeof(shown));
	picture_release(&out.picture);
	buf_release(&file);
}

/* Large files come smaller, and still say what they are. */
static void large_files_are_decoded_smaller(void **state)
{
	uint32_t side = 2 * DECODE_SIDE_ENOUGH + 2;
	struct picture picture;
	struct decoded out;
	struct buf file;

	buf_init(&file, MEDIA_BYTES_MAX);
	picture_init(&picture, side, side);
	memset(picture.pixels, 90, (size_t)side * side * PICTURE_CHANNELS);
	append_jpeg(&file, &picture, 50, false);
	assert_int_equal(decode(&file, &out), MEDIA_OK);
	assert_int_equal(out.width, side);
	assert_int_equal(out.picture.width, side / 2);
	picture_release(&out.picture);
	picture_release(&picture);
	buf_release(&file);
}

/* A few bytes that say 65535 x 65535: refused by what they say, before any memory is taken. */
static void bombs_are_refused_by_their_header(void **state)
{
	static const uint8_t webp[] = "RIFF\x20\0\0\0WEBPVP8L\x14\0\0\0\x2f\xff\xff\xff\x0f"
				      "0000000000000000";
	struct picture picture;
	struct decoded out;
	struct buf file;
	uint8_t *at;

	buf_init(&file, 65536);
	make_picture(&picture, 16, 16, 1);
	append_jpeg(&file, &picture, 80, false);
	at = memmem(buf_data(&file), buf_size(&file), "\xff\xc0", 2);
	assert_non_null(at);
	memset(at + 5, 0xff, 4);
	/* libjpeg itself stops at 65500. */
	assert_int_equal(decode(&file, &out), MEDIA_BROKEN);
	memcpy(at + 5, "\xff\x00\xff\x00", 4);
	assert_int_equal(decode(&file, &out), MEDIA_TOO_LARGE);
	assert_null(out.picture.pixels);

	buf_clear(&file);
	append_png(&file, picture.pixels, 16, 16, SPNG_COLOR_TYPE_TRUECOLOR, 768);
	at = buf_data(&file);
	assert_non_null(at);
	memcpy(at + 16, "\0\0\xff\xff\0\0\xff\xff", 8);
	assert_int_equal(decode(&file, &out), MEDIA_TOO_LARGE);
	assert_null(out.picture.pixels);
	buf_clear(&file);
	append_png(&file, picture.pixels, 16, 16, SPNG_COLOR_TYPE_TRUECOLOR, 768);
	assert_int_equal(decode_image(buf_bytes(&file), 255, &out, NULL), MEDIA_TOO_LARGE);
	assert_int_equal(decode_image(buf_bytes(&file), 256, &out, NULL), MEDIA_OK);
	picture_release(&out.picture);

	assert_int_equal(
		decode_image(bytes_of(webp, sizeof(webp) - 1), MEDIA_PIXELS_MAX, &out, NULL),
		MEDIA_TOO_LARGE);
	picture_release(&picture);
	buf_release(&file);
}

static void other_files_are_unsupported(void **state)
{
	static const char *const files[] = {"", "G", "GIF89a", "%PDF-1.4", "RIFF....AVI ", "<svg>"};
	struct decoded out;

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		assert_int_equal(
			decode_image(bytes_from_str(files[i]), MEDIA_PIXELS_MAX, &out, NULL),
			MEDIA_UNSUPPORTED);
}

static void survive(struct bytes file)
{
	uint8_t *copy = malloc(file.size ? file.size : 1);
	struct media_info info, parsed;
	struct buf thumbnail, answer;

	buf_init(&thumbnail, MEDIA_THUMBNAIL_BYTES_MAX);
	buf_init(&answer, MEDIA_ANSWER_MAX);
	memcpy(copy, file.data, file.size);
	media_inspect(bytes_of(copy, file.size), MEDIA_WANT_HASH | MEDIA_WANT_THUMBNAIL, 1 << 16,
		&thumbnail, &info);
	media_answer_append(&answer, &info);
	assert_int_equal(media_answer_parse(buf_bytes(&answer), &parsed), 0);
	assert_int_equal(parsed.result, info.result);
	assert_string_equal(parsed.reason, info.reason);
	assert_true(bytes_equal(parsed.thumbnail, info.thumbnail));
	for (size_t size = 0; size < buf_size(&answer) && size < 400; size++)
		assert_int_equal(
			media_answer_parse(bytes_of(buf_data(&answer), size), &parsed), -1);
	buf_release(&answer);
	buf_release(&thumbnail);
	free(copy);
}

static void every_cut_and_a_flip_per_byte(void **state)
{
	struct picture picture;
	struct buf files[4];

	make_picture(&picture, 19, 13, 9);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		buf_init(&files[i], 65536);
	append_picture_png(&files[0], &picture);
	append_jpeg(&files[1], &picture, 70, false);
	append_jpeg(&files[2], &picture, 70, true);
	append_webp(&files[3], &picture, 70);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct bytes all = buf_bytes(&files[i]);
		uint8_t *bytes = buf_data(&files[i]);

		for (size_t at = 0; at < all.size; at++) {
			survive(bytes_of(all.data, at));
			bytes[at] ^= (uint8_t)(1u << at % 8);
			survive(all);
			bytes[at] ^= (uint8_t)(1u << at % 8);
		}
		buf_release(&files[i]);
	}
	picture_release(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(transparent_is_white),
		cmocka_unit_test(large_files_are_decoded_smaller),
		cmocka_unit_test(bombs_are_refused_by_their_header),
		cmocka_unit_test(other_files_are_unsupported),
		cmocka_unit_test(every_cut_and_a_flip_per_byte),
	};

	return cmocka_run_group_tests_name("media/decode", tests, NULL, no_arena_leaked);
}
