/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hash map from 64-bit keys to pointers, open addressing. The map owns no values. Keys are mixed
 * with a random seed, so a peer that chooses keys can't choose collisions. Not thread-safe.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
	uint64_t key;
	void *value; /* NULL: free slot */
};

struct map {
	struct map_slot *slots;
	size_t size, capacity;
	uint64_t seed;
};

void map_init(struct map *map);
void map_release(struct map *map);
void *map_get(const struct map *map, uint64_t key); /* NULL if absent */
/* value is not NULL. Returns the value replaced, or NULL. */
void *map_put(struct map *map, uint64_t key, void *value);
void *map_remove(struct map *map, uint64_t key); /* the value removed, or NULL */
/* Iterates in no order: start with *at = 0; false at the end. The map must not change meanwhile. */
bool map_next(const struct map *map, size_t *at, uint64_t *key, void **value);

/* For keys longer than 64 bits: mix, then compare in the value. */
uint64_t map_mix(uint64_t a, uint64_t b);

#endif
