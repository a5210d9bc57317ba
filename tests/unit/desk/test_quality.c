/* SPDX-License-Identifier: Apache-2.0 */
/* Kappa against tables that were worked out by hand; which decisions are looked at again. */
#include "desk_fixture.h"

#include <math.h>

#include "desk/quality/quality.h"

static void kappa(void **state)
{
	static const struct {
		size_t k;
		int64_t counts[9];
		bool defined;
		double agreement, kappa;
	} rows[] = {
		{2, {20, 5, 10, 15}, true, 0.7, 0.4},
		{2, {45, 15, 25, 15}, true, 0.6, 0.1304},
		{2, {25, 35, 5, 35}, true, 0.6, 0.2593},
		{2, {10, 0, 0, 10}, true, 1, 1},
		{2, {0, 10, 10, 0}, true, 0, -1},
		{2, {25, 25, 25, 25}, true, 0.5, 0},
		{3, {10, 2, 0, 1, 8, 3, 0, 1, 5}, true, 0.7667, 0.6429},
		{3, {7, 0, 0, 0, 0, 0, 0, 0, 0}, false, 1, 0}, /* always the same answer */
		{3, {0}, false, 0, 0},
		{1, {5}, false, 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		double agreement, value;

		assert_int_equal(quality_kappa(rows[i].counts, rows[i].k, &agreement, &value),
			rows[i].defined);
		assert_true(fabs(agreement - rows[i].agreement) < 0.0001);
		assert_true(fabs(value - rows[i].kappa) < 0.0001);
	}
}

static void the_sample(void **state)
{
	const struct fixture *f = *state;
	int count = 0, alike = 0;

	for (int64_t id = 1; id <= 2000; id++) {
		const bool chosen = quality_samples(&f->desk, id, 4, 30);

		assert_false(quality_samples(&f->desk, id, 4, 0));
		assert_true(quality_samples(&f->desk, id, 4, 100));
		assert_int_equal(chosen, quality_samples(&f->desk, id, 4, 30));
		/* What is of a small sample is of a larger one. */
		assert_true(!chosen || quality_samples(&f->desk, id, 4, 60));
		count += chosen;
		alike += chosen == quality_samples(&f->desk, id, 5, 30);
	}
	assert_in_range(count, 480, 720);   /* six standard deviations */
	assert_in_range(alike, 1000, 1320); /* another decision of the case: another draw */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kappa),
		cmocka_unit_test_setup_teardown(
			the_sample, desk_fixture_setup, desk_fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
