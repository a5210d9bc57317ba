/* SPDX-License-Identifier: Apache-2.0 */
/* A map of times under a mutex. */
#include "server/presence.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"

struct presence {
	pthread_mutex_t lock;
	struct map until; /* account -> the time itself, in the place of a pointer */
};

struct presence *presence_new(void)
{
	struct presence *presence = calloc(1, sizeof(*presence));

	if (!presence)
		abort();
	pthread_mutex_init(&presence->lock, NULL);
	map_init(&presence->until);
	return presence;
}

void presence_free(struct presence *presence)
{
	if (!presence)
		return;
	map_release(&presence->until);
	pthread_mutex_destroy(&presence->lock);
	free(presence);
}

void presence_set(struct presence *presence, int64_t user, int64_t until_s)
{
	pthread_mutex_lock(&presence->lock);
	if (until_s > 0)
		map_put(&presence->until, (uint64_t)user, (void *)(intptr_t)until_s);
	else
		map_remove(&presence->until, (uint64_t)user);
	pthread_mutex_unlock(&presence->lock);
}

int64_t presence_get(struct presence *presence, int64_t user)
{
	int64_t until_s;

	pthread_mutex_lock(&presence->lock);
	until_s = (int64_t)(intptr_t)map_get(&presence->until, (uint64_t)user);
	pthread_mutex_unlock(&presence->lock);
	return until_s;
}
