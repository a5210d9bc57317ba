/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots in kept memory, and an index over them that is this process's own: a map under a mutex, and
 * the order in which keys make room.
 *
 *   area:  head 64 | slot | slot | ...          slot:  key, its check | binding, its check
 *
 * A slot's two parts are each written once while the key lives: first the part, then its check,
 * which covers it. So a process that is killed between any two stores leaves a part that is valid
 * or one that is not: a key that was never announced, or a bind that was never answered and comes
 * again.
 */
#include "server/temp_keys.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"

/* TDLib may open up to a hundred sessions to a data centre, each with a key of its own. */
#define TEMP_KEYS_PER_PERM_MAX 128

#define SWEEP_SLOTS 2048

struct slot_key {
	_Atomic uint64_t check; /* 0: nothing here */
	uint64_t id, aux_hash, first_salt;
	int64_t created_at, expires_at;
	uint64_t order; /* of being added */
	int64_t dc;
	uint8_t secret[AUTH_KEY_SECRET];
};

struct slot_bind {
	_Atomic uint64_t check; /* 0: not bound */
	uint64_t perm_id;
	int64_t expires_at;
	uint64_t order; /* of being bound; one count with the above */
};

struct slot {
	struct slot_key key;
	struct slot_bind bind;
};

struct area {
	uint64_t used; /* slots from here on were never touched: their memory costs nothing */
	uint8_t apart[56];
	struct slot slots[];
};

struct temp_key {
	struct slot *slot;
	struct list of_order, of_perm;
	struct temp_perm *perm; /* NULL: not bound */
};

/* The keys that are bound to one permanent key. */
struct temp_perm {
	uint64_t id;
	struct list keys; /* the oldest first */
	size_t count;
};

struct temp_keys {
	pthread_mutex_t lock;
	struct area *area;
	struct map by_id;   /* -> struct temp_key */
	struct map by_perm; /* -> struct temp_perm */
	/* Each the oldest first. Anybody can make keys; only who has a permanent one binds them. */
	struct list unbound, bound;
	uint32_t *free_slots; /* a stack, of slots below area->used */
	size_t free_count, max;
	uint64_t order;
	size_t sweep_at;
};

/* ---- Slots ---- */

/* Of a part without its check; `of` ties a binding to its key. */
static uint64_t check_of(const void *part, size_t size, uint64_t of)
{
	const uint8_t *at = part;
	uint64_t check = map_mix(of, size);

	for (size_t i = sizeof(uint64_t); i < size; i += sizeof(uint64_t))
		check = map_mix(check, load_u64le(at + i));
	return check | 1;
}

static bool part_is_valid(const _Atomic uint64_t *check, const void *part, size_t size, uint64_t of)
{
	uint64_t stored = atomic_load_explicit(check, memory_order_acquire);

	return stored && stored == check_of(part, size, of);
}

static bool slot_is_valid(const struct slot *slot)
{
	return part_is_valid(&slot->key.check, &slot->key, sizeof(slot->key), 0);
}

static bool slot_is_bound(const struct slot *slot)
{
	return part_is_valid(&slot->bind.check, &slot->bind, sizeof(slot->bind), slot->key.id);
}

