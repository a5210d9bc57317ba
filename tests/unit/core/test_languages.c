/* SPDX-License-Identifier: Apache-2.0 */
/* core/languages.h: what a file of a language pack may hold, and what refuses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/languages.h"

static struct arena arena;

static int setup(void **state)
{
	arena_init(&arena);
	return 0;
}

static int teardown(void **state)
{
	arena_release(&arena);
	return 0;
}

static struct language_pack parsed(const char *text)
{
	struct language_pack pack = {.code = BYTES_LITERAL("pt-br")};
	struct err err = {0};

	assert_int_equal(language_file_parse(&arena, bytes_from_str(text), &pack, &err), 0);
	return pack;
}

static void check_text(const struct language_pack *pack, const char *key, const char *value)
{
	const struct language_string *found = language_string_find(pack, bytes_from_str(key));

	if (!value) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_true(bytes_equal_str(found->forms[FORM_OTHER], value));
}

static void texts_comments_and_escapes(void **state)
{
	struct language_pack pack = parsed("\xef\xbb\xbf/* one */ // two\n"
					   "\"b\" = \"1\";\"a\"=\"\";\n"
					   "\"c\" = \"say \\\"\\u00e9\\\" \\\\ \\n \\u20ac\";");

	assert_int_equal(pack.count, 3);
	check_text(&pack, "a", "");
	check_text(&pack, "b", "1");
	check_text(&pack, "c", "say \"\xc3\xa9\" \\ \n \xe2\x82\xac");
	check_text(&pack, "d", NULL);
}

static void forms_of_a_plural_are_one_text(void **state)
{
	struct language_pack pack =
		parsed("\"n#one\" = \"{n} chat\"; \"n#other\" = \"{n} chats\";"
		       "\"m_1\" = \"one\"; \"m_3_10\" = \"few\"; \"m_any\" = \"any\";"
		       "\"reason_other\" = \"Other\";"
		       "\"k\" = \"k\"; \"k_one\" = \"1\"; \"k_other\" = \"2\";");
	const struct language_string *n = language_string_find(&pack, BYTES_LITERAL("n"));
	const struct language_string *m = language_string_find(&pack, BYTES_LITERAL("m"));

	assert_true(n && n->plural && m && m->plural);
	assert_true(bytes_equal_str(n->forms[FORM_ONE], "{n} chat"));
	assert_true(bytes_equal_str(n->forms[FORM_OTHER], "{n} chats"));
	assert_null(n->forms[FORM_FEW].data);
	assert_true(bytes_equal_str(m->forms[FORM_FEW], "few"));
	assert_true(bytes_equal_str(m->forms[FORM_OTHER], "any"));
	check_text(&pack, "n#one", NULL);
	/* Ends like a form, and is none. */
	check_text(&pack, "reason_other", "Other");
	check_text(&pack, "k", "k");
	check_text(&pack, "k_other", "2");
}

static void what_a_pack_says_of_itself(void **state)
{
	struct language_pack pack =
		parsed("\"@name\" = \"X\"; \"@rtl\" = \"1\"; \"@base\" = \"pt\";"
		       "\"@new\" = \"\"; \"k\" = \"v\";");

	assert_int_equal(pack.count, 1);
	assert_true(bytes_equal_str(pack.name, "X") && bytes_equal_str(pack.native_name, "X"));
	assert_true(bytes_equal_str(pack.plural_code, "pt") && bytes_equal_str(pack.base, "pt"));
	assert_true(pack.rtl);
	pack = parsed("");
	assert_true(bytes_equal_str(pack.name, "pt-br") && pack.count == 0 && !pack.rtl);
}

static void what_refuses_a_file(void **state)
{
	static const char *const files[] = {"x", "\"k\"", "\"k\" = ", "\"k\" = \"v\"", "\"k\" = v;",
		"\"k\" = \"v", "\"k\" = \"v\\\";", "\"k\" = \"\\q\";", "\"k\" = \"\\u00\";",
		"\"k\" = \"\\ud800\";", "\"k\" = \"\\u0000\";", "/* never", "\"\" = \"v\";",
		"\"k\" = \"v\"; \"k\" = \"w\";", "\"k\" = \"\xff\";", "\"k\" = \"\\"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct language_pack pack = {0};
		struct err err = {0};

		assert_int_equal(
			language_file_parse(&arena, bytes_from_str(files[i]), &pack, &err), -1);
		assert_true(err.text[0]);
	}
}

static void lengths_are_bounded(void **state)
{
	struct language_pack pack = {0};
	char *text = malloc(LANGUAGE_FILE_MAX + 1);

	assert_non_null(text);
	memset(text, ' ', LANGUAGE_FILE_MAX + 1);
	assert_int_equal(
		language_file_parse(&arena, bytes_of(text, LANGUAGE_FILE_MAX + 1), &pack, NULL),
		-1);
	memcpy(text, "\"k\" = \"", 7);
	memset(text + 7, 'x', LANGUAGE_VALUE_MAX + 1);
	memcpy(text + 7 + LANGUAGE_VALUE_MAX + 1, "\";", 2);
	assert_int_equal(
		language_file_parse(&arena, bytes_of(text, LANGUAGE_VALUE_MAX + 10), &pack, NULL),
		-1);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(texts_comments_and_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(forms_of_a_plural_are_one_text, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_pack_says_of_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(what_refuses_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(lengths_are_bounded, setup, teardown),
	};

	return cmocka_run_group_tests_name("core/languages", tests, NULL, NULL);
}
