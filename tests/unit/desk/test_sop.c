/* SPDX-License-Identifier: Apache-2.0 */
/* The SOP: the default file is whole; what is wrong or missing is an error with its line; letters.
 */
#include "../unit.h"

#include <stdio.h>

#include "desk/embedded.h"
#include "desk/sop/sop.h"
#include "desk/sop/sop_templates.h"

static void the_default(void **state)
{
	const struct sop_category *terrorism, *spam;
	struct sop sop;
	struct err err = {0};

	assert_int_equal(sop_parse(sop_default_text, &sop, &err), 0);
	assert_int_equal(sop.category_count, 10);
	terrorism = sop_category(&sop, "terrorism");
	spam = sop_category(&sop, "spam");
	/* Regulation (EU) 2021/784 Article 3(3), and Permenkominfo 5/2020. */
	assert_int_equal(sop_clock(terrorism, LANE_AUTHORITY, false)->decide_s, 3600);
	assert_int_equal(sop_clock(terrorism, LANE_FLAGGER, false)->decide_s, 4 * 3600);
	assert_int_equal(sop_clock(spam, LANE_AUTHORITY, false)->decide_s, 24 * 3600);
	assert_int_equal(sop_clock(spam, LANE_AUTHORITY, true)->decide_s, 4 * 3600);
	assert_int_equal(sop_clock(spam, LANE_USER, false)->decide_s, 24 * 3600);
	assert_int_equal(terrorism->evidence_days, 183);
	assert_true(sop.appeal_days >= 183);
	assert_int_equal(sop.lease_s, 15 * 60);
	assert_true(sop.moderator_decides && sop.lead_decides);
	assert_true(spam->moderator_decides && spam->lead_decides);
	assert_null(sop_category(&sop, "nothing"));
	assert_string_equal(sop_title(terrorism, "id-ID"), "Konten terorisme");
	assert_string_equal(sop_title(terrorism, "de"), "Terrorist content");
	assert_non_null(sop_ground(terrorism, "EU"));
	assert_null(sop_ground(terrorism, "JP"));
	assert_non_null(sop_pause(&sop, "clarification"));
	assert_null(sop_pause(&sop, "holiday"));
	assert_int_equal(sop_breaker(&sop, "anything"), 200);
	assert_false(sop_two_people(&sop, spam, 1000000000));
}

/* A line of the default that is spoilt is an error with its number. */
static void every_setting_is_checked(void **state)
{
	struct sop sop;
	struct arena arena;
	const char *line = sop_default_text;
	int number = 1;

	arena_init(&arena);
	for (; *line; number++) {
		size_t size = strcspn(line, "\n") + 1;
		const char *equals = memchr(line, '=', size);
		int before = (int)(line - sop_default_text);

		/* Rules of breakers have any name. */
		if (equals && *line != ';' && strncmp(line, "default", 7) != 0) {
			char *spoilt =
				arena_printf(&arena, "%.*sx%s", before, sop_default_text, line);
			struct err err = {0};

			assert_int_equal(sop_parse(spoilt, &sop, &err), -1);
			assert_non_null(strstr(err.text, arena_printf(&arena, "line %d ", number)));
			arena_reset(&arena);
		}
		line += size;
	}
	arena_release(&arena);
}

/* What is not said is as shipped; a list that is said takes the whole place of the shipped one. */
static void what_is_not_said_is_as_shipped(void **state)
{
	static const char own[] = "[category x]\ntitle = X\nauthority = 5m 2h 3h\nuser_hours = 7\n"
				  "decide = lead\ntwo_people = yes\nblind = yes\n"
				  "[pause rest]\ntitle = R\nlongest = 1h\n"
				  "[escalation 1]\noverdue = 30m\nto = a\ncontact = b ; not c\n"
				  "[breakers]\nmine = 3\n"
				  "[roles]\ntwo_people_members = 500\n"
				  "[template readers_removed.de]\ntext = weg; {case}\n";
	const struct sop_category *c;
	struct sop sop, shipped;
	struct err err = {0};

	assert_int_equal(sop_parse(own, &sop, &err), 0);
	assert_int_equal(sop_parse(sop_default_text, &shipped, &err), 0);
	assert_int_equal(sop.category_count, 1);
	c = &sop.categories[0];
	assert_int_equal(sop_clock(c, LANE_AUTHORITY, false)->acknowledge_s, 300);
	assert_int_equal(sop_clock(c, LANE_AUTHORITY, false)->decide_s, 7200);
	assert_int_equal(sop_clock(c, LANE_AUTHORITY, true)->decide_s, 4 * 3600);
	assert_int_equal(sop_clock(c, LANE_USER, true)->decide_s, 7 * 3600);
	assert_int_equal(sop_clock(c, LANE_USER, true)->notify_s, 24 * 3600);
	assert_false(c->moderator_decides);
	assert_true(c->lead_decides && c->two_people && c->blind);
	assert_int_equal(sop.pause_count, 1);
	assert_int_equal(sop.step_count, 1);
	assert_int_equal(sop.steps[0].overdue_s, 1800);
	assert_string_equal(sop.steps[0].contact, "b");
	assert_int_equal(sop_breaker(&sop, "mine"), 3);
	assert_int_equal(sop_breaker(&sop, "other"), 200);
	assert_int_equal(sop.appeal_days, shipped.appeal_days);
	assert_int_equal(sop.template_count, shipped.template_count + 1);
	c = sop_category(&shipped, "spam");
	assert_true(sop_two_people(&sop, c, 500));
	assert_false(sop_two_people(&sop, c, 499));
	assert_true(sop_two_people(&sop, &sop.categories[0], 1));
}

