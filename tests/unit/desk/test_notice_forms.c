/* SPDX-License-Identifier: Apache-2.0 */
/* What a form asks of whom; the rest is tests/desk/forms.py's, over HTTP. */
#include "../unit.h"

#include "desk/embedded.h"
#include "desk/lanes/notice_forms.h"

static struct sop sop;

static int set_up(void **state)
{
	(void)state;
	return sop_parse(sop_default_text, &sop, NULL);
}

static const struct notice_sender stranger = {.known = false};
static const struct notice_sender flagger = {.known = true};
static const struct notice_sender authority = {.known = true, .authority = true};

#define NOTICE(category)                                                                           \
	"{\"subject\": \"@kabar/1\", \"category\": \"" category                                    \
	"\", \"law\": \"UU 1\", \"reasons\": \"r\", \"good_faith\": true"

/* What is missing and wrong, as "a,b;c". */
static const char *problems(
	struct arena *arena, const struct notice_sender *sender, const char *text)
{
	struct notice_input input;
	const char *out = "";
	const json_t *item;
	struct form form;
	size_t at;

	assert_true(form_open(&form, arena, bytes_from_str(text)));
	notice_read(&form, &sop, sender, &input);
	json_array_foreach(form.missing, at, item) out =
		arena_printf(arena, "%s%s,", out, json_string_value(item));
	json_array_foreach(form.invalid, at, item) out = arena_printf(
		arena, "%s%s;", out, json_string_value(json_object_get(item, "field")));
	assert_true(form_ok(&form) == (*out == 0));
	form_release(&form);
	return out;
}

/* Regulation (EU) 2022/2065, Article 16(2)(c). */
static void strangers_say_who_they_are(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(problems(&arena, &stranger, NOTICE("fraud") "}"), "name,mail,");
	assert_string_equal(
		problems(&arena, &stranger,
			NOTICE("fraud") ", \"name\": \"N\", \"mail\": \"n@x.example\"}"),
		"");
	assert_string_equal(problems(&arena, &stranger,
				    NOTICE("fraud") ", \"name\": \"N\", \"mail\": \"nobody\"}"),
		"mail;");
	assert_string_equal(problems(&arena, &stranger, NOTICE("child_abuse") "}"), "");
	assert_string_equal(problems(&arena, &flagger, NOTICE("fraud") "}"), "");
	arena_release(&arena);
}

static void only_authorities_order(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_non_null(strstr(problems(&arena, &flagger, "{\"form\": \"tco\"}"), "form;"));
	assert_non_null(strstr(problems(&arena, &stranger, "{\"form\": \"art9\"}"), "form;"));
	assert_null(strstr(problems(&arena, &authority, "{\"form\": \"tco\"}"), "form;"));
	assert_non_null(strstr(problems(&arena, &authority, "{\"form\": 9}"), "form;"));
	arena_release(&arena);
}

static void a_flood_of_strange_fields_is_named_in_part(void **state)
{
	struct arena arena;
	const char *text = NOTICE("fraud");
	size_t named = 0;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 1000; i++)
		text = arena_printf(&arena, "%s, \"f%d\": 1", text, i);
	text = problems(&arena, &flagger, arena_printf(&arena, "%s}", text));
	for (; *text; text++)
		named += *text == ';';
	assert_int_equal(named, 16);
	arena_release(&arena);
}

/* A row that nobody can fill in would stop every notice. */
static void each_field_is_asked_for_in_both_languages(void **state)
{
	const struct notice_field *field;
	size_t count = 0;

	(void)state;
	for (; (field = notice_field_at(count)); count++) {
		bool used = false;

		for (int form = 0; form < FORM_COUNT; form++)
			used = used || field->need[form] != NEED_NOT;
		assert_true(used && field->title[0] && field->title[1] && field->explained[0] &&
			    field->explained[1]);
		assert_true((field->kind == FIELD_CHOICE || field->kind == FIELD_CHOICES) ==
			    (field->choices != NULL));
	}
	assert_true(count > 20);
	assert_int_equal(notice_form_by_name(BYTES_LITERAL("tco")), FORM_TCO);
	assert_int_equal(notice_form_by_name(BYTES_LITERAL("")), FORM_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_say_who_they_are),
		cmocka_unit_test(only_authorities_order),
		cmocka_unit_test(a_flood_of_strange_fields_is_named_in_part),
		cmocka_unit_test(each_field_is_asked_for_in_both_languages),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
