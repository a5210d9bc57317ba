/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one messenger leaves to the next in memory (server/kept.h), when anything may have been
 * written there: temporary keys, rate buckets, hellos of fake TLS. Whatever is in a slot, a key
 * that is found is one that was added, whole; numbers stay in their bounds. Some slots are even
 * made to look valid, by the check that they carry.
 */
#include <stdlib.h>

#include "base/map.h"
#include "mtproto/fake_tls_seen.h"
#include "server/buckets.h"
#include "server/temp_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define IDS 32
#define SLOTS 12
#define AREA_HEAD 64
#define STEPS_MAX 256
/* struct slot: a key of 192 bytes, a binding of 32; each begins with its check. */
#define KEY_PART 192
#define BIND_PART 32
#define SLOT_SIZE (KEY_PART + BIND_PART)
#define START_S 1800000000

static struct {
	const uint8_t *data;
	size_t size;
	int64_t now_s;
	struct temp_keys *keys;
	bool forged;		/* some slot was made to look valid */
	uint64_t added[IDS];	/* times that the key with this id was added */
	uint64_t bound_to[IDS]; /* bits of the permanent keys */
} f;

static _Alignas(64) uint8_t area[AREA_HEAD + SLOTS * SLOT_SIZE];
static _Alignas(64) uint8_t other[4096];

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint8_t take(void)
{
	if (f.size == 0)
		return 0;
	f.size--;
	return *f.data++;
}

/* ---- Temporary keys ---- */

static void fill_secret(struct auth_key *key, uint64_t id, uint64_t time)
{
	for (size_t i = 0; i < sizeof(key->secret); i++)
		key->secret[i] = (uint8_t)map_mix(id, time + i);
}

static void add(uint64_t id)
{
	struct auth_key key;

	auth_key_init(&key);
	key.id = id + 1;
	key.aux_hash = f.added[id] + 1;
	key.created_at = f.now_s;
	key.expires_at = f.now_s + 1 + take();
	fill_secret(&key, key.id, key.aux_hash);
	if (temp_keys_add(f.keys, &key)) {
		f.added[id]++;
		f.bound_to[id] = 0;
	}
}

static void find(uint64_t id)
{
	struct auth_key key, whole;

	auth_key_init(&key);
	if (!temp_keys_find(f.keys, id + 1, f.now_s, &key))
		return;
	require(key.id == id + 1 && key.expires_at > f.now_s);
	if (f.forged)
		return;
	require(key.aux_hash == f.added[id]);
	fill_secret(&whole, key.id, key.aux_hash);
	require(memcmp(whole.secret, key.secret, sizeof(key.secret)) == 0);
	require(key.perm_id == 0 || f.bound_to[id] & (uint64_t)1 << (key.perm_id % 64));
}

static void bind(uint64_t id)
{
	uint64_t perm_id = take() % 8 + 1;

	f.bound_to[id] |= (uint64_t)1 << perm_id;
	temp_keys_bind(f.keys, id + 1, perm_id, f.now_s + take());
}

static uint64_t check_of(const uint8_t *part, size_t size, uint64_t of)
{
	uint64_t check = map_mix(of, size);

	for (size_t i = 8; i < size; i += 8)
		check = map_mix(check, load_u64le(part + i));
	return check | 1;
}

static void forge(uint8_t *slot)
{
	f.forged = true;
	store_u64le(slot, check_of(slot, KEY_PART, 0));
	if (take() & 1)
		store_u64le(slot + KEY_PART,
			check_of(slot + KEY_PART, BIND_PART, load_u64le(slot + 8)));
}

/* The process ends, its memory changes, and the next one begins with it. */
static void wreck(void)
{
	uint8_t changes = take() % 16;

	temp_keys_free(f.keys);
	for (uint8_t i = 0; i < changes; i++) {
		size_t at = ((size_t)take() << 8 | take()) % sizeof(area);
		uint8_t *slot = area + AREA_HEAD + take() % SLOTS * SLOT_SIZE;

		area[at] ^= take();
		f.forged |= at < AREA_HEAD; /* fewer slots, and later more: old ones come back */
		switch (take() % 8) {
		case 0:
			forge(slot);
			break;
		case 1:
			memcpy(slot, area + AREA_HEAD + take() % SLOTS * SLOT_SIZE, SLOT_SIZE);
			f.forged = true; /* two with one id: either may stay */
			break;
		case 2:
			store_u64le(slot + 8, take() % IDS + 1);
			break;
		}
	}
	f.keys = temp_keys_new(area, sizeof(area), f.now_s);
}

static void step(void)
{
	uint8_t kind = take();
	uint64_t id = kind / 8 % IDS;

	switch (kind % 8) {
	case 0:
	case 1:
		add(id);
		break;
	case 2:
		find(id);
		break;
	case 3:
		bind(id);
		break;
	case 4:
		temp_keys_remove(f.keys, id + 1);
		break;
	case 5:
		f.now_s += take() / 8;
		temp_keys_sweep(f.keys, f.now_s);
		break;
	default:
		wreck();
	}
	require(temp_keys_count(f.keys) <= SLOTS);
}

static void temp_keys(void)
{
	require(temp_keys_area(SLOTS) == sizeof(area));
	memset(area, 0, sizeof(area));
	f.keys = temp_keys_new(area, sizeof(area), f.now_s);
	for (size_t i = 0; i < STEPS_MAX && f.size > 0; i++)
		step();
	for (uint64_t id = 0; id < IDS; id++)
		find(id);
	temp_keys_free(f.keys);
}

/* ---- Buckets and hellos ---- */

static void fill_other(void)
{
	for (size_t i = 0; i < sizeof(other); i++)
		other[i] = f.size ? f.data[i % f.size] : 0;
}

static void buckets(void)
{
	const int64_t most = BUCKET_BURST_S * 1000000LL;
	struct buckets b;

	fill_other();
	buckets_init(&b, other, sizeof(other));
	for (size_t i = 0; i < BUCKET_KINDS; i++)
		b.per_s[i] = take();
	for (size_t i = 0; i < STEPS_MAX && f.size > 0; i++) {
		enum bucket_kind kind = (enum bucket_kind)(take() % BUCKET_KINDS);
		uint64_t owner = take();
		double cost = take() / 4.0;
		int64_t now_us = f.now_s * 1000000 + (int64_t)i * take() * 10000, wait;

		wait = buckets_wait(&b, kind, owner, cost, now_us);
		require(wait >= 0 && wait <= most);
		require((buckets_take(&b, kind, owner, cost, now_us) == 0) == (wait == 0));
		if (take() & 1)
			buckets_drain(&b, kind, owner, cost, now_us);
	}
}

static void hellos(void)
{
	struct fake_tls_seen *seen;

	fill_other();
	seen = fake_tls_seen_new(other, sizeof(other));
	for (size_t i = 0; i < STEPS_MAX && f.size > 0; i++) {
		struct fake_tls_hello hello = {0};

		for (size_t at = 0; at < 16; at++)
			hello.random[at] = take();
		(void)fake_tls_seen_first(seen, &hello);
		require(!fake_tls_seen_first(seen, &hello));
	}
	fake_tls_seen_free(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	memset(&f, 0, sizeof(f));
	f.data = data + 1;
	f.size = size - 1;
	f.now_s = START_S;
	switch (data[0] % 8) {
	case 0:
		buckets();
		break;
	case 1:
		hellos();
		break;
	default:
		temp_keys();
	}
	return 0;
}
