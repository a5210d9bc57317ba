/* SPDX-License-Identifier: Apache-2.0 */
/* The score of who sends notices, against figures worked out by hand. */
#include "../unit.h"

#include <math.h>

#include "desk/quality/accuracy.h"

#define NOW 1000000000
#define DAY 86400.0

static struct desk_verdict verdict(const char *outcome, const char *quality, double days)
{
	return (struct desk_verdict){.settled_at = NOW - (int64_t)(days * DAY),
		.outcome = bytes_from_str(outcome),
		.quality = bytes_from_str(quality)};
}

static struct accuracy of(const char *outcome, const char *quality, int times, double days)
{
	struct accuracy a = {.acted = 0};

	for (int i = 0; i < times; i++) {
		struct desk_verdict v = verdict(outcome, quality, days);

		accuracy_add(&a, &v, 90 * DAY, NOW);
	}
	accuracy_finish(&a, 6);
	return a;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 0.005;
}

/* What became of the content and how good the notice was are two things. */
static void outcome_and_quality_are_apart(void **state)
{
	static const struct {
		const char *outcome, *quality;
		int good, bad;
	} rows[] = {
		{"acted", "", 1, 0},
		{"acted", "good", 1, 0},
		{"acted", "inaccurate", 0, 1},
		{"not_acted", "", 0, 0},
		{"not_acted", "good", 1, 0},
		{"not_acted", "imprecise", 0, 1},
		{"not_acted", "unsubstantiated", 0, 1},
		{"not_acted", "unfounded", 0, 1},
		{"reversed", "", 0, 0},
		{"reversed", "good", 1, 0},
		{"", "", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct accuracy a = of(rows[i].outcome, rows[i].quality, 1, 0);

		assert_int_equal(a.good, rows[i].good);
		assert_int_equal(a.bad, rows[i].bad);
	}
	assert_true(quality_is_known(BYTES_LITERAL("good")));
	assert_true(quality_is_known(BYTES_LITERAL("unfounded")));
	assert_false(quality_is_known(BYTES_LITERAL("")));
	assert_false(quality_is_known(BYTES_LITERAL("goo")));
	assert_false(quality_is_known((struct bytes){NULL, 0}));
}

/* 16 good: log4(16) * 5 = 10. 16 bad: -10. */
static void score_and_interval(void **state)
{
	struct accuracy a = of("acted", "", 16, 0);

	(void)state;
	assert_true(near(a.score, 10) && near(a.share, 1));
	/* Wilson of 16 of 16: 16 / (16 + 1.96^2). */
	assert_true(near(a.low, 0.806) && near(a.high, 1));
	a = of("not_acted", "unfounded", 16, 0);
	assert_true(near(a.score, -10) && near(a.share, 0));
	assert_true(near(a.low, 0) && near(a.high, 0.194));
	a = of("acted", "", 100, 0);
	assert_true(near(a.score, 16.61));
	assert_int_equal(accuracy_points(&a, 150), 147);
	a = of("not_acted", "", 50, 0); /* nobody judged them */
	assert_true(a.score == 0 && a.low == 0 && a.high == 1 && a.weight == 0);
	assert_int_equal(accuracy_points(&a, 150), 0);
	a = of("acted", "", 5, 0); /* too few */
	assert_true(a.score == 0 && near(a.share, 1));
}

/* Whatever the weights add up to, and however that is rounded. */
static void the_share_lies_in_the_interval(void **state)
{
	(void)state;
	for (int times = 1; times <= 40; times++) {
		for (int age_s = 0; age_s < 200; age_s++) {
			struct accuracy bad = of("acted", "unfounded", times, age_s / DAY),
					good = of("acted", "", times, age_s / DAY);

			assert_true(bad.low == 0 && bad.share == 0 && bad.high < 1);
			assert_true(good.low > 0 && good.share == 1 && good.high == 1);
		}
	}
}

/* 7 of 10 lie on the axis: neither good nor bad; 5 of 10: -(0.2 / 0.7) * log4(10) * 5. */
static void the_axis(void **state)
{
	static const struct {
		int good, bad;
		double score;
	} rows[] = {{7, 3, 0}, {5, 5, -2.373}, {9, 1, 5.537}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct accuracy a = {.acted = 0};
		struct desk_verdict good = verdict("acted", "", 0),
				    bad = verdict("acted", "unfounded", 0);

		for (int n = 0; n < rows[i].good; n++)
			accuracy_add(&a, &good, 90 * DAY, NOW);
		for (int n = 0; n < rows[i].bad; n++)
			accuracy_add(&a, &bad, 90 * DAY, NOW);
		accuracy_finish(&a, 6);
		assert_true(near(a.score, rows[i].score));
	}
}

/* After a half-life a notice weighs half: 16 of them count as 8, 32 after two as 8. */
static void what_is_old_weighs_less(void **state)
{
	struct accuracy a = of("acted", "", 16, 90);

	(void)state;
	assert_true(near(a.weight, 8) && near(a.score, 7.5));
	a = of("acted", "", 32, 180);
	assert_true(near(a.weight, 8) && near(a.score, 7.5));
	a = of("acted", "", 100, 900); /* next to nothing */
	assert_true(a.weight < 0.1 && a.score == 0);
	a = of("acted", "", 16, -1); /* a clock that went back */
	assert_true(near(a.weight, 16));
}

static void points_are_bounded(void **state)
{
	struct accuracy a = {.score = 1000};

	(void)state;
	assert_int_equal(accuracy_points(&a, 150), 150);
	a.score = -1000;
	assert_int_equal(accuracy_points(&a, 150), -150);
	assert_int_equal(accuracy_points(&a, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcome_and_quality_are_apart),
		cmocka_unit_test(score_and_interval),
		cmocka_unit_test(the_share_lies_in_the_interval),
		cmocka_unit_test(the_axis),
		cmocka_unit_test(what_is_old_weighs_less),
		cmocka_unit_test(points_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