static void all_problems_are_told(void **state)
{
	static const char own[] = "x\n[category a]\nharm = 1000\n[claim\n[claim]\n"
				  "lease_minutes = 0\n[escalation 3]\nto = a\n";
	struct buf problems;
	struct sop sop;
	struct err err = {0};

	buf_init(&problems, BUF_MAX_DEFAULT);
	assert_int_equal(sop_check(own, &sop, &problems, &err), -1);
	buf_append_u8(&problems, 0);
	for (int line = 1; line <= 8; line++) {
		char start[16];

		snprintf(start, sizeof(start), "line %d:", line);
		if (line == 1 || line == 2 || line == 3 || line == 4 || line == 6 || line == 8)
			assert_non_null(strstr((char *)buf_data(&problems), start));
		else
			assert_null(strstr((char *)buf_data(&problems), start));
	}
	assert_non_null(strstr(err.text, "line 1 "));
	buf_release(&problems);
}

static void letters_are_filled_in(void **state)
{
	static const struct sop_value values[] = {{"subject", "@a {case}"}, {"case", "7"},
		{"until", NULL}, {"measure", "went"}, {NULL, NULL}};
	static const char own[] = "[category x]\ntitle = X\n[template statement.en]\n"
				  "text = {subject} {measure}; so.\ntext =\ntext = till {until}\n"
				  "text = {case}\n[template statement.id]\ntext = ini {case}\n";
	struct arena arena;
	struct sop sop;
	struct err err = {0};

	arena_init(&arena);
	assert_int_equal(sop_parse(own, &sop, &err), 0);
	assert_string_equal(
		sop_letter(&arena, &sop, "statement", "en", values), "@a {case} went; so.\n\n7");
	assert_string_equal(sop_letter(&arena, &sop, "statement", "id-x", values), "ini 7");
	assert_string_equal(
		sop_letter(&arena, &sop, "statement", "fr", values), "@a {case} went; so.\n\n7");
	arena_release(&arena);
}

/* Every template is there in English and Indonesian, with the same placeholders. */
static void every_template_is_shipped(void **state)
{
	struct sop sop;
	struct arena arena;
	const char *id;
	int n = 0;

	arena_init(&arena);
	assert_int_equal(sop_parse(sop_default_text, &sop, NULL), 0);
	for (; (id = sop_template_id(n)); n++) {
		const char *en = sop_template(&sop, id, "en"),
			   *other = sop_template(&sop, id, "id");

		assert_ptr_not_equal(en, other);
		for (const char *at = strchr(en, '{'); at; at = strchr(at + 1, '{'))
			assert_non_null(strstr(other,
				arena_printf(&arena, "%.*s", (int)strcspn(at, "}") + 1, at)));
	}
	assert_int_equal(sop.template_count, 2 * n);
	arena_release(&arena);
}

