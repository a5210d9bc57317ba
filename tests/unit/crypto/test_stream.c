/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/stream.h"

#include "../unit.h"

#define PIECES 3
#define PIECE 20

struct sealed {
	uint8_t key[STREAM_KEY_SIZE], begin[STREAM_BEGIN_SIZE];
	uint8_t pieces[PIECES][PIECE + STREAM_OVERHEAD];
};

static const uint8_t text[PIECE] = "twenty bytes of text";

static void seal(struct sealed *out)
{
	struct stream stream;

	stream_key_new(out->key);
	stream_seal_begin(&stream, out->key, out->begin);
	for (int i = 0; i < PIECES; i++)
		stream_seal(&stream, bytes_of(text, PIECE), bytes_from_str("with"), i == PIECES - 1,
			out->pieces[i]);
}

static int open_piece(struct stream *stream, const uint8_t *piece, bool *last)
{
	uint8_t out[PIECE];
	int result = stream_open(stream, bytes_of(piece, PIECE + STREAM_OVERHEAD),
		bytes_from_str("with"), last, out);

	if (result == 0)
		assert_memory_equal(out, text, PIECE);
	return result;
}

static void test_pieces_open_in_their_order(void **unused)
{
	struct sealed sealed;
	struct stream stream;
	bool last = true;

	(void)unused;
	seal(&sealed);
	assert_int_equal(stream_open_begin(&stream, sealed.key, sealed.begin), 0);
	for (int i = 0; i < PIECES; i++) {
		assert_int_equal(open_piece(&stream, sealed.pieces[i], &last), 0);
		assert_true(last == (i == PIECES - 1));
	}
}

static void test_a_piece_left_out_or_doubled_is_noticed(void **unused)
{
	struct sealed sealed;
	struct stream stream;
	bool last;

	(void)unused;
	seal(&sealed);
	assert_int_equal(stream_open_begin(&stream, sealed.key, sealed.begin), 0);
	assert_int_equal(open_piece(&stream, sealed.pieces[1], &last), -1);
	assert_int_equal(open_piece(&stream, sealed.pieces[0], &last), 0);
	assert_int_equal(open_piece(&stream, sealed.pieces[0], &last), -1);
	assert_int_equal(open_piece(&stream, sealed.pieces[2], &last), -1);
}

static void test_each_bit_counts(void **unused)
{
	struct sealed sealed;
	struct stream stream;
	uint8_t out[PIECE];
	bool last;

	(void)unused;
	seal(&sealed);
	for (size_t bit = 0; bit < 8 * sizeof(sealed.pieces[0]); bit++) {
		sealed.pieces[0][bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(stream_open_begin(&stream, sealed.key, sealed.begin), 0);
		assert_int_equal(open_piece(&stream, sealed.pieces[0], &last), -1);
		sealed.pieces[0][bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t size = 0; size < sizeof(sealed.pieces[0]); size++) {
		assert_int_equal(stream_open_begin(&stream, sealed.key, sealed.begin), 0);
		assert_int_equal(stream_open(&stream, bytes_of(sealed.pieces[0], size),
					 bytes_from_str("with"), &last, out),
			-1);
	}
	assert_int_equal(stream_open_begin(&stream, sealed.key, sealed.begin), 0);
	assert_int_equal(stream_open(&stream, bytes_of(sealed.pieces[0], sizeof(sealed.pieces[0])),
				 bytes_from_str("other"), &last, out),
		-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_open_in_their_order),
		cmocka_unit_test(test_a_piece_left_out_or_doubled_is_noticed),
		cmocka_unit_test(test_each_bit_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
