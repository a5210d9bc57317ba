/* SPDX-License-Identifier: Apache-2.0 */
/* desk/liaison/phrases.h: every text is there in both languages, with the same placeholders. */
#include "../unit.h"

#include <stdio.h>

#include "desk/embedded.h"
#include "desk/liaison/phrases.h"

#define NAME_SIZE 40

static size_t braces(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '{';
	return count;
}

/* The text between its head and the next one's. */
static char *raw(struct arena *arena, const char *name, const char *language)
{
	char *head = arena_printf(arena, "\n[%s.%s]\n", name, language);
	const char *at = strstr(bot_phrases, head), *end;

	if (!at)
		return NULL;
	at += strlen(head);
	end = strstr(at, "\n\n[");
	return arena_str(arena, bytes_of(at, end ? (size_t)(end - at) : strlen(at)));
}

static void each_is_in_both_languages(void **state)
{
	const char *at = bot_phrases;
	struct arena arena;
	int count = 0;

	(void)state;
	arena_init(&arena);
	while ((at = strstr(at, "\n["))) {
		char name[NAME_SIZE], language[3];

		at += 2;
		assert_int_equal(sscanf(at, "%39[a-z_].%2[a-z]]", name, language), 2);
		assert_true(phrase_is_there("en", name) && phrase_is_there("id", name));
		assert_true(braces(raw(&arena, name, "en")) <= braces(raw(&arena, name, "id")) + 1);
		assert_true(braces(raw(&arena, name, "id")) <= braces(raw(&arena, name, "en")) + 1);
		count++;
	}
	assert_true(count > 80);
	arena_release(&arena);
}

static void languages_and_times(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(phrase_language(bytes_from_str("id-ID")), "id");
	assert_string_equal(phrase_language(bytes_from_str("id,en")), "id");
	assert_string_equal(phrase_language(bytes_from_str("idx")), "en");
	assert_string_equal(phrase_language(bytes_from_str("")), "en");
	/* 2026-11-22T21:40:00Z is the next day in Jakarta. */
	assert_string_equal(phrase_time(&arena, "id", bytes_from_str("ID"), 1795383600),
		"Senin 23 November 2026, 04.40 WIB (UTC+7)");
	assert_string_equal(phrase_time(&arena, "en", bytes_from_str("DE"), 1795383600),
		"Sunday 22 November 2026, 21:40 UTC");
	arena_release(&arena);
}

static void values_are_filled_in(void **state)
{
	const struct sop_value values[] = {
		{"case", "7"}, {"due", "soon"}, {"subject", "@x"}, {NULL, NULL}};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(phrase(&arena, "en", "claimed", values),
		"Case 7 (@x): somebody at the desk works on it. Due: soon");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_in_both_languages),
		cmocka_unit_test(languages_and_times),
		cmocka_unit_test(values_are_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
