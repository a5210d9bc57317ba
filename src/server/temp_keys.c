/* SPDX-License-Identifier: Apache-2.0 */
/* A map under a mutex, and the order in which keys make room. Expired keys go when they are looked
 * up, or when they are the ones that make room. */
#include "server/temp_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"

struct temp_key {
	struct auth_key key;
	struct list of_order;
};

struct temp_keys {
	pthread_mutex_t lock;
	struct map by_id; /* -> struct temp_key */
	/* Each the oldest first. Anybody can make keys; only who has a permanent one binds them. */
	struct list unbound, bound;
	size_t max;
};

struct temp_keys *temp_keys_new(size_t max)
{
	struct temp_keys *keys = MEM_NEW(struct temp_keys);

	pthread_mutex_init(&keys->lock, NULL);
	map_init(&keys->by_id);
	list_init(&keys->unbound);
	list_init(&keys->bound);
	keys->max = max;
	return keys;
}

static void temp_keys_drop(struct temp_keys *keys, struct temp_key *key)
{
	map_remove(&keys->by_id, key->key.id);
	list_remove(&key->of_order);
	auth_key_wipe(&key->key);
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

/* Keys that nobody bound go first: a flood of them puts out no client. */
static void temp_keys_make_room(struct temp_keys *keys)
{
	struct list *oldest = list_empty(&keys->unbound) ? keys->bound.next : keys->unbound.next;

	if (keys->by_id.size >= keys->max)
		temp_keys_drop(keys, LIST_OWNER(oldest, struct temp_key, of_order));
}

bool temp_keys_add(struct temp_keys *keys, const struct auth_key *key)
{
	struct temp_key *entry = MEM_NEW(struct temp_key);
	struct auth_key *copy = &entry->key;
	bool is_free;

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
		map_put(&keys->by_id, copy->id, entry);
		list_append(&keys->unbound, &entry->of_order);
	}
	pthread_mutex_unlock(&keys->lock);
	if (!is_free) {
		auth_key_wipe(copy);
		free(entry);
	}
	return is_free;
}

bool temp_keys_find(struct temp_keys *keys, uint64_t id, int64_t now_s, struct auth_key *out)
{
	struct temp_key *entry;
	const struct auth_key *key;

	pthread_mutex_lock(&keys->lock);
	entry = map_get(&keys->by_id, id);
	if (entry && entry->key.expires_at <= now_s) {
		temp_keys_drop(keys, entry);
		entry = NULL;
	}
	key = entry ? &entry->key : NULL;
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
	struct temp_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key) {
		key->key.perm_id = perm_id;
		list_remove(&key->of_order);
		list_append(&keys->bound, &key->of_order);
	}
	pthread_mutex_unlock(&keys->lock);
}

void temp_keys_remove(struct temp_keys *keys, uint64_t id)
{
	struct temp_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key)
		temp_keys_drop(keys, key);
	pthread_mutex_unlock(&keys->lock);
}
