/* SPDX-License-Identifier: Apache-2.0 */
/* A map under a mutex. Expired keys go when room is needed and whenever they are looked up. */
#include "server/temp_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"

struct temp_keys {
	pthread_mutex_t lock;
	struct map by_id;
	size_t max;
};

struct temp_keys *temp_keys_new(size_t max)
{
	struct temp_keys *keys = calloc(1, sizeof(*keys));

	if (!keys)
		abort();
	pthread_mutex_init(&keys->lock, NULL);
	map_init(&keys->by_id);
	keys->max = max;
	return keys;
}

static void temp_keys_drop(struct temp_keys *keys, struct auth_key *key)
{
	map_remove(&keys->by_id, key->id);
	auth_key_wipe(key);
	free(key);
}

void temp_keys_free(struct temp_keys *keys)
{
	uint64_t id;
	void *value;

	if (!keys)
		return;
	for (size_t at = 0; map_next(&keys->by_id, &at, &id, &value); at = 0)
		temp_keys_drop(keys, value);
	map_release(&keys->by_id);
	pthread_mutex_destroy(&keys->lock);
	free(keys);
}

static void temp_keys_make_room(struct temp_keys *keys)
{
	struct auth_key *first = NULL;
	uint64_t id;
	void *value;

	if (keys->by_id.size < keys->max)
		return;
	for (size_t at = 0; map_next(&keys->by_id, &at, &id, &value);) {
		struct auth_key *key = value;

		if (!first || key->expires_at < first->expires_at)
			first = key;
	}
	if (first)
		temp_keys_drop(keys, first);
}

bool temp_keys_add(struct temp_keys *keys, const struct auth_key *key)
{
	struct auth_key *copy = malloc(sizeof(*copy));
	bool is_free;

	if (!copy)
		abort();
	auth_key_init(copy);
	copy->id = key->id;
	copy->aux_hash = key->aux_hash;
	memcpy(copy->secret, key->secret, sizeof(copy->secret));
	copy->first_salt = key->first_salt;
	copy->created_at = key->created_at;
	copy->expires_at = key->expires_at;
	copy->dc = key->dc;
	pthread_mutex_lock(&keys->lock);
	is_free = !map_get(&keys->by_id, key->id);
	if (is_free) {
		temp_keys_make_room(keys);
		map_put(&keys->by_id, copy->id, copy);
	}
	pthread_mutex_unlock(&keys->lock);
	if (!is_free) {
		auth_key_wipe(copy);
		free(copy);
	}
	return is_free;
}

bool temp_keys_find(struct temp_keys *keys, uint64_t id, int64_t now_s, struct auth_key *out)
{
	struct auth_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key && key->expires_at <= now_s) {
		temp_keys_drop(keys, key);
		key = NULL;
	}
	if (key) {
		out->id = key->id;
		out->aux_hash = key->aux_hash;
		memcpy(out->secret, key->secret, sizeof(out->secret));
		out->first_salt = key->first_salt;
		out->created_at = key->created_at;
		out->expires_at = key->expires_at;
		out->dc = key->dc;
		out->perm_id = key->perm_id;
	}
	pthread_mutex_unlock(&keys->lock);
	return key != NULL;
}

void temp_keys_bind(struct temp_keys *keys, uint64_t id, uint64_t perm_id)
{
	struct auth_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key)
		key->perm_id = perm_id;
	pthread_mutex_unlock(&keys->lock);
}

void temp_keys_remove(struct temp_keys *keys, uint64_t id)
{
	struct auth_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key)
		temp_keys_drop(keys, key);
	pthread_mutex_unlock(&keys->lock);
}
