/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies as forms. */
#include "../unit.h"

#include "desk/cases/decisions.h"
#include "desk/embedded.h"
#include "desk/lanes/form.h"
#include "desk/letters/letters.h"
#include "desk/lanes/notices.h"

static bool decision_ok(const char *body, struct bytes *countries)
{
	struct decision_input input = {0};
	struct arena arena;
	struct form form;
	bool ok;

	arena_init(&arena);
	ok = form_open(&form, &arena, bytes_from_str(body));
	if (ok)
		decision_read(&form, &input);
	ok = ok && form_ok(&form);
	if (countries && ok)
		assert_true(bytes_equal(input.countries, *countries));
	form_release(&form);
	arena_release(&arena);
	return ok;
}

#define REST ",\"ground\":\"g\",\"facts\":\"f\"}"

static void decisions(void **state)
{
	struct bytes sorted = BYTES_LITERAL("DE,ID,MY");

	assert_true(decision_ok("{\"action\":\"remove\"" REST, NULL));
	assert_true(decision_ok("{\"action\":\"dismiss\",\"countries\":[]" REST, NULL));
	assert_true(decision_ok(
		"{\"action\":\"restrict\",\"countries\":[\"MY\",\"ID\",\"DE\",\"MY\"]" REST,
		&sorted));
	assert_false(decision_ok("{\"action\":\"restrict\"" REST, NULL));
	assert_false(decision_ok("{\"action\":\"restrict\",\"countries\":[\"XX\"]" REST, NULL));
	assert_false(decision_ok("{\"action\":\"remove\",\"countries\":[\"ID\"]" REST, NULL));
	assert_false(decision_ok("{\"action\":\"restore\"" REST, NULL));
	assert_false(decision_ok("{\"action\":1" REST, NULL));
	assert_false(decision_ok("{\"action\":\"remove\",\"ground\":\"g\"}", NULL));
	assert_false(decision_ok("{\"action\":\"remove\",\"action\":\"dismiss\"" REST, NULL));
	assert_false(decision_ok("[]", NULL));
	assert_false(decision_ok("", NULL));
}

static void text_is_bounded(void **state)
{
	static const char body[] =
		"{\"a\":\"  x \\n y  \",\"b\":\"\",\"c\":\" \",\"d\":null,\"e\":[],"
		"\"f\":\"12345\",\"g\":\"x\\u0007y\",\"h\":\"x\\u007fy\"}";
	struct arena arena;
	struct form form;
	json_t *problems;

	arena_init(&arena);
	assert_true(form_open(&form, &arena, bytes_from_str(body)));
	assert_true(bytes_equal_str(form_text(&form, "a", 10), "x \n y"));
	assert_true(form_ok(&form));
	assert_true(bytes_equal_str(form_text(&form, "f", 5), "12345"));
	assert_null(form_text(&form, "f", 4).data);
	for (const char *name = "bcdegh"; *name; name++)
		assert_null(form_text(&form, (char[]){*name, 0}, 10).data);
	form_must_be_true(&form, "nothing");
	form_must_be_true(&form, "a");
	problems = form_problems(&form);
	assert_int_equal(json_array_size(json_object_get(problems, "missing")), 4);
	assert_int_equal(json_array_size(json_object_get(problems, "invalid")), 5);
	json_decref(problems);
	form_release(&form);
	arena_release(&arena);
}

static void a_body_has_a_bound(void **state)
{
	static char body[FORM_BODY_MAX + 1];
	struct arena arena;
	struct form form;

	arena_init(&arena);
	memset(body, ' ', sizeof(body));
	body[0] = '{';
	body[FORM_BODY_MAX - 1] = '}';
	assert_true(form_open(&form, &arena, bytes_of(body, FORM_BODY_MAX)));
	form_release(&form);
	assert_false(form_open(&form, &arena, bytes_of(body, FORM_BODY_MAX + 1)));
	form_release(&form);
	arena_release(&arena);
}

static struct bytes filler(struct arena *arena, size_t size)
{
	uint8_t *text = arena_alloc(arena, size);

	memset(text, 'x', size);
	return bytes_of(text, size);
}

static void times_are_whole(void **state)
{
	static const struct {
		const char *text;
		int64_t unix_s;
	} rows[] = {
		{"2026-12-01T00:00:00Z", 1796083200},
		{"2028-02-29T23:59:59Z", 1835481599},
		{"2027-02-29T00:00:00Z", 0},
		{"2026-12-01T24:00:00Z", 0},
		{"2026-13-01T00:00:00Z", 0},
		{"2026-12-01T00:00:60Z", 0},
		{"2026-12-01 00:00:00Z", 0},
		{"2026-12-01T00:00:00", 0},
		{"2026-12-01T00:00:00ZZ", 0},
		{"+026-12-01T00:00:00Z", 0},
		{"1969-12-31T00:00:00Z", 0},
		{"", 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena arena;
		struct form form;

		arena_init(&arena);
		assert_true(form_open(&form, &arena,
			bytes_from_str(arena_printf(&arena, "{\"t\":\"%s\"}", rows[i].text))));
		assert_int_equal(form_time(&form, "t"), rows[i].unix_s);
		assert_int_equal(form_ok(&form), rows[i].unix_s != 0);
		assert_int_equal(form_time(&form, "nothing"), 0);
		form_release(&form);
		arena_release(&arena);
	}
}

/* A longer message than clients take would be a letter that nobody gets. */
static void the_longest_letter_is_one_message(void **state)
{
	static struct sop sop;
	struct sop_category category = {.name = ""};
	struct arena arena;
	struct desk_case c;
	struct desk_statement s;
	const char *link;

	arena_init(&arena);
	assert_int_equal(sop_parse(sop_default_text, &sop, NULL), 0);
	sop.appeal_days = 3650;
	memset(sop.appeal_contact, 'x', SOP_CONTACT_MAX - 1);
	memset(category.title, 'x', SOP_TEXT_MAX - 1);
	c = (struct desk_case){.id = INT64_MAX,
		.post = INT32_MAX,
		.name = filler(&arena, SUBJECT_NAME_MAX),
		.salt = filler(&arena, DESK_SALT_SIZE)};
	s = (struct desk_statement){.action = BYTES_LITERAL("restrict"),
		.countries = filler(&arena, 89),
		.lane = BYTES_LITERAL("sensor"),
		.law = filler(&arena, NOTICE_LAW_MAX),
		.facts = filler(&arena, DECISION_FACTS_MAX),
		.ground = filler(&arena, DECISION_GROUND_MAX),
		.automated_detection = true,
		.ends_at = INT32_MAX,
		.post = INT32_MAX};
	memset(sop.appeal_address, 'x', SOP_ADDRESS_MAX - 1);
	link = appeal_link(&arena, &sop, "0123456789012345678901");
	for (int i = 0; i < 2 * LETTER_LANGUAGES; i++) {
		const struct letter letter = {.sop = &sop,
			.c = &c,
			.statement = &s,
			.category = &category,
			.leaf = INT64_MAX,
			.strikes = INT32_MAX,
			.strike_days = 3650,
			.link = link};

		assert_in_range(strlen(letter_for_owner(&arena, i % LETTER_LANGUAGES, &letter)),
			3000, 4096);
		if (i % LETTER_LANGUAGES)
			s.countries = filler(&arena, 249 * 3 - 1);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(text_is_bounded),
		cmocka_unit_test(a_body_has_a_bound),
		cmocka_unit_test(times_are_whole),
		cmocka_unit_test(the_longest_letter_is_one_message),
	};

	return cmocka_run_group_tests_name("desk/form", tests, NULL, no_arena_leaked);
}
