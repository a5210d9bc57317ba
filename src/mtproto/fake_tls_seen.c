/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of 16 digests: a digest belongs into one set, the newest in front; the oldest of a full set
 * goes. Nothing is swept, and a process killed in between loses one entry at worst.
 */
#include "mtproto/fake_tls_seen.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

#define WAYS 16

struct fake_tls_seen {
	pthread_mutex_t lock;
	uint64_t (*sets)[WAYS];
	size_t count;
};

struct fake_tls_seen *fake_tls_seen_new(void *memory, size_t size)
{
	struct fake_tls_seen *seen = MEM_NEW(struct fake_tls_seen);

	pthread_mutex_init(&seen->lock, NULL);
	seen->sets = memory;
	seen->count = size / sizeof(seen->sets[0]);
	assert(seen->count >= 32);
	return seen;
}

void fake_tls_seen_free(struct fake_tls_seen *seen)
{
	if (!seen)
		return;
	pthread_mutex_destroy(&seen->lock);
	free(seen);
}

bool fake_tls_seen_first(struct fake_tls_seen *seen, const struct fake_tls_hello *hello)
{
	/* Two words of the digest; never of its end, where the time is. */
	uint64_t id = load_u64le(hello->random);
	uint64_t *set = seen->sets[load_u64le(hello->random + 8) % seen->count];
	bool first = true;

	pthread_mutex_lock(&seen->lock);
	for (int i = 0; i < WAYS; i++)
		first = first && set[i] != id;
	if (first) {
		memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
		set[0] = id;
	}
	pthread_mutex_unlock(&seen->lock);
	return first;
}
