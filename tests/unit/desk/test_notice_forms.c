/* SPDX-License-Identifier: Apache-2.0 */
/* What a form asks of whom; the rest is tests/desk/forms.py's, over HTTP. */
#include "../unit.h"

#include "desk/embedded.h"
#include "desk/lanes/field_text.h"
#include "desk/lanes/notice_forms.h"
#include "desk/liaison/phrases.h"

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

/* The liaison chat shows choices as buttons. */
static void each_choice_has_words(void **state)
{
	const struct notice_field *field;
	struct arena arena;
	int count = 0;

	(void)state;
	arena_init(&arena);
	for (size_t at = 0; (field = notice_field_at(at)); at++) {
		const char *rest = field->choices ? field->choices : "";

		for (; *rest; count++) {
			size_t size = strcspn(rest, "|");
			char *name = arena_printf(&arena, "choice_%.*s", (int)size, rest);

			assert_true(phrase_is_there("en", name) && phrase_is_there("id", name));
			rest += size + (rest[size] == '|');
		}
	}
	assert_true(count > 8);
	arena_release(&arena);
}

/* What the gate would say of one answer. */
static void a_field_is_judged_alone(void **state)
{
	static const struct {
		const char *name, *text;
		bool right;
	} cases[] = {
		{"countries", "id, de", true},
		{"countries", "Atlantis", false},
		{"countries", ";", false},
		{"issued", "2026-11-22T10:00:00Z", true},
		{"issued", "yesterday", false},
		{"grounds", "incites|threatens", true},
		{"grounds", "maybe", false},
		{"contact", "desk@ministry.example", true},
		{"contact", "nobody", false},
		{"law", "call 081234567890", false},
		{"category", "fraud", false}, /* of a removal order */
		{"category", "terrorism", true},
		{"reference", "12/2026", true},
		{"reference", " ", false},
	};
	const struct notice_field *field;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *value;

		for (size_t at = 0; (field = notice_field_at(at)); at++)
			if (strcmp(field->name, cases[i].name) == 0)
				break;
		assert_non_null(field);
		value = field_from_text(&arena, &sop, field, bytes_from_str(cases[i].text));
		assert_true((notice_field_fault(&arena, &sop, FORM_TCO, field, value) == NULL) ==
			    cases[i].right);
		json_decref(value);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_say_who_they_are),
		cmocka_unit_test(only_authorities_order),
		cmocka_unit_test(a_flood_of_strange_fields_is_named_in_part),
		cmocka_unit_test(each_field_is_asked_for_in_both_languages),
		cmocka_unit_test(each_choice_has_words),
		cmocka_unit_test(a_field_is_judged_alone),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
