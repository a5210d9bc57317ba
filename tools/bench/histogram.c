/* SPDX-License-Identifier: Apache-2.0 */
/* The first HISTOGRAM_STEPS values have a bucket each; from there each doubling has as many. */
#include "bench/histogram.h"

#include <stddef.h>

#include "base/attr.h"

static size_t bucket_of(int64_t us)
{
	uint64_t v = us < 0 ? 0 : (uint64_t)us;
	size_t doubling, at;

	if (v < HISTOGRAM_STEPS)
		return (size_t)v;
	doubling = 63 - (size_t)__builtin_clzll(v) - 5; /* 2^5 == HISTOGRAM_STEPS */
	at = (doubling + 1) * HISTOGRAM_STEPS + (size_t)(v >> doubling) % HISTOGRAM_STEPS;
	return at < HISTOGRAM_STEPS * HISTOGRAM_DOUBLINGS
		       ? at
		       : HISTOGRAM_STEPS * HISTOGRAM_DOUBLINGS - 1;
}

/* The first value that is beyond the bucket. */
static int64_t bucket_end(size_t at)
{
	size_t doubling = at / HISTOGRAM_STEPS;

	if (doubling == 0)
		return (int64_t)at + 1;
	return (int64_t)(HISTOGRAM_STEPS + at % HISTOGRAM_STEPS + 1) << (doubling - 1);
}

void histogram_add(struct histogram *h, int64_t us)
{
	h->count++;
	h->buckets[bucket_of(us)]++;
	if (us > h->max_us)
		h->max_us = us;
}

int64_t histogram_percentile_us(const struct histogram *h, double share)
{
	double wanted = share * (double)h->count;
	uint64_t seen = 0;

	for (size_t i = 0; i < ARRAY_LEN(h->buckets); i++) {
		seen += h->buckets[i];
		if (seen > 0 && (double)seen >= wanted)
			return bucket_end(i) - 1 < h->max_us ? bucket_end(i) - 1 : h->max_us;
	}
	return h->max_us;
}

uint64_t histogram_between(const struct histogram *h, int64_t from_us, int64_t to_us)
{
	uint64_t sum = 0;

	for (size_t i = bucket_of(from_us); i < bucket_of(to_us); i++)
		sum += h->buckets[i];
	return sum;
}
