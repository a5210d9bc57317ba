/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the slots of maps: linear probing, at most 3/4 full, no tombstones (a removal moves the
 * followers back). Does not own values.
 */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/random.h"

#define MAP_FIRST_CAPACITY 16

static uint64_t mix64(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	return x;
}

/* b enters twice, with a permutation between: differences of a that cancel can't be chosen without
 * b. */
uint64_t map_mix(uint64_t a, uint64_t b)
{
	return mix64(mix64(a ^ b) + ((b << 29) | (b >> 35)));
}

void map_init(struct map *map)
{
	*map = (struct map){.seed = random_u64(&random_system)};
}

void map_release(struct map *map)
{
	free(map->slots);
	map->slots = NULL;
	map->size = map->capacity = 0;
}

/* The slot that holds key, or the free one where it belongs. capacity > 0. */
static size_t map_find(const struct map *map, uint64_t key)
{
	size_t mask = map->capacity - 1, i = (size_t)map_mix(key, map->seed) & mask;

	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & mask;
	return i;
}

void *map_get(const struct map *map, uint64_t key)
{
	return map->capacity ? map->slots[map_find(map, key)].value : NULL;
}

static void map_grow(struct map *map)
{
	struct map_slot *old = map->slots;
	size_t old_capacity = map->capacity;

	map->capacity = old_capacity ? old_capacity * 2 : MAP_FIRST_CAPACITY;
	map->slots = mem_zalloc(map->capacity, sizeof(*map->slots));
	for (size_t i = 0; i < old_capacity; i++) {
		if (old[i].value)
			map->slots[map_find(map, old[i].key)] = old[i];
	}
	free(old);
}

void *map_put(struct map *map, uint64_t key, void *value)
{
	struct map_slot *slot;
	void *replaced;

	assert(value);
	if (map->size >= map->capacity / 4 * 3)
		map_grow(map);
	slot = &map->slots[map_find(map, key)];
	replaced = slot->value;
	if (!replaced)
		map->size++;
	*slot = (struct map_slot){key, value};
	return replaced;
}

void *map_remove(struct map *map, uint64_t key)
{
	size_t mask = map->capacity - 1, hole, i;
	void *removed;

	if (!map->capacity)
		return NULL;
	hole = map_find(map, key);
	removed = map->slots[hole].value;
	if (!removed)
		return NULL;
	/* A follower may fill the hole unless its own place lies behind the hole. */
	for (i = (hole + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
		size_t home = (size_t)map_mix(map->slots[i].key, map->seed) & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole] = (struct map_slot){0, NULL};
	map->size--;
	return removed;
}

bool map_next(const struct map *map, size_t *at, uint64_t *key, void **value)
{
	for (; *at < map->capacity; ++*at) {
		const struct map_slot *slot = &map->slots[*at];

		if (slot->value) {
			*key = slot->key;
			*value = slot->value;
			++*at;
			return true;
		}
	}
	return false;
}
