/* SPDX-License-Identifier: Apache-2.0 */
/* The SOP: the default file is whole; what is wrong or missing is an error. */
#include "../unit.h"

#include "desk/embedded.h"
#include "desk/sop.h"

static void the_default(void **state)
{
	struct sop sop;
	struct err err = {0};

	assert_int_equal(sop_parse(sop_default_text, &sop, &err), 0);
	assert_int_equal(sop.category_count, 3);
	for (int i = 0; i < sop.category_count; i++) {
		assert_int_equal(sop.categories[i].clock_s[LANE_AUTHORITY], 3600);
		assert_int_equal(sop.categories[i].clock_s[LANE_FLAGGER], 4 * 3600);
		assert_int_equal(sop.categories[i].clock_s[LANE_USER], 24 * 3600);
	}
	assert_int_equal(sop.lease_s, 15 * 60);
	assert_true(sop.moderator_decides && sop.lead_decides);
	assert_non_null(sop_category(&sop, "terrorism"));
	assert_null(sop_category(&sop, "nothing"));
}

/* Each line of the default that is taken away, or spoilt, is missed. */
static void every_setting_is_needed(void **state)
{
	struct sop sop;
	struct arena arena;
	const char *line = sop_default_text;

	arena_init(&arena);
	while (*line) {
		size_t size = strcspn(line, "\n") + 1;
		const char *rest = line + size;
		bool setting = strchr(line, '=') && strchr(line, '=') < rest && *line != ';';
		int before = (int)(line - sop_default_text);

		/* Only these two have no effect that could be missed. */
		if (setting && strncmp(line, "harm", 4) != 0 &&
			strncmp(line, "dsa_category", 12) != 0) {
			char *without =
				arena_printf(&arena, "%.*s%s", before, sop_default_text, rest);
			char *spoilt =
				arena_printf(&arena, "%.*sx%s", before, sop_default_text, line);

			assert_int_equal(sop_parse(without, &sop, NULL), -1);
			assert_int_equal(sop_parse(spoilt, &sop, NULL), -1);
		}
		line = rest;
	}
	arena_release(&arena);
}

static void values_have_bounds(void **state)
{
	static const char *const bad[] = {"[claim]\nlease_minutes = 0\n",
		"[claim]\nlease_minutes = 99999\n", "[claim]\nlease_minutes = 15x\n",
		"[category terrorism]\nharm = 101\n", "[category No Caps]\ntitle = x\n",
		"[roles]\ndecide = king\n", "[roles]\ndecide =\n", "[nothing]\nx = 1\n",
		"[category x]\nx = 1\n"};
	struct arena arena;
	struct sop sop;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(sop_parse(arena_printf(&arena, "%s%s", sop_default_text, bad[i]),
					 &sop, NULL),
			-1);
	arena_release(&arena);
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
		cmocka_unit_test(every_setting_is_needed),
		cmocka_unit_test(values_have_bounds),
		cmocka_unit_test(lanes),
	};

	return cmocka_run_group_tests_name("desk/sop", tests, NULL, no_arena_leaked);
}