/* The key stops being valid before its bytes go, so that no half of it is ever taken for one. */
static void slot_wipe(struct slot *slot)
{
	atomic_store_explicit(&slot->key.check, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	bytes_wipe(slot, sizeof(*slot));
}

static void slot_write_key(struct slot *slot, const struct auth_key *key, uint64_t order)
{
	struct slot_key *to = &slot->key;

	to->id = key->id;
	to->aux_hash = key->aux_hash;
	to->first_salt = key->first_salt;
	to->created_at = key->created_at;
	to->expires_at = key->expires_at;
	to->order = order;
	to->dc = key->dc;
	memcpy(to->secret, key->secret, sizeof(to->secret));
	atomic_store_explicit(&to->check, check_of(to, sizeof(*to), 0), memory_order_release);
}

static void slot_write_bind(struct slot *slot, uint64_t perm_id, int64_t expires_at, uint64_t order)
{
	struct slot_bind *to = &slot->bind;

	to->perm_id = perm_id;
	to->expires_at = expires_at < slot->key.expires_at ? expires_at : slot->key.expires_at;
	to->order = order;
	atomic_store_explicit(
		&to->check, check_of(to, sizeof(*to), slot->key.id), memory_order_release);
}

static int64_t key_expires_at(const struct temp_key *key)
{
	return key->perm ? key->slot->bind.expires_at : key->slot->key.expires_at;
}

/* ---- The index ---- */

static void perm_add(struct temp_keys *keys, struct temp_key *key, uint64_t perm_id)
{
	struct temp_perm *perm = map_get(&keys->by_perm, perm_id);

	if (!perm) {
		perm = MEM_NEW(struct temp_perm);
		perm->id = perm_id;
		list_init(&perm->keys);
		map_put(&keys->by_perm, perm_id, perm);
	}
	list_append(&perm->keys, &key->of_perm);
	perm->count++;
	key->perm = perm;
	list_remove(&key->of_order);
	list_append(&keys->bound, &key->of_order);
}

static void perm_remove(struct temp_keys *keys, struct temp_key *key)
{
	struct temp_perm *perm = key->perm;

	if (!perm)
		return;
	list_remove(&key->of_perm);
	if (--perm->count > 0)
		return;
	map_remove(&keys->by_perm, perm->id);
	free(perm);
}

static struct temp_key *key_index(struct temp_keys *keys, struct slot *slot)
{
	struct temp_key *key = MEM_NEW(struct temp_key);

	key->slot = slot;
	list_append(&keys->unbound, &key->of_order);
	map_put(&keys->by_id, slot->key.id, key);
	return key;
}

static void key_unindex(struct temp_keys *keys, struct temp_key *key)
{
	map_remove(&keys->by_id, key->slot->key.id);
	list_remove(&key->of_order);
	perm_remove(keys, key);
	free(key);
}

static void slot_release(struct temp_keys *keys, struct slot *slot)
{
	slot_wipe(slot);
	keys->free_slots[keys->free_count++] = (uint32_t)(slot - keys->area->slots);
}

static void key_drop(struct temp_keys *keys, struct temp_key *key)
{
	struct slot *slot = key->slot;

	key_unindex(keys, key);
	slot_release(keys, slot);
}

/* Keys that nobody bound go first: a flood of them puts out no client. */
static struct slot *slot_take(struct temp_keys *keys)
{
	if (keys->free_count == 0 && keys->area->used < keys->max) {
		/* Never touched, if the count is right. */
		slot_release(keys, &keys->area->slots[keys->area->used++]);
	}
	if (keys->free_count == 0) {
		struct list *oldest =
			list_empty(&keys->unbound) ? keys->bound.next : keys->unbound.next;

		key_drop(keys, LIST_OWNER(oldest, struct temp_key, of_order));
	}
	return &keys->area->slots[keys->free_slots[--keys->free_count]];
}

/* ---- What a process before left ---- */

static uint64_t slot_order(const struct slot *slot)
{
	return slot_is_bound(slot) ? slot->bind.order : slot->key.order;
}

static int by_order(const void *a, const void *b)
{
	uint64_t left = slot_order(*(struct slot *const *)a),
		 right = slot_order(*(struct slot *const *)b);

	return left < right ? -1 : left > right;
}

static void keys_recover(struct temp_keys *keys, int64_t now_s)
{
	struct slot **found = mem_zalloc(keys->max, sizeof(struct slot *));
	size_t count = 0;

	if (keys->area->used > keys->max)
		keys->area->used = keys->max;
	for (size_t i = 0; i < keys->area->used; i++) {
		struct slot *slot = &keys->area->slots[i];

		if (slot_is_valid(slot) && slot->key.expires_at > now_s) {
			found[count++] = slot;
		} else {
			slot_release(keys, slot);
		}
	}
	qsort(found, count, sizeof(struct slot *), by_order);
	for (size_t i = 0; i < count; i++) {
		struct temp_key *key;

		/* Nobody writes two of one id: something else did. */
		if (map_get(&keys->by_id, found[i]->key.id)) {
			slot_release(keys, found[i]);
			continue;
		}
		key = key_index(keys, found[i]);
		if (slot_is_bound(found[i]))
			perm_add(keys, key, found[i]->bind.perm_id);
		else
			bytes_wipe(&found[i]->bind, sizeof(found[i]->bind));
		keys->order = slot_order(found[i]);
	}
	free(found);
}

size_t temp_keys_area(size_t max)
{
	return sizeof(struct area) + max * sizeof(struct slot);
}

struct temp_keys *temp_keys_new(void *area, size_t size, int64_t now_s)
{
	struct temp_keys *keys = MEM_NEW(struct temp_keys);

	assert(size >= temp_keys_area(1));
	pthread_mutex_init(&keys->lock, NULL);
	map_init(&keys->by_id);
	map_init(&keys->by_perm);
	list_init(&keys->unbound);
	list_init(&keys->bound);
	keys->area = area;
	keys->max = (size - sizeof(struct area)) / sizeof(struct slot);
	keys->free_slots = mem_zalloc(keys->max, sizeof(*keys->free_slots));
	keys_recover(keys, now_s);
	return keys;
}

void temp_keys_free(struct temp_keys *keys)
{
	uint64_t id;
	void *value;

	if (!keys)
		return;
	for (size_t at = 0; map_next(&keys->by_id, &at, &id, &value); at = 0)
		key_unindex(keys, value);
	map_release(&keys->by_id);
	map_release(&keys->by_perm);
	pthread_mutex_destroy(&keys->lock);
	free(keys->free_slots);
	free(keys);
}

/* ---- Calls ---- */

bool temp_keys_add(struct temp_keys *keys, const struct auth_key *key)
{
	bool is_free;

	pthread_mutex_lock(&keys->lock);
	is_free = !map_get(&keys->by_id, key->id);
	if (is_free) {
		struct slot *slot = slot_take(keys);

		slot_write_key(slot, key, ++keys->order);
		key_index(keys, slot);
	}
	pthread_mutex_unlock(&keys->lock);
	return is_free;
}

static void copy_out(const struct temp_key *key, struct auth_key *out)
{
	const struct slot_key *from = &key->slot->key;

	out->id = from->id;
	out->aux_hash = from->aux_hash;
	memcpy(out->secret, from->secret, sizeof(out->secret));
	out->first_salt = from->first_salt;
	out->created_at = from->created_at;
	out->expires_at = key_expires_at(key);
	out->dc = (int32_t)from->dc;
	out->perm_id = key->perm ? key->perm->id : 0;
}

bool temp_keys_find(struct temp_keys *keys, uint64_t id, int64_t now_s, struct auth_key *out)
{
	struct temp_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key && key_expires_at(key) <= now_s) {
		key_drop(keys, key);
		key = NULL;
	}
	if (key)
		copy_out(key, out);
	pthread_mutex_unlock(&keys->lock);
	return key != NULL;
}

