/* SPDX-License-Identifier: Apache-2.0 */
/* Ids rise over starts of the whole installation, however soon they follow one another, and are not
 * driven before the clock by them. */
#include "../unit.h"

#include "server/id_floor.h"

#define NOW 1800000000

static uint64_t id_of(int64_t second)
{
	return (uint64_t)second << 32;
}

static void nothing_is_raised_without_need(void **state)
{
	(void)state;
	assert_int_equal(id_floor_after(0, 0, NOW), 0);
	assert_int_equal(id_floor_after(NOW - 100, 0, NOW), 0);
	assert_int_equal(id_floor_after(NOW - 100, id_of(NOW - 50), NOW), 0);
	/* Written while the clock was wrong. */
	assert_int_equal(id_floor_after(NOW + 100000, 0, NOW), 0);
	assert_int_equal(id_floor_after(NOW - 100, id_of(NOW + 100000), NOW), 0);
	assert_int_equal(id_second_after(NOW + 100000, NOW), NOW);
}

static void above_what_may_have_been_given_out(void **state)
{
	uint64_t first = id_floor_after(NOW, 0, NOW), second;

	(void)state;
	assert_int_equal(first, id_of(NOW + ID_SECOND_SLACK_S));
	/* The next process starts before the second was written again. */
	second = id_floor_after(NOW, first, NOW);
	assert_true(second > first);
	assert_true(second >> 32 == first >> 32);
	/* A clock that was set back by a minute. */
	assert_int_equal(id_second_after(NOW, NOW - 60), NOW);
	assert_int_equal(id_floor_after(NOW, 0, NOW - 60), id_of(NOW + ID_SECOND_SLACK_S));
}

/* A process as far as its ids go. */
struct life {
	int64_t second; /* what is on disk */
	uint64_t floor, last;
};

static uint32_t draw(uint32_t *seed, uint32_t bound)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % bound;
}

#define TICKS 64 /* in a second */

static void give_out(struct life *life, uint64_t *last_of_process, int64_t now)
{
	uint64_t id = id_of(now / TICKS) | (uint64_t)(now % TICKS) << 26;

	if (id <= *last_of_process)
		id = *last_of_process + 4;
	*last_of_process = id;
	assert_true(id > life->last);
	life->last = id;
}

/* Starts, lives for some ticks, dies. The second is written at the start, a second later, and every
 * ID_SECOND_EVERY_S from then on. Returns the time of its end. */
static int64_t live(struct life *life, int64_t now, int64_t ticks)
{
	uint64_t floor = id_floor_after(life->second, life->floor, now / TICKS), last = floor;
	int64_t write_at = now + TICKS, end = now + ticks;

	if (floor)
		life->floor = floor;
	life->second = id_second_after(life->second, now / TICKS);
	for (; now < end; now++) {
		for (int i = 0; i < 5; i++)
			give_out(life, &last, now);
		if (now == write_at) {
			life->second = id_second_after(life->second, now / TICKS);
			write_at += (int64_t)ID_SECOND_EVERY_S * TICKS;
		}
		assert_true((int64_t)(last >> 32) <= now / TICKS + ID_SECOND_SLACK_S + 8);
	}
	return now;
}

static void lives_of_any_length(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct life life = {.second = 0};
		uint32_t random = seed;
		int64_t now = (int64_t)NOW * TICKS;

		for (int i = 0; i < 60; i++) {
			uint32_t most = draw(&random, 4) ? TICKS : 20 * TICKS;

			now = live(&life, now, 1 + draw(&random, most)) + 1 + draw(&random, 40);
		}
	}
}

/* A clock that is set back between two starts, by no more than what was written says of it. */
static void clocks_set_back(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct life life = {.second = 0};
		uint32_t random = seed;
		int64_t now = (int64_t)NOW * TICKS;

		for (int i = 0; i < 20; i++) {
			uint64_t floor, last;

			now = live(&life, now, 10 * TICKS);
			now -= draw(&random, 60 * TICKS);
			floor = last = id_floor_after(life.second, life.floor, now / TICKS);
			if (floor)
				life.floor = floor;
			for (int n = 0; n < 100; n++)
				give_out(&life, &last, now);
			now += 80 * TICKS;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_raised_without_need),
		cmocka_unit_test(above_what_may_have_been_given_out),
		cmocka_unit_test(lives_of_any_length),
		cmocka_unit_test(clocks_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
