/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts of durations in buckets that are 3 % wide, from 1 us to 12 days, in constant memory. Every
 * measured value is in it: percentiles are read from all, not from a sample.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS 32 /* buckets per doubling */
#define HISTOGRAM_DOUBLINGS 40

struct histogram {
	uint64_t count;
	int64_t max_us;
	uint64_t buckets[HISTOGRAM_STEPS * HISTOGRAM_DOUBLINGS];
};

/* Negative durations (there are none on a monotonic clock) count as 0. */
void histogram_add(struct histogram *histogram, int64_t us);
/* share in 0..1. The upper edge of the bucket that holds it, at most max_us; 0 when empty. */
int64_t histogram_percentile_us(const struct histogram *histogram, double share);
/* How many were in [from_us, to_us), to the width of a bucket. */
uint64_t histogram_between(const struct histogram *histogram, int64_t from_us, int64_t to_us);

#endif
