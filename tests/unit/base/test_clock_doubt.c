/* SPDX-License-Identifier: Apache-2.0 */
#include "../unit.h"

#include "base/clock_doubt.h"

#define S INT64_C(1000000)
#define DAY (86400 * S)

static bool look(struct clock_doubt *doubt, int64_t realtime_us, int64_t monotonic_us)
{
	return clock_doubt_look(doubt, 1795000000 * S + realtime_us, 50 * S + monotonic_us);
}

static void the_first_time_is_believed(void **state)
{
	struct clock_doubt doubt = {0};

	assert_false(look(&doubt, 0, 0));
	assert_false(look(&doubt, S, S));
}

static void small_steps_and_steps_back_are_believed(void **state)
{
	struct clock_doubt doubt = {0};

	assert_false(look(&doubt, 0, 0));
	assert_false(look(&doubt, 3600 * S + S, S));
	assert_false(look(&doubt, 2 * S, 2 * S));
	assert_false(look(&doubt, -DAY, 3 * S));
	assert_false(look(&doubt, 3000 * S - DAY, 4 * S));
	/* Slowly, a clock may go anywhere; and a process that slept for long saw both go on. */
	for (int64_t i = 1; i < 100; i++)
		assert_false(look(&doubt, 3000 * S * (i + 1) - DAY, 4 * S + i));
	assert_false(look(&doubt, 3000 * S * 100 + 9 * DAY, 10 * DAY));
}

static void a_step_ahead_is_doubted_for_an_hour(void **state)
{
	struct clock_doubt doubt = {0};

	assert_false(look(&doubt, 0, 0));
	assert_true(look(&doubt, 3602 * S, S));
	assert_true(look(&doubt, DAY, 2 * S));
	assert_true(look(&doubt, DAY + 3599 * S, 3600 * S));
	assert_false(look(&doubt, DAY + 3600 * S, 3601 * S));
	assert_false(look(&doubt, DAY + 3601 * S, 3602 * S));
	/* The next one anew. */
	assert_true(look(&doubt, 3 * DAY, 3603 * S));
}

static void a_clock_that_comes_back_is_believed_at_once(void **state)
{
	struct clock_doubt doubt = {0};

	assert_false(look(&doubt, 0, 0));
	assert_true(look(&doubt, 3650 * DAY, S));
	assert_false(look(&doubt, 2 * S, 2 * S));
	assert_true(look(&doubt, 3650 * DAY, 3 * S));
	assert_true(look(&doubt, 3650 * DAY + 3500 * S, 3503 * S));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_time_is_believed),
		cmocka_unit_test(small_steps_and_steps_back_are_believed),
		cmocka_unit_test(a_step_ahead_is_doubted_for_an_hour),
		cmocka_unit_test(a_clock_that_comes_back_is_believed_at_once),
	};

	return cmocka_run_group_tests_name("base/clock_doubt", tests, NULL, NULL);
}