void temp_keys_bind(struct temp_keys *keys, uint64_t id, uint64_t perm_id, int64_t expires_at)
{
	struct temp_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key && !key->perm) {
		slot_write_bind(key->slot, perm_id, expires_at, ++keys->order);
		perm_add(keys, key, perm_id);
		if (key->perm->count > TEMP_KEYS_PER_PERM_MAX)
			key_drop(keys, LIST_OWNER(key->perm->keys.next, struct temp_key, of_perm));
	}
	pthread_mutex_unlock(&keys->lock);
}

void temp_keys_remove(struct temp_keys *keys, uint64_t id)
{
	struct temp_key *key;

	pthread_mutex_lock(&keys->lock);
	key = map_get(&keys->by_id, id);
	if (key)
		key_drop(keys, key);
	pthread_mutex_unlock(&keys->lock);
}

static bool is_listed(uint64_t id, const uint64_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == id)
			return true;
	}
	return false;
}

void temp_keys_remove_bound(
	struct temp_keys *keys, uint64_t perm_id, const uint64_t *spared, size_t spared_count)
{
	uint64_t gone[TEMP_KEYS_PER_PERM_MAX];
	struct temp_perm *perm;
	size_t count = 0;

	pthread_mutex_lock(&keys->lock);
	perm = map_get(&keys->by_perm, perm_id);
	if (perm) {
		LIST_EACH (node, &perm->keys) {
			uint64_t id = LIST_OWNER(node, struct temp_key, of_perm)->slot->key.id;

			if (count < ARRAY_LEN(gone) && !is_listed(id, spared, spared_count))
				gone[count++] = id;
		}
	}
	/* With its last key the entry of perm goes too. */
	for (size_t i = 0; i < count; i++)
		key_drop(keys, map_get(&keys->by_id, gone[i]));
	pthread_mutex_unlock(&keys->lock);
}

void temp_keys_sweep(struct temp_keys *keys, int64_t now_s)
{
	pthread_mutex_lock(&keys->lock);
	for (size_t i = 0; i < SWEEP_SLOTS && i < keys->area->used; i++) {
		const struct slot *slot = &keys->area->slots[keys->sweep_at++ % keys->area->used];
		struct temp_key *key = slot->key.check ? map_get(&keys->by_id, slot->key.id) : NULL;

		if (key && key_expires_at(key) <= now_s)
			key_drop(keys, key);
	}
	pthread_mutex_unlock(&keys->lock);
}

size_t temp_keys_count(struct temp_keys *keys)
{
	size_t count;

	pthread_mutex_lock(&keys->lock);
	count = keys->by_id.size;
	pthread_mutex_unlock(&keys->lock);
	return count;
}
