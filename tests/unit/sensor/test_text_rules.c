/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases and their disguises. */
#include "../unit.h"

#include "sensor/text_rules.h"

static void normal_forms(void **state)
{
	static const struct {
		const char *text, *normal;
	} rows[] = {
		{"\xd1\x81\xcc\x81oup",
			"\xc4\x87oup"}, /* a Cyrillic letter with an accent of its own */
		{"Buy the BOMB", "buy the bomb"},
		{"  buy\tthe -- bomb!! ", "buy the bomb"},
		{"b\xd0\xbemb", "bomb"},      /* Cyrillic o */
		{"bo\xe2\x80\x8bmb", "bomb"}, /* zero-width space */
		{"\xef\xbd\x82omb", "bomb"},  /* full-width b */
		{"STRASSE stra\xc3\x9f"
		 "e",
			"strasse strasse"},
		{"", ""},
		{"\xf0\x9f\x92\xa3", ""},
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bytes normal = text_normalise(&arena, bytes_from_str(rows[i].text));

		assert_true(bytes_equal_str(normal, rows[i].normal));
		assert_true(bytes_equal(text_normalise(&arena, normal), normal));
	}
	assert_null(text_normalise(&arena, BYTES_LITERAL("\xff\xfe")).data);
	arena_release(&arena);
}

static void matches_whole_words(void **state)
{
	static const char file[] = "# list\n\nterrorism\tBuy the Bomb\nillegal\tcat\n";
	struct text_rules rules;
	struct arena arena;

	arena_init(&arena);
	assert_int_equal(text_rules_parse(&rules, &arena, bytes_from_str(file), NULL), 0);
	assert_int_equal(rules.count, 2);
	assert_int_equal(
		text_rules_match(&rules, &arena, BYTES_LITERAL("now buy THE b\xd0\xbemb."))->line,
		3);
	assert_int_equal(text_rules_match(&rules, &arena, BYTES_LITERAL("concat, cat"))->line, 4);
	assert_null(text_rules_match(&rules, &arena, BYTES_LITERAL("concatenate cats")));
	assert_null(text_rules_match(&rules, &arena, BYTES_LITERAL("buy the bombs")));
	assert_null(text_rules_match(&rules, &arena, BYTES_LITERAL("")));
	assert_null(text_rules_match(&rules, &arena, BYTES_LITERAL("\xff")));
	arena_release(&arena);
}

static void bad_files(void **state)
{
	static const char *const bad[] = {"x", "\tphrase", "terrorism\t", "terrorism\t...",
		"terrorism\t\xff", "ok\tfine\nbroken"};
	struct text_rules rules;
	struct err err = {0};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			text_rules_parse(&rules, &arena, bytes_from_str(bad[i]), &err), -1);
	assert_non_null(strstr(err.text, "line 2"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_forms),
		cmocka_unit_test(matches_whole_words),
		cmocka_unit_test(bad_files),
	};

	return cmocka_run_group_tests_name("sensor/text_rules", tests, NULL, no_arena_leaked);
}
