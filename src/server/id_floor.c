/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A floor is no second of its own: processes that end soon, one after the other,
 * would bring the ids ever further before the clock, and clients refuse what is half a minute
 * ahead. */
#include "server/id_floor.h"

#include "server/kept.h"
#include "server/node.h"
#include "store/home_calls.h"

/* What was written further ahead was written while the clock was wrong. */
#define AHEAD_MAX_S 600
/* More than a process gives out, four at a time, before the clock is above its floor. */
#define FLOOR_STEP ((uint64_t)1 << 28)

static uint64_t id_of(int64_t second)
{
	return (uint64_t)second << 32;
}

uint64_t id_floor_after(int64_t second, uint64_t floor, int64_t now_s)
{
	uint64_t now = id_of(now_s), most = id_of(now_s + AHEAD_MAX_S), begin = 0;

	if (second)
		begin = id_of(second + ID_SECOND_SLACK_S);
	if (begin > most)
		begin = 0;
	if (floor && floor <= most && begin < floor + FLOOR_STEP)
		begin = floor + FLOOR_STEP;
	return begin > now ? begin : 0;
}

int64_t id_second_after(int64_t second, int64_t now_s)
{
	return second > now_s && second <= now_s + AHEAD_MAX_S ? second : now_s;
}

static uint64_t last_id(const struct node *node)
{
	uint64_t last = 0;

	for (int i = 0; i < node->thread_count; i++) {
		uint64_t id = __atomic_load_n(kept_id_floor(node->kept, i), __ATOMIC_RELAXED);

		last = id > last ? id : last;
	}
	return last;
}

void id_floor_begin(struct call *call, struct node *node, uint64_t *floor)
{
	struct db *db = call_home(call);
	int64_t second = home_id_second(db);

	*floor = last_id(node) ? 0 : id_floor_after(second, home_id_floor(db), call->now_s);
	if (*floor)
		home_id_floor_set(db, *floor);
	home_id_second_set(db, id_second_after(second, call->now_s));
}

void id_floor_raise(struct node *node, uint64_t floor)
{
	for (int i = 0; floor && i < node->thread_count; i++)
		*kept_id_floor(node->kept, i) = floor;
}

void id_second_write(struct call *call, struct node *node)
{
	struct db *db = call_home(call);
	int64_t second = home_id_second(db);

	/* While none is given out nothing is written. */
	if (last_id(node) >= id_of(second))
		home_id_second_set(db, id_second_after(second, call->now_s));
}
