/* SPDX-License-Identifier: Apache-2.0 */
/* Loading keys on first use, and letting go of them. Secrets are wiped on the way out. */
#include "server/keyring.h"

#include <stdlib.h>

#include "base/mem.h"
#include "server/hello.h"
#include "store/home_keys.h"

/* Unused keys are kept up to this many: a reconnecting client should not cost a read. */
#define KEYRING_IDLE_MAX 4096

/* Forgotten in one sweep: bounds the pause, and the list on the stack. */
#define KEYRING_SWEEP_MAX 2048

int keyring_init(struct keyring *ring, const struct store_paths *paths, struct vault *vault,
	struct temp_keys *temp, struct err *err)
{
	map_init(&ring->by_id);
	map_init(&ring->bound);
	ring->temp = temp;
	return store_open(&ring->store, paths, vault, DB_READ, err);
}

/* ---- Which temporary keys stand for a permanent one ---- */

static void index_add(struct keyring *ring, struct ring_key *key)
{
	struct ring_key *other = map_get(&ring->bound, key->key.perm_id);

	if (other)
		list_append(&other->of_perm, &key->of_perm);
	else
		map_put(&ring->bound, key->key.perm_id, key);
}

static void index_remove(struct keyring *ring, struct ring_key *key)
{
	uint64_t perm_id = key->key.perm_id;

	if (!perm_id)
		return;
	if (map_get(&ring->bound, perm_id) == key) {
		if (list_empty(&key->of_perm))
			map_remove(&ring->bound, perm_id);
		else
			map_put(&ring->bound, perm_id,
				LIST_OWNER(key->of_perm.next, struct ring_key, of_perm));
	}
	list_remove(&key->of_perm);
}

static void keyring_forget(struct keyring *ring, struct ring_key *key)
{
	index_remove(ring, key);
	map_remove(&ring->by_id, key->key.id);
	hello_free(key->hello);
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
	map_release(&ring->bound);
	store_close(&ring->store);
}

/* ---- Finding ---- */

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
	key->is_bot = row.is_bot;
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

static bool key_serves(const struct ring_key *key, int64_t now_s)
{
	return !key->gone && (!auth_key_is_temp(&key->key) || key->key.expires_at > now_s);
}

enum mtproto_key_lookup keyring_find(
	struct keyring *ring, uint64_t id, int64_t now_s, struct ring_key **out)
{
	struct ring_key *key = map_get(&ring->by_id, id);
	enum mtproto_key_lookup result;

	if (key && key_serves(key, now_s)) {
		*out = key;
		return MTPROTO_KEY_FOUND;
	}
	if (key)
		return MTPROTO_KEY_ABSENT; /* the sweep takes it once its sessions are gone */
	key = MEM_NEW(struct ring_key);
	auth_key_init(&key->key);
	list_init(&key->of_perm);
	result = load_key(ring, id, now_s, &key->key);
	if (result != MTPROTO_KEY_FOUND) {
		auth_key_wipe(&key->key);
		free(key);
		return result;
	}
	map_put(&ring->by_id, id, key);
	if (key->key.perm_id)
		index_add(ring, key);
	*out = key;
	return MTPROTO_KEY_FOUND;
}

uint64_t keyring_perm_id(const struct auth_key *key)
{
	return auth_key_is_temp(key) ? key->perm_id : key->id;
}

void keyring_bind(struct keyring *ring, struct ring_key *temp, const struct auth_key *perm,
	int64_t expires_at)
{
	if (temp->key.perm_id)
		return;
	temp->key.perm_id = perm->id;
	temp->key.user_id = perm->user_id;
	temp->key.is_bot = perm->is_bot;
	if (!temp->key.layer)
		temp->key.layer = perm->layer;
	if (expires_at < temp->key.expires_at)
		temp->key.expires_at = expires_at;
	index_add(ring, temp);
	temp_keys_bind(ring->temp, temp->key.id, perm->id, expires_at);
}

void keyring_each_of_perm(struct keyring *ring, uint64_t perm_id,
	void (*fn)(void *ctx, struct ring_key *key), void *ctx)
{
	struct ring_key *perm = map_get(&ring->by_id, perm_id);
	struct ring_key *first = map_get(&ring->bound, perm_id), *key = first;

	if (perm)
		fn(ctx, perm);
	while (key) {
		struct ring_key *next = LIST_OWNER(key->of_perm.next, struct ring_key, of_perm);

		fn(ctx, key);
		key = next != first ? next : NULL;
	}
}

void keyring_sweep(struct keyring *ring, int64_t now_s)
{
	struct ring_key *unused[KEYRING_SWEEP_MAX];
	size_t count = 0, kept = 0;
	uint64_t id;
	void *value;

	for (size_t at = 0;
		count < KEYRING_SWEEP_MAX && map_next(&ring->by_id, &at, &id, &value);) {
		struct ring_key *key = value;

		if (key->key.refs == 0 && (!key_serves(key, now_s) || kept++ >= KEYRING_IDLE_MAX))
			unused[count++] = key;
	}
	for (size_t i = 0; i < count; i++)
		keyring_forget(ring, unused[i]);
}
