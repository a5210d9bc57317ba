/* SPDX-License-Identifier: Apache-2.0 */
/* With the real lontar-media of this build, in its cage. Argument: the folder it lies in. */
#include "../unit.h"

#include "image.h"
#include "media/client.h"
#include "media/inspect.h"

static const char *programs;

static void the_same_as_without_the_cage(void **state)
{
	struct media_info info, expected;
	struct buf file, answer, thumbnail;
	struct picture picture;
	struct err err = {0};

	buf_init(&file, MEDIA_BYTES_MAX);
	buf_init(&answer, MEDIA_ANSWER_MAX);
	buf_init(&thumbnail, MEDIA_THUMBNAIL_BYTES_MAX);
	make_picture(&picture, 700, 500, 5);
	append_jpeg(&file, &picture, 80, false);
	media_inspect(buf_bytes(&file), 3, MEDIA_PIXELS_MAX, &thumbnail, &expected);
	assert_int_equal(media_ask(programs, buf_bytes(&file), 3, &answer, &info, &err), 0);
	assert_int_equal(info.result, MEDIA_OK);
	assert_int_equal(info.format, MEDIA_JPEG);
	assert_int_equal(info.width, 700);
	assert_int_equal(info.height, 500);
	assert_int_equal(info.quality, expected.quality);
	assert_int_equal(pdq_distance(&info.hash, &expected.hash), 0);
	assert_int_equal(info.thumbnail_width, 320);
	assert_int_equal(info.thumbnail_height, 229);
	assert_true(bytes_equal(info.thumbnail, expected.thumbnail));
	picture_release(&picture);
	buf_release(&thumbnail);
	buf_release(&answer);
	buf_release(&file);
}

static void bad_files_are_answers(void **state)
{
	struct media_info info;
	struct err err = {0};
	struct buf answer;
	void *zeroes;

	buf_init(&answer, MEDIA_ANSWER_MAX);
	assert_int_equal(
		media_ask(programs, BYTES_LITERAL("no image"), 1, &answer, &info, &err), 0);
	assert_int_equal(info.result, MEDIA_UNSUPPORTED);
	assert_int_equal(
		media_ask(programs, BYTES_LITERAL("\xff\xd8\xff\xe0"), 1, &answer, &info, &err), 0);
	assert_int_equal(info.result, MEDIA_BROKEN);
	assert_true(info.reason[0] != 0);
	zeroes = calloc(1, MEDIA_BYTES_MAX + 1);
	assert_int_equal(
		media_ask(programs, bytes_of(zeroes, MEDIA_BYTES_MAX), 1, &answer, &info, &err), 0);
	assert_int_equal(info.result, MEDIA_UNSUPPORTED);
	assert_int_equal(
		media_ask(programs, bytes_of(zeroes, MEDIA_BYTES_MAX + 1), 1, &answer, &info, &err),
		0);
	assert_int_equal(info.result, MEDIA_TOO_LARGE);
	free(zeroes);
	buf_release(&answer);
}

static void a_missing_program_is_an_error(void **state)
{
	struct media_info info;
	struct err err = {0};
	struct buf answer;

	buf_init(&answer, MEDIA_ANSWER_MAX);
	assert_int_equal(media_ask("/nowhere", BYTES_LITERAL("x"), 1, &answer, &info, &err), -1);
	assert_true(err.text[0] != 0);
	buf_release(&answer);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_as_without_the_cage),
		cmocka_unit_test(bad_files_are_answers),
		cmocka_unit_test(a_missing_program_is_an_error),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	programs = argv[1];
	return cmocka_run_group_tests_name("media/client", tests, NULL, no_arena_leaked);
}