static void values_have_bounds(void **state)
{
	static const char *const bad[] = {"[claim]\nlease_minutes = 0\n",
		"[claim]\nlease_minutes = 99999\n", "[claim]\nlease_minutes = 15x\n",
		"[category terrorism]\nharm = 101\n", "[category No Caps]\ntitle = x\n",
		"[roles]\ndecide = king\n", "[roles]\ndecide =\n", "[nothing]\nx = 1\n",
		"[category x]\nx = 1\n", "[category x]\ntitle = X\nauthority = 2h 1h 1h\n",
		"[category x]\ntitle = X\nauthority = 1h 1h\n",
		"[category x]\ntitle = X\nauthority = 1h 1h 400d\n",
		"[category x]\ntitle = X\nground_id = Law\n",
		"[category x]\ntitle = X\ndsa_category = NONE\n", "[category x]\nharm = 1\n",
		"[pause a]\ntitle = A\n", "[pause a]\ntitle = A\nlongest = 1\n",
		"[pause A]\ntitle = A\nlongest = 1h\n",
		"[pause a]\ntitle = A\nlongest = 1h\nlanes = street\n",
		"[escalation 2]\nto = a\ncontact = b\noverdue = 1h\n",
		"[escalation 1]\nto = a\ncontact = b\n",
		"[escalation 1]\nto = a\ncontact = b\noverdue = 1h\nused_percent = 3\n",
		"[template statement.en]\ntext = {nobody}\n", "[template statement.en]\ntext = {\n",
		"[template statement.en]\ntext = }\n", "[template nothing.en]\ntext = x\n",
		"[template statement]\ntext = x\n", "[breakers]\nx = -1\n",
		"[evidence]\ndays = 0\n", "[claim]\nlease_minutes\n", "[claim] x\n",
		"[claim]\n[claim]\n", "[claim]\nlease_minutes = 2\nlease_minutes = 2\n",
		"[roles]\ndecide = lead\n[category x]\ntitle = X\ndecide = moderator\n",
		"[category y]\n", "[category empty]\n"};
	struct arena arena;
	struct sop sop;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			sop_parse(arena_printf(&arena, "[category y]\ntitle = Y\n%s", bad[i]), &sop,
				NULL),
			-1);
	arena_release(&arena);
}

/* As it was shipped when Lontar knew three categories. */
static const char old_sop[] = "[category terrorism]\n"
			      "title = Terrorist content\n"
			      "dsa_category = STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY\n"
			      "harm = 90\n"
			      "authority_hours = 1\n"
			      "flagger_hours = 4\n"
			      "user_hours = 24\n"
			      "sensor_hours = 24\n"
			      "[category incitement]\n"
			      "title = Incitement to violence or hatred\n"
			      "dsa_category = STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH\n"
			      "harm = 70\n"
			      "authority_hours = 1\n"
			      "flagger_hours = 4\n"
			      "user_hours = 24\n"
			      "sensor_hours = 24\n"
			      "[category illegal]\n"
			      "title = Other illegal content\n"
			      "dsa_category = STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE\n"
			      "harm = 40\n"
			      "authority_hours = 1\n"
			      "flagger_hours = 4\n"
			      "user_hours = 24\n"
			      "sensor_hours = 24\n"
			      "[claim]\n"
			      "lease_minutes = 15\n"
			      "[roles]\n"
			      "decide = moderator, lead\n"
			      "reverse = moderator, lead\n"
			      "[appeal]\n"
			      "days = 183\n"
			      "contact = the operator of this server\n";

static void an_old_one_still_holds(void **state)
{
	const char *names[SOP_CATEGORIES_MAX];
	struct sop old, shipped;
	struct err err = {0};

	assert_int_equal(sop_parse(old_sop, &old, &err), 0);
	assert_int_equal(sop_clock(&old.categories[2], LANE_AUTHORITY, false)->decide_s, 3600);
	assert_int_equal(sop_clock(&old.categories[2], LANE_AUTHORITY, false)->acknowledge_s, 3600);
	assert_int_equal(sop_parse(sop_default_text, &shipped, NULL), 0);
	assert_int_equal(sop_missing(&old, &shipped, names), shipped.category_count - 3);
	assert_string_equal(names[0], "child_abuse");
	assert_int_equal(sop_missing(&shipped, &old, names), 0);
}

static void lanes(void **state)
{
	for (enum lane lane = 0; lane < LANE_COUNT; lane++)
		assert_int_equal(lane_by_name(lane_name(lane)), lane);
	assert_int_equal(lane_by_name("x"), LANE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default),
		cmocka_unit_test(every_setting_is_checked),
		cmocka_unit_test(what_is_not_said_is_as_shipped),
		cmocka_unit_test(all_problems_are_told),
		cmocka_unit_test(letters_are_filled_in),
		cmocka_unit_test(every_template_is_shipped),
		cmocka_unit_test(values_have_bounds),
		cmocka_unit_test(an_old_one_still_holds),
		cmocka_unit_test(lanes),
	};

	return cmocka_run_group_tests_name("desk/sop", tests, NULL, no_arena_leaked);
}
