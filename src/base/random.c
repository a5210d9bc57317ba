/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the pool between the kernel's generator and callers who take a few bytes at a time. Each
 * byte is handed out once and wiped; a fork empties the child's pool, so that two processes never
 * share bytes.
 */
#include "base/random.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bytes.h"
#include "base/log.h"

#define RANDOM_POOL_SIZE 512

struct pool {
	uint8_t bytes[RANDOM_POOL_SIZE];
	size_t left; /* the last bytes of the array are unused yet */
	unsigned forks;
};

static _Thread_local struct pool pool;
static atomic_uint forks;

static void count_fork(void)
{
	atomic_fetch_add(&forks, 1);
}

__attribute__((constructor)) static void watch_forks(void)
{
	if (pthread_atfork(NULL, NULL, count_fork) != 0)
		abort();
}

static void kernel_fill(uint8_t *out, size_t size)
{
	while (size) {
		ssize_t got = getrandom(out, size, 0);

		if (got < 0) {
			if (errno == EINTR)
				continue;
			log_error("no_randomness", "getrandom failed with errno %d", errno);
			abort();
		}
		out += got;
		size -= (size_t)got;
	}
}

static void system_fill(void *ctx, void *out, size_t size)
{
	unsigned now = atomic_load_explicit(&forks, memory_order_relaxed);
	uint8_t *from;

	(void)ctx;
	if (size > RANDOM_POOL_SIZE / 4) {
		kernel_fill(out, size);
		return;
	}
	if (pool.left < size || pool.forks != now) {
		kernel_fill(pool.bytes, sizeof(pool.bytes));
		pool.left = sizeof(pool.bytes);
		pool.forks = now;
	}
	from = pool.bytes + sizeof(pool.bytes) - pool.left;
	memcpy(out, from, size);
	bytes_wipe(from, size);
	pool.left -= size;
}

const struct random random_system = {system_fill, NULL};

void random_fill(const struct random *r, void *out, size_t size)
{
	if (size)
		r->fill(r->ctx, out, size);
}

uint64_t random_u64(const struct random *r)
{
	uint64_t v;

	r->fill(r->ctx, &v, sizeof(v));
	return v;
}

uint64_t random_below(const struct random *r, uint64_t bound)
{
	uint64_t v, unfair;

	assert(bound > 0);
	unfair = -bound %
		 bound; /* 2^64 mod bound: that many values would favour the small results */
	do
		v = random_u64(r);
	while (v < unfair);
	return v % bound;
}
