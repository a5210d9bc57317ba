/* SPDX-License-Identifier: Apache-2.0 */
/* A stack under a mutex. Its maker has the least priority there is and may be put aside while it
 * holds the mutex, so takers only try it: they would rather make a pair themselves than wait. */
#include "server/key_pairs.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "crypto/dh.h"

struct key_pairs {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	pthread_t maker;
	const struct random *random;
	struct dh_pair *pairs;
	_Atomic size_t count;
	size_t max;
	bool stopping;
};

static void make_one(struct key_pairs *pairs)
{
	struct dh_pair pair;

	dh_pair_make(&pair, pairs->random);
	pthread_mutex_lock(&pairs->lock);
	pairs->pairs[pairs->count++] = pair;
	pthread_mutex_unlock(&pairs->lock);
	dh_pair_wipe(&pair);
}

static bool is_wanted(struct key_pairs *pairs)
{
	bool wanted;

	pthread_mutex_lock(&pairs->lock);
	while (!pairs->stopping && pairs->count >= pairs->max)
		pthread_cond_wait(&pairs->wanted, &pairs->lock);
	wanted = !pairs->stopping;
	pthread_mutex_unlock(&pairs->lock);
	return wanted;
}

static void *make_all(void *arg)
{
	const struct sched_param none = {0};

	if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) != 0)
		log_warn("no_idle_priority", "pairs are made at ordinary priority");
	while (is_wanted(arg))
		make_one(arg);
	return NULL;
}

struct key_pairs *key_pairs_new(size_t max, const struct random *random, struct err *err)
{
	struct key_pairs *pairs = MEM_NEW(struct key_pairs);

	pthread_mutex_init(&pairs->lock, NULL);
	pthread_cond_init(&pairs->wanted, NULL);
	pairs->random = random;
	pairs->max = max;
	pairs->pairs = mem_zalloc(max + 1, sizeof(*pairs->pairs));
	if (pthread_create(&pairs->maker, NULL, make_all, pairs) == 0)
		return pairs;
	err_set(err, 0, "can't start the thread that makes key pairs");
	free(pairs->pairs);
	free(pairs);
	return NULL;
}

void key_pairs_free(struct key_pairs *pairs)
{
	if (!pairs)
		return;
	pthread_mutex_lock(&pairs->lock);
	pairs->stopping = true;
	pthread_cond_signal(&pairs->wanted);
	pthread_mutex_unlock(&pairs->lock);
	pthread_join(pairs->maker, NULL);
	bytes_wipe(pairs->pairs, pairs->max * sizeof(*pairs->pairs));
	free(pairs->pairs);
	pthread_cond_destroy(&pairs->wanted);
	pthread_mutex_destroy(&pairs->lock);
	free(pairs);
}

void key_pairs_take(void *arg, struct dh_pair *out)
{
	struct key_pairs *pairs = arg;
	bool taken = false;

	if (pairs->count > 0 && pthread_mutex_trylock(&pairs->lock) == 0) {
		taken = pairs->count > 0;
		if (taken) {
			*out = pairs->pairs[--pairs->count];
			dh_pair_wipe(&pairs->pairs[pairs->count]);
		}
		pthread_cond_signal(&pairs->wanted);
		pthread_mutex_unlock(&pairs->lock);
	}
	if (!taken)
		dh_pair_make(out, pairs->random);
}

size_t key_pairs_count(const struct key_pairs *pairs)
{
	return pairs->count;
}
