/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 by the book (every sequence of up to three bytes), encodings by their RFCs. */
#include "../unit.h"

static bool is_utf8(const char *text, size_t size)
{
	return text_is_utf8(bytes_of(text, size));
}

static size_t encode_utf8(uint32_t code, uint8_t *out)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xc0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 63));
		out[2] = (uint8_t)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code >> 18);
	out[1] = (uint8_t)(0x80 | (code >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 63));
	out[3] = (uint8_t)(0x80 | (code & 63));
	return 4;
}

static void test_utf8_takes_exactly_the_code_points(void **state)
{
	for (uint32_t code = 0; code < 0x120000; code++) {
		uint8_t data[4];
		size_t size = encode_utf8(code, data);
		bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);

		if (text_is_utf8(bytes_of(data, size)) != valid)
			fail_msg("U+%X", code);
		if (valid) {
			assert_int_equal(
				text_utf16_length(bytes_of(data, size)), code >= 0x10000 ? 2 : 1);
			for (size_t cut = 1; cut < size; cut++)
				assert_false(text_is_utf8(bytes_of(data, cut)));
		}
	}
}

static void test_utf8_refuses_overlong_and_stray(void **state)
{
	assert_true(is_utf8("", 0));
	assert_false(is_utf8("\xc0\x80", 2));
	assert_false(is_utf8("\xc1\xbf", 2));
	assert_false(is_utf8("\xe0\x9f\xbf", 3));
	assert_false(is_utf8("\xf0\x8f\xbf\xbf", 4));
	assert_false(is_utf8("a\x80", 2));
	assert_false(is_utf8("\xff", 1));
	assert_false(is_utf8("\xf8\x88\x80\x80\x80", 5));
	assert_false(is_utf8("\xe2\x28\xa1", 3));
	assert_true(is_utf8("a\0b", 3));
	assert_int_equal(text_utf16_length(bytes_from_str("a\u00e9\u20ac\U0001F600")), 5);
}

static void assert_trimmed(const char *text, const char *expected)
{
	assert_true(bytes_equal_str(text_trim(bytes_from_str(text)), expected));
}

static void test_trim(void **state)
{
	assert_trimmed("", "");
	assert_trimmed(" \t\r\n\xc2\xa0 ", "");
	assert_trimmed("\xc2\xa0 halo dunia\n\x7f", "halo dunia");
	assert_trimmed("\xc2\xa9 \xc3\xa0", "\xc2\xa9 \xc3\xa0"); /* ends in a0, but is a letter */
	assert_null(text_trim((struct bytes){0}).data);
}

static void test_lower_is_ascii_only(void **state)
{
	struct arena arena;

	arena_init(&arena);
	assert_string_equal(
		text_lower(&arena, BYTES_LITERAL("AZaz09@[`{\xc3\x89")), "azaz09@[`{\xc3\x89");
	arena_release(&arena);
}

static void test_hex(void **state)
{
	struct arena arena;
	uint8_t out[3];

	arena_init(&arena);
	assert_string_equal(text_hex(&arena, BYTES_LITERAL("\x00\xaf\x9c")), "00af9c");
	assert_int_equal(text_unhex(BYTES_LITERAL("00aF9C"), out, 3), 0);
	assert_memory_equal(out, "\x00\xaf\x9c", 3);
	assert_int_equal(text_unhex(BYTES_LITERAL("00af9"), out, 3), -1);
	assert_int_equal(text_unhex(BYTES_LITERAL("00af9c0"), out, 3), -1);
	for (int c = 0; c < 256; c++) {
		uint8_t pair[2] = {(uint8_t)c, '0'};
		bool digit =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

		assert_int_equal(text_unhex(bytes_of(pair, 2), out, 1), digit ? 0 : -1);
	}
	arena_release(&arena);
}

static void test_base64_of_rfc_4648(void **state)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}};
	struct arena arena;
	struct bytes out;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct bytes text = bytes_from_str(vectors[i][1]);

		assert_string_equal(
			text_base64(&arena, bytes_from_str(vectors[i][0])), vectors[i][1]);
		assert_int_equal(text_unbase64(&arena, text, &out), 0);
		assert_true(bytes_equal_str(out, vectors[i][0]));
		while (text.size && text.data[text.size - 1] == '=')
			text.size--;
		assert_int_equal(text_unbase64(&arena, text, &out), 0);
		assert_true(bytes_equal_str(out, vectors[i][0]));
	}
	assert_string_equal(text_base64(&arena, BYTES_LITERAL("\xfb\xff\xfe")), "+//+");
	assert_string_equal(text_base64url(&arena, BYTES_LITERAL("\xfb\xff\xfe\x01")), "-__-AQ");
	arena_release(&arena);
}

static void test_bad_base64_is_refused(void **state)
{
	static const char *const bad[] = {"Z", "Zg=", "Zh==", "Zm9=", "Zm9vY", "Zm 9", "=",
		"==", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm*v", "Zg\x80="};
	struct arena arena;
	struct bytes out;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (text_unbase64(&arena, bytes_from_str(bad[i]), &out) != -1)
			fail_msg("%s was taken", bad[i]);
	}
	arena_release(&arena);
}

static void test_base64_of_random_bytes_comes_back(void **state)
{
	struct arena arena;
	uint8_t data[200];
	struct bytes out;

	arena_init(&arena);
	for (size_t size = 0; size <= sizeof(data); size++) {
		random_fill(&random_system, data, size);
		assert_int_equal(
			text_unbase64(&arena,
				bytes_from_str(text_base64(&arena, bytes_of(data, size))), &out),
			0);
		assert_true(bytes_equal(out, bytes_of(data, size)));
		assert_int_equal(
			text_unbase64(&arena,
				bytes_from_str(text_base64url(&arena, bytes_of(data, size))), &out),
			0);
		assert_true(bytes_equal(out, bytes_of(data, size)));
	}
	arena_release(&arena);
}

static void test_rfc3339(void **state)
{
	struct arena arena;

	arena_init(&arena);
	assert_string_equal(text_rfc3339(&arena, 0), "1970-01-01T00:00:00Z");
	assert_string_equal(text_rfc3339(&arena, 1795341600), "2026-11-22T10:00:00Z");
	assert_string_equal(text_rfc3339(&arena, 951782400), "2000-02-29T00:00:00Z");
	assert_string_equal(text_rfc3339(&arena, INT64_MAX), "9999-12-31T23:59:59Z");
	assert_string_equal(text_rfc3339(&arena, INT64_MIN), "0000-01-01T00:00:00Z");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_takes_exactly_the_code_points),
		cmocka_unit_test(test_utf8_refuses_overlong_and_stray),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_lower_is_ascii_only),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_base64_of_rfc_4648),
		cmocka_unit_test(test_bad_base64_is_refused),
		cmocka_unit_test(test_base64_of_random_bytes_comes_back),
		cmocka_unit_test(test_rfc3339),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
