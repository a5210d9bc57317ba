/* SPDX-License-Identifier: Apache-2.0 */
/* A map of accounts under a mutex, and a list of those that changed since they were written. */
#include "server/presence.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"

struct here {
	struct list waiting; /* to be written, or alone */
	int64_t user, until_s, written_s;
};

struct presence {
	pthread_mutex_t lock;
	struct map accounts; /* account -> struct here */
	struct list waiting; /* the longest first */
};

struct presence *presence_new(void)
{
	struct presence *presence = MEM_NEW(struct presence);

	pthread_mutex_init(&presence->lock, NULL);
	map_init(&presence->accounts);
	list_init(&presence->waiting);
	return presence;
}

void presence_free(struct presence *presence)
{
	uint64_t user;
	size_t at = 0;
	void *here;

	if (!presence)
		return;
	while (map_next(&presence->accounts, &at, &user, &here))
		free(here);
	map_release(&presence->accounts);
	pthread_mutex_destroy(&presence->lock);
	free(presence);
}

static struct here *find_or_add(struct presence *presence, int64_t user)
{
	struct here *here = map_get(&presence->accounts, (uint64_t)user);

	if (!here) {
		here = MEM_NEW(struct here);
		list_init(&here->waiting);
		here->user = user;
		map_put(&presence->accounts, (uint64_t)user, here);
	}
	return here;
}

void presence_set(struct presence *presence, int64_t user, int64_t until_s)
{
	struct here *here;

	pthread_mutex_lock(&presence->lock);
	here = find_or_add(presence, user);
	/* Who stays is written now and then; who goes, at once. */
	if ((until_s >= here->written_s + PRESENCE_LAG_S || until_s < here->until_s) &&
		list_empty(&here->waiting))
		list_append(&presence->waiting, &here->waiting);
	here->until_s = until_s;
	pthread_mutex_unlock(&presence->lock);
}

int64_t presence_get(struct presence *presence, int64_t user)
{
	const struct here *here;
	int64_t until_s;

	pthread_mutex_lock(&presence->lock);
	here = map_get(&presence->accounts, (uint64_t)user);
	until_s = here ? here->until_s : 0;
	pthread_mutex_unlock(&presence->lock);
	return until_s;
}

size_t presence_take(struct presence *presence, struct presence_seen *out, size_t max)
{
	size_t count = 0;

	pthread_mutex_lock(&presence->lock);
	LIST_EACH_SAFE (node, &presence->waiting) {
		struct here *here = LIST_OWNER(node, struct here, waiting);

		if (count == max)
			break;
		list_remove(&here->waiting);
		here->written_s = here->until_s;
		out[count++] = (struct presence_seen){here->user, here->until_s};
	}
	pthread_mutex_unlock(&presence->lock);
	return count;
}
