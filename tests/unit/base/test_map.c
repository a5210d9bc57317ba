/* SPDX-License-Identifier: Apache-2.0 */
/* Maps against a plain model of 4096 keys, with collisions that a small map can't avoid. */
#include "../unit.h"

#include "base/map.h"

#define KEYS 4096

static char values[KEYS];

static void check_all(const struct map *map, void *const *model, size_t size)
{
	size_t at = 0, seen = 0;
	uint64_t key;
	void *value;

	assert_int_equal(map->size, size);
	for (size_t i = 0; i < KEYS; i++)
		assert_ptr_equal(map_get(map, i * i), model[i]);
	while (map_next(map, &at, &key, &value)) {
		seen++;
		assert_ptr_equal(value, map_get(map, key));
	}
	assert_int_equal(seen, size);
}

static void test_it_behaves_like_a_plain_array(void **state)
{
	static void *model[KEYS];
	size_t size = 0;
	struct map map;

	map_init(&map);
	for (int step = 0; step < 40000; step++) {
		/* grows in the first half, shrinks in the second */
		bool put = random_below(&random_system, 10) < (step < 20000 ? 7 : 3);
		size_t i = random_below(&random_system, KEYS);

		if (put) {
			assert_ptr_equal(map_put(&map, i * i, &values[step % KEYS]), model[i]);
			size += model[i] == NULL;
			model[i] = &values[step % KEYS];
		} else {
			assert_ptr_equal(map_remove(&map, i * i), model[i]);
			size -= model[i] != NULL;
			model[i] = NULL;
		}
		if (step % 4000 == 0)
			check_all(&map, model, size);
	}
	check_all(&map, model, size);
	map_release(&map);
}

static void test_empty_and_extreme_keys(void **state)
{
	size_t at = 0;
	uint64_t key;
	void *value;
	struct map map;

	map_init(&map);
	assert_null(map.slots); /* costs nothing */
	assert_null(map_get(&map, 0));
	assert_null(map_remove(&map, 0));
	assert_false(map_next(&map, &at, &key, &value));
	assert_null(map_put(&map, 0, &values[1]));
	assert_null(map_put(&map, UINT64_MAX, &values[2]));
	assert_ptr_equal(map_get(&map, 0), &values[1]);
	assert_ptr_equal(map_get(&map, UINT64_MAX), &values[2]);
	assert_ptr_equal(map_remove(&map, 0), &values[1]);
	assert_null(map_get(&map, 0));
	map_release(&map);
	assert_null(map_get(&map, UINT64_MAX));
}

/* Keys that differ in few bits spread over the low bits, under any seed. */
static void test_mix_spreads(void **state)
{
	for (uint64_t seed = 0; seed < 8; seed++) {
		unsigned buckets[64] = {0};

		for (unsigned i = 0; i < 6400; i++)
			buckets[map_mix((uint64_t)i << 40, seed) & 63]++;
		for (size_t i = 0; i < 64; i++)
			assert_in_range(buckets[i], 50, 160);
	}
	assert_true(map_mix(1, 2) != map_mix(2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_behaves_like_a_plain_array),
		cmocka_unit_test(test_empty_and_extreme_keys),
		cmocka_unit_test(test_mix_spreads),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
