/* SPDX-License-Identifier: Apache-2.0 */
/* The generic cell rate algorithm on words that are exchanged whole. */
#include "server/buckets.h"

#include <assert.h>
#include <stdbool.h>

#include "base/map.h"
#include "base/random.h"

/* A word: owner (20 bits) | when the bucket is full again (44 bits of 4 us: two years, and then an
 * owner is forgiven once). */
#define UNIT_US 4
#define FULL_BITS 44
#define FULL_MASK (((uint64_t)1 << FULL_BITS) - 1)
#define SET_WORDS 8 /* a cache line */
#define HEAD_WORDS SET_WORDS

void buckets_init(struct buckets *buckets, void *memory, size_t size)
{
	uint64_t *words = memory;

	assert(size >= 1024 && (uintptr_t)memory % sizeof(uint64_t) == 0);
	*buckets = (struct buckets){.words = words + HEAD_WORDS, .sets = 1};
	while ((buckets->sets * 2 + 1) * SET_WORDS * sizeof(uint64_t) <= size)
		buckets->sets *= 2;
	/* Owners that choose their ids can't choose whom they share a set with. */
	if (words[0] == 0)
		words[0] = random_u64(&random_system) | 1;
	buckets->seed = words[0];
}

/* ---- One bucket ---- */

struct place {
	uint64_t *set;
	uint64_t tag; /* in its place in a word */
};

static struct place place_of(const struct buckets *buckets, enum bucket_kind kind, uint64_t owner)
{
	uint64_t mixed = map_mix(owner, buckets->seed + (uint64_t)kind);

	return (struct place){.set = buckets->words + (mixed & (buckets->sets - 1)) * SET_WORDS,
		.tag = mixed & ~FULL_MASK};
}

/* The owner's word, or the one that is missed least. */
static uint64_t *find(const struct place *place, uint64_t *word)
{
	uint64_t *least = NULL, least_word = 0;

	for (size_t i = 0; i < SET_WORDS; i++) {
		uint64_t at = __atomic_load_n(&place->set[i], __ATOMIC_RELAXED);

		if (at && (at & ~FULL_MASK) == place->tag) {
			*word = at;
			return &place->set[i];
		}
		if (!least || (at & FULL_MASK) < (least_word & FULL_MASK)) {
			least = &place->set[i];
			least_word = at;
		}
	}
	*word = least_word;
	return least;
}

struct rate {
	int64_t now, burst, cost; /* in units: of time, and of time that it takes to earn it */
};

static struct rate rate_of(
	const struct buckets *buckets, enum bucket_kind kind, double cost, int64_t now_us)
{
	double unit_per_call = 1e6 / UNIT_US / buckets->per_s[kind];
	struct rate rate = {
		.now = now_us / UNIT_US, .burst = BUCKET_BURST_S * (int64_t)1000000 / UNIT_US};
	double units = cost * unit_per_call;

	rate.cost = units > (double)rate.burst ? rate.burst : (int64_t)units;
	return rate;
}

/* How much is missing from the bucket, in units. */
static int64_t missing(const struct place *place, uint64_t word, const struct rate *rate)
{
	int64_t full = (int64_t)(word & FULL_MASK), now = rate->now & (int64_t)FULL_MASK;

	if (!word || (word & ~FULL_MASK) != place->tag || full <= now)
		return 0;
	/* More than everything: the clock or the rate was another. */
	return full - now > rate->burst ? rate->burst : full - now;
}

/* False: another thread was faster. */
static bool put(const struct place *place, uint64_t *at, uint64_t word, const struct rate *rate,
	int64_t now_missing)
{
	uint64_t full = (uint64_t)(rate->now + now_missing) & FULL_MASK;

	return __atomic_compare_exchange_n(
		at, &word, place->tag | full, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* ---- What it may cost ---- */

int64_t buckets_wait(const struct buckets *buckets, enum bucket_kind kind, uint64_t owner,
	double cost, int64_t now_us)
{
	struct place place = place_of(buckets, kind, owner);
	struct rate rate;
	uint64_t word;
	int64_t over;

	if (buckets->per_s[kind] <= 0)
		return 0;
	rate = rate_of(buckets, kind, cost, now_us);
	find(&place, &word);
	over = missing(&place, word, &rate) + rate.cost - rate.burst;
	return over > 0 ? over * UNIT_US : 0;
}

int64_t buckets_take(
	struct buckets *buckets, enum bucket_kind kind, uint64_t owner, double cost, int64_t now_us)
{
	struct place place = place_of(buckets, kind, owner);
	struct rate rate;
	uint64_t word, *at;
	int64_t gone;

	if (buckets->per_s[kind] <= 0)
		return 0;
	rate = rate_of(buckets, kind, cost, now_us);
	do {
		at = find(&place, &word);
		gone = missing(&place, word, &rate);
		if (gone + rate.cost > rate.burst)
			return (gone + rate.cost - rate.burst) * UNIT_US;
	} while (!put(&place, at, word, &rate, gone + rate.cost));
	return 0;
}

void buckets_drain(
	struct buckets *buckets, enum bucket_kind kind, uint64_t owner, double cost, int64_t now_us)
{
	struct place place = place_of(buckets, kind, owner);
	struct rate rate;
	uint64_t word, *at;
	int64_t gone;

	if (buckets->per_s[kind] <= 0)
		return;
	rate = rate_of(buckets, kind, cost, now_us);
	do {
		at = find(&place, &word);
		gone = missing(&place, word, &rate) + rate.cost;
	} while (!put(&place, at, word, &rate, gone > rate.burst ? rate.burst : gone));
}
