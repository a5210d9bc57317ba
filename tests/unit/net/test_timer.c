/* SPDX-License-Identifier: Apache-2.0 */
/* The timer wheel without a loop: time is stepped by hand and compared with a plain table. */
#include "cmocka_env.h"

#include "net/timer.h"

#define MANY 2000

struct probe {
	struct timer timer;
	int64_t fired_ms;
	int times;
};

static struct timer_wheel wheel;
static int64_t last_due_ms;

static void note(struct timer *timer)
{
	struct probe *probe = LIST_OWNER(timer, struct probe, timer);

	assert_false(timer_is_running(timer));
	assert_true(timer->due_ms >= last_due_ms); /* in order */
	last_due_ms = timer->due_ms;
	probe->fired_ms = wheel.now_ms;
	probe->times++;
}

static void fires_at_its_millisecond(void **state)
{
	static const int64_t delays[] = {1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 262143,
		262144, 16777216, 1073741824, TIMER_DELAY_MAX_MS};
	static const int64_t starts[] = {
		0, 1, 63, 64, 4095, 262143, 987654321, TIMER_DELAY_MAX_MS - 5};

	for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
		for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
			struct probe probe = {0};
			timer_wheel_init(&wheel, starts[s]);
			last_due_ms = 0;
			timer_init(&probe.timer, note);
			timer_wheel_start(&wheel, &probe.timer, delays[i]);
			assert_true(timer_wheel_next(&wheel) >= 0);
			assert_true(timer_wheel_next(&wheel) <= starts[s] + delays[i]);
			timer_wheel_advance(&wheel, starts[s] + delays[i] - 1);
			assert_int_equal(probe.times, 0);
			timer_wheel_advance(&wheel, starts[s] + delays[i]);
			assert_int_equal(probe.times, 1);
			assert_int_equal(probe.fired_ms, starts[s] + delays[i]);
			assert_int_equal(timer_wheel_next(&wheel), -1);
		}
	}
}

static void many_fire_once_each_in_order(void **state)
{
	static struct probe probes[MANY];
	static int64_t due[MANY];
	int64_t now = 123456;

	srand(7);
	timer_wheel_init(&wheel, now);
	last_due_ms = 0;
	for (int i = 0; i < MANY; i++) {
		int64_t delay = 1 + rand() % (1 << (rand() % 20));
		probes[i] = (struct probe){0};
		timer_init(&probes[i].timer, note);
		timer_wheel_start(&wheel, &probes[i].timer, delay);
		due[i] = now + delay;
	}
	for (int i = 0; i < MANY; i += 5)
		timer_stop(&probes[i].timer);
	while (now < 123456 + (1 << 20)) {
		now += 1 + rand() % 3000;
		timer_wheel_advance(&wheel, now);
		for (int i = 0; i < MANY; i++)
			assert_int_equal(probes[i].times, i % 5 && due[i] <= now);
	}
	for (int i = 0; i < MANY; i++)
		if (i % 5)
			assert_int_equal(probes[i].fired_ms, due[i]);
}

static void waking_at_next_misses_nothing(void **state)
{
	struct probe probe = {0};
	int wakes = 0;

	timer_wheel_init(&wheel, 1000);
	last_due_ms = 0;
	timer_init(&probe.timer, note);
	timer_wheel_start(&wheel, &probe.timer, 3600 * 1000);
	while (probe.times == 0) {
		timer_wheel_advance(&wheel, timer_wheel_next(&wheel));
		assert_true(++wakes <= TIMER_LEVELS);
	}
	assert_int_equal(probe.fired_ms, 1000 + 3600 * 1000);
}

static struct probe other;

static void stop_the_other(struct timer *timer)
{
	timer_stop(&other.timer);
	note(timer);
}

static void restart_itself(struct timer *timer)
{
	note(timer);
	timer_wheel_start(&wheel, timer, 64);
}

static void fire_may_stop_and_start(void **state)
{
	struct probe first = {0}, again = {0};

	timer_wheel_init(&wheel, 0);
	last_due_ms = 0;
	other = (struct probe){0};
	timer_init(&first.timer, stop_the_other);
	timer_init(&other.timer, note);
	timer_init(&again.timer, restart_itself);
	timer_wheel_start(&wheel, &first.timer, 10);
	timer_wheel_start(&wheel, &other.timer, 10);
	timer_wheel_start(&wheel, &again.timer, 10);
	timer_wheel_advance(&wheel, 10 + 64 * 5);
	assert_int_equal(first.times, 1);
	assert_int_equal(other.times, 0);
	assert_int_equal(again.times, 6);
	timer_stop(&again.timer);
	timer_wheel_advance(&wheel, 10000);
	assert_int_equal(again.times, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fires_at_its_millisecond),
		cmocka_unit_test(many_fire_once_each_in_order),
		cmocka_unit_test(waking_at_next_misses_nothing),
		cmocka_unit_test(fire_may_stop_and_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
