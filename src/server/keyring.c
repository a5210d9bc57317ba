/* SPDX-License-Identifier: Apache-2.0 */
/* Loading keys on first use, and letting go of them. Secrets are wiped on the way out. */
#include "server/keyring.h"

#include <stdlib.h>

#include "store/home_keys.h"

/* Unused keys are kept up to this many: a reconnecting client should not cost a read. */
#define KEYRING_IDLE_MAX 4096

int keyring_init(struct keyring *ring, const struct store_paths *paths, struct vault *vault,
	struct temp_keys *temp, struct err *err)
{
	map_init(&ring->by_id);
	ring->temp = temp;
	return store_open(&ring->store, paths, vault, DB_READ, err);
}

static void keyring_forget(struct keyring *ring, struct ring_key *key)
{
	map_remove(&ring->by_id, key->key.id);
	auth_key_wipe(&key->key);
	free(key);
}

void keyring_release(struct keyring *ring)
{
	uint64_t id;
	void *value;

	for (size_t at = 0; map_next(&ring->by_id, &at, &id, &value); at = 0)
		keyring_forget(ring, value);
	map_release(&ring->by_id);
	store_close(&ring->store);
}

/* FOUND also fills user and layer, which for a temporary key are those of the permanent one. */
static enum mtproto_key_lookup load_perm(
	struct keyring *ring, uint64_t id, struct auth_key *key, bool with_secret)
{
	struct db *db = store_home(&ring->store);
	struct home_key row = {0};
	bool found = home_keys_find(db, ring->store.vault, id, &row), failed = db_failed(db);

	store_rollback(&ring->store);
	if (failed)
		return MTPROTO_KEY_UNAVAILABLE;
	if (!found)
		return MTPROTO_KEY_ABSENT;
	if (with_secret) {
		key->id = row.id;
		key->aux_hash = row.aux_hash;
		memcpy(key->secret, row.secret, sizeof(key->secret));
		key->created_at = row.created_at_s;
		key->dc = row.dc;
	}
	key->user_id = row.user_id;
	key->layer = row.layer;
	home_key_wipe(&row);
	return MTPROTO_KEY_FOUND;
}

static enum mtproto_key_lookup load_key(
	struct keyring *ring, uint64_t id, int64_t now_s, struct auth_key *key)
{
	if (!temp_keys_find(ring->temp, id, now_s, key))
		return load_perm(ring, id, key, true);
	if (key->perm_id)
		return load_perm(ring, key->perm_id, key, false);
	return MTPROTO_KEY_FOUND;
}

enum mtproto_key_lookup keyring_find(
	struct keyring *ring, uint64_t id, int64_t now_s, struct ring_key **out)
{
	struct ring_key *key = map_get(&ring->by_id, id);
	enum mtproto_key_lookup result;

	if (key && (!auth_key_is_temp(&key->key) || key->key.expires_at > now_s)) {
		*out = key;
		return MTPROTO_KEY_FOUND;
	}
	if (key)
		return MTPROTO_KEY_ABSENT; /* expired; the sweep takes it once its sessions are gone
					    */
	key = calloc(1, sizeof(*key));
	if (!key)
		abort();
	auth_key_init(&key->key);
	result = load_key(ring, id, now_s, &key->key);
	if (result != MTPROTO_KEY_FOUND) {
		auth_key_wipe(&key->key);
		free(key);
		return result;
	}
	map_put(&ring->by_id, id, key);
	*out = key;
	return MTPROTO_KEY_FOUND;
}

uint64_t keyring_perm_id(const struct auth_key *key)
{
	return auth_key_is_temp(key) ? key->perm_id : key->id;
}

void keyring_each_of_perm(struct keyring *ring, uint64_t perm_id,
	void (*fn)(void *ctx, struct ring_key *key), void *ctx)
{
	uint64_t id;
	void *value;

	for (size_t at = 0; map_next(&ring->by_id, &at, &id, &value);) {
		struct ring_key *key = value;

		if (keyring_perm_id(&key->key) == perm_id)
			fn(ctx, key);
	}
}

void keyring_sweep(struct keyring *ring)
{
	uint64_t id;
	void *value;
	size_t at = 0;

	if (ring->by_id.size <= KEYRING_IDLE_MAX)
		return;
	while (map_next(&ring->by_id, &at, &id, &value)) {
		struct ring_key *key = value;

		if (key->key.refs != 0)
			continue;
		keyring_forget(ring, key);
		at = 0; /* removing moves slots about */
	}
}
