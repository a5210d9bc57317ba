/* SPDX-License-Identifier: Apache-2.0 */
/* The pure parts of how work is given out: points of the next case, load, whether two agree. */
#include "../unit.h"

#include "desk/cases/load.h"
#include "desk/cases/next.h"
#include "desk/cases/two_people.h"

#define NOW 1000000
#define HOUR_S 3600

static struct desk_work some_work(void)
{
	return (struct desk_work){
		.case_id = 1,
		.clock_at = NOW - 6 * HOUR_S,
		.due_at = NOW + 6 * HOUR_S,
		.lane = BYTES_LITERAL("flagger"),
		.category = BYTES_LITERAL("spam"),
		.language = BYTES_LITERAL(""),
		.country = BYTES_LITERAL(""),
		.members = 1024,
		.notices = 3,
	};
}

static int64_t score(const struct desk_work *w, const char *langs, const char *regions,
	int64_t points[NEXT_REASONS])
{
	const struct next_person person = {bytes_from_str(langs), bytes_from_str(regions)};
	const struct next_case facts = {w, 50, 7, NOW};

	return next_score(&person, &facts, points);
}

static void points_are_as_documented(void **state)
{
	struct desk_work w = some_work();
	int64_t p[NEXT_REASONS], sum = score(&w, "id,en", "ID", p), all = 0;

	assert_int_equal(p[NEXT_DUE], 100); /* half of the clock: a quarter of 400 */
	assert_int_equal(p[NEXT_LANE], 300);
	assert_int_equal(p[NEXT_HARM], 150);
	assert_int_equal(p[NEXT_REACH], 80);
	assert_int_equal(p[NEXT_NOTICES], 15);
	assert_int_equal(p[NEXT_LANGUAGE], 0);
	assert_int_equal(p[NEXT_REGION], 0);
	assert_int_equal(p[NEXT_STANDING], 7);
	assert_int_equal(p[NEXT_SECOND], 0);
	for (int i = 0; i < NEXT_REASONS; i++)
		all += p[i];
	assert_int_equal(sum, all);
}

static void what_is_due_comes_to_the_front(void **state)
{
	struct desk_work w = some_work();
	int64_t p[NEXT_REASONS];

	w.due_at = NOW + 1;
	score(&w, "", "", p);
	assert_in_range(p[NEXT_DUE], 390, 400);
	w.due_at = NOW;
	score(&w, "", "", p);
	assert_int_equal(p[NEXT_DUE], 500);
	w.due_at = NOW - 5 * HOUR_S;
	score(&w, "", "", p);
	assert_int_equal(p[NEXT_DUE], 505);
	w.due_at = NOW - 5000 * HOUR_S;
	score(&w, "", "", p);
	assert_int_equal(p[NEXT_DUE], 600);
	w.clock_at = NOW + 60; /* a clock that was set back */
	w.due_at = NOW + 120;
	score(&w, "", "", p);
	assert_int_equal(p[NEXT_DUE], 0);
}

static void languages_and_regions(void **state)
{
	struct desk_work w = some_work();
	int64_t p[NEXT_REASONS];

	w.language = BYTES_LITERAL("id");
	w.country = BYTES_LITERAL("ID");
	score(&w, "en-GB,id-ID", "MY,ID-JK", p);
	assert_int_equal(p[NEXT_LANGUAGE], 200);
	assert_int_equal(p[NEXT_REGION], 60);
	score(&w, "en", "MY", p);
	assert_int_equal(p[NEXT_LANGUAGE], -400);
	assert_int_equal(p[NEXT_REGION], 0);
	score(&w, "", "", p); /* nobody said which */
	assert_int_equal(p[NEXT_LANGUAGE], 0);
	assert_true(next_reads(BYTES_LITERAL("EN,Id"), BYTES_LITERAL("id-Latn")));
	assert_false(next_reads(BYTES_LITERAL("i,idd"), BYTES_LITERAL("id")));
	assert_false(next_reads(BYTES_LITERAL(""), BYTES_LITERAL("id")));
}

static void bounds_of_reach_and_notices(void **state)
{
	struct desk_work w = some_work();
	int64_t p[NEXT_REASONS];

	w.members = INT64_MAX;
	w.notices = 1000000;
	w.lane = BYTES_LITERAL("a lane that there is not");
	score(&w, "", "", p);
	assert_int_equal(p[NEXT_REACH], 62 * 8);
	assert_int_equal(p[NEXT_NOTICES], 100);
	assert_int_equal(p[NEXT_LANE], 0);
}

static void a_pause_after_so_many_within_the_span(void **state)
{
	const struct load_rule rule = {3, 100, 50};
	const int64_t slow[] = {0, 60, 120, 180}, quick[] = {0, 10, 20, 80, 90, 95};

	assert_int_equal(load_fold(&rule, slow, 4, 181).paused_until, 0);
	assert_int_equal(load_fold(&rule, slow, 4, 181).disturbing, 2);
	assert_int_equal(load_fold(&rule, quick, 3, 21).paused_until, 70);
	assert_int_equal(load_fold(&rule, quick, 3, 21).disturbing, 0); /* counted anew */
	assert_int_equal(load_fold(&rule, quick, 3, 70).paused_until, 0);
	assert_int_equal(load_fold(&rule, quick, 5, 91).paused_until, 0);
	assert_int_equal(load_fold(&rule, quick, 6, 96).paused_until, 145);
	assert_int_equal(load_fold(&rule, NULL, 0, 5).paused_until, 0);
	assert_int_equal(load_fold(&(struct load_rule){0, 100, 50}, quick, 6, 96).paused_until, 0);
	assert_int_equal(load_fold(&(struct load_rule){1, 100, 50}, quick, 1, 10).paused_until, 50);
}

static void two_mean_the_same(void **state)
{
	struct decision_input a = {.action = BYTES_LITERAL("restrict"),
		.countries = BYTES_LITERAL("DE,ID"),
		.until_s = 5};
	struct decision_input b = a;

	b.until_s = 9;
	b.facts = BYTES_LITERAL("in other words");
	assert_true(second_agrees(&a, &b));
	b.countries = BYTES_LITERAL("DE");
	assert_false(second_agrees(&a, &b));
	b.countries = bytes_of(NULL, 0);
	assert_false(second_agrees(&a, &b));
	a.countries = BYTES_LITERAL("");
	assert_true(second_agrees(&a, &b)); /* none, said in two ways */
	b.action = BYTES_LITERAL("remove");
	assert_false(second_agrees(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_are_as_documented),
		cmocka_unit_test(what_is_due_comes_to_the_front),
		cmocka_unit_test(languages_and_regions),
		cmocka_unit_test(bounds_of_reach_and_notices),
		cmocka_unit_test(a_pause_after_so_many_within_the_span),
		cmocka_unit_test(two_mean_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
