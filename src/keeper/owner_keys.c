/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A table of short rows: where a row is full, its entries take turns. */
#include "keeper/owner_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/bytes.h"

#define ROWS 2048 /* a power of two */
#define WAYS 4
#define LOCKS 64

struct entry {
	bool used;
	uint32_t epoch;
	int64_t owner;
	uint8_t salt[ROOT_SALT_SIZE], key[ROOT_OWNER_KEY_SIZE];
};

struct row {
	struct entry ways[WAYS];
	unsigned next; /* who is replaced */
};

struct owner_keys {
	struct row *rows;	      /* guarded */
	pthread_mutex_t locks[LOCKS]; /* of rows with this remainder */
};

struct owner_keys *owner_keys_new(struct err *err)
{
	struct owner_keys *keys = calloc(1, sizeof(*keys));

	if (!keys) {
		err_set(err, 0, "out of memory");
		return NULL;
	}
	keys->rows = secret_alloc(ROWS * sizeof(*keys->rows), err);
	if (!keys->rows) {
		free(keys);
		return NULL;
	}
	memset(keys->rows, 0, ROWS * sizeof(*keys->rows));
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&keys->locks[i], NULL);
	return keys;
}

void owner_keys_free(struct owner_keys *keys)
{
	if (!keys)
		return;
	secret_free(keys->rows);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&keys->locks[i]);
	free(keys);
}

/* Owners are numbers that count up, channels and people in ranges of their own. */
static size_t row_of(uint32_t epoch, int64_t owner)
{
	uint64_t mixed = ((uint64_t)owner + epoch) * 0x9e3779b97f4a7c15ULL;

	return (size_t)(mixed >> 40) & (ROWS - 1);
}

static struct entry *find(
	struct row *row, uint32_t epoch, int64_t owner, const uint8_t salt[ROOT_SALT_SIZE])
{
	for (int i = 0; i < WAYS; i++) {
		struct entry *entry = &row->ways[i];

		if (entry->used && entry->owner == owner && entry->epoch == epoch &&
			memcmp(entry->salt, salt, ROOT_SALT_SIZE) == 0)
			return entry;
	}
	return NULL;
}

bool owner_keys_find(struct owner_keys *keys, uint32_t epoch, int64_t owner,
	const uint8_t salt[ROOT_SALT_SIZE], uint8_t out[ROOT_OWNER_KEY_SIZE])
{
	size_t at = row_of(epoch, owner);
	const struct entry *entry;

	pthread_mutex_lock(&keys->locks[at % LOCKS]);
	entry = find(&keys->rows[at], epoch, owner, salt);
	if (entry)
		memcpy(out, entry->key, ROOT_OWNER_KEY_SIZE);
	pthread_mutex_unlock(&keys->locks[at % LOCKS]);
	return entry;
}

void owner_keys_put(struct owner_keys *keys, uint32_t epoch, int64_t owner,
	const uint8_t salt[ROOT_SALT_SIZE], const uint8_t key[ROOT_OWNER_KEY_SIZE])
{
	size_t at = row_of(epoch, owner);
	struct row *row = &keys->rows[at];
	struct entry *entry;

	pthread_mutex_lock(&keys->locks[at % LOCKS]);
	entry = find(row, epoch, owner, salt);
	if (!entry)
		entry = &row->ways[row->next++ % WAYS];
	entry->used = true;
	entry->epoch = epoch;
	entry->owner = owner;
	memcpy(entry->salt, salt, ROOT_SALT_SIZE);
	memcpy(entry->key, key, ROOT_OWNER_KEY_SIZE);
	pthread_mutex_unlock(&keys->locks[at % LOCKS]);
}
