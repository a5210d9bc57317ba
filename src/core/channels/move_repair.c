/* SPDX-License-Identifier: Apache-2.0 */
/* What a crash left half done of a move or a deletion, and what a move left behind. */
#include "core/channels/channel_load.h"
#include "core/channels/move.h"
#include "store/home_channels.h"
#include "store/home_doomed.h"
#include "store/square_channels.h"
#include "store/square_search.h"

#define REPAIR_SLICE 500 /* channels looked at per query */

static struct channel_place square_place(struct call *call, int64_t id)
{
	return (struct channel_place){.db = call_square(call), .channel = id};
}

/* ---- Left behind ---- */

/* The crash fell before the home had it: done again. Its name was given up already. */
static int leave_again(struct call *call, int64_t id)
{
	struct channel_context context;

	square_channels_stay(call_square(call), id);
	if (!channel_load(call, id, &context))
		return 0;
	return move_to_home(call, &context);
}

/* The home has the channel: not only what has not gone to the square yet. */
static bool is_at_home(struct call *call, int64_t id)
{
	return home_channels_has(call_home(call), id) && !home_channels_away(call_home(call), id);
}

static bool is_settled(struct call *call, int64_t id)
{
	struct channel_context context;

	return channel_load(call, id, &context) && !context.place.rest;
}

static bool square_copy_drop(struct call *call, int64_t id)
{
	const struct channel_place place = square_place(call, id);

	if (post_rows_delete_some(&place, MOVE_SLICE))
		return true;
	square_channels_delete(call_square(call), id);
	square_search_tidy(call_square(call));
	return false;
}

/* All of them, before any copy is dropped: until then nobody finds these channels. */
static int leave_all_again(struct call *call, int64_t newest_s)
{
	int64_t ids[REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = square_channels_list_leaving(call_square(call), after, ids, REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (square_channels_leaving(call_square(call), ids[i]) <= newest_s &&
				!is_at_home(call, ids[i]) && leave_again(call, ids[i]) < 0)
				return -1;
		}
	} while (count == REPAIR_SLICE);
	return 0;
}

static int leaving_sweep(struct call *call, int64_t newest_s, bool *more)
{
	int64_t ids[REPAIR_SLICE];
	size_t count;

	if (leave_all_again(call, newest_s) < 0)
		return -1;
	count = square_channels_list_leaving(call_square(call), 0, ids, REPAIR_SLICE);
	for (size_t i = 0; i < count && !*more; i++)
		if (square_channels_leaving(call_square(call), ids[i]) <= newest_s &&
			is_at_home(call, ids[i]) && is_settled(call, ids[i]))
			*more = square_copy_drop(call, ids[i]);
	return 0;
}

static bool home_copy_drop(struct call *call, int64_t id)
{
	const struct channel_place place = {.db = call_home(call), .channel = id};

	if (post_rows_delete_some(&place, MOVE_SLICE))
		return true;
	home_channels_delete(call_home(call), id);
	return false;
}

static void away_sweep(struct call *call, int64_t newest_s, bool *more)
{
	int64_t ids[REPAIR_SLICE];
	const size_t count = home_channels_list_away(call_home(call), 0, ids, REPAIR_SLICE);

	for (size_t i = 0; i < count && !*more; i++)
		if (home_channels_away(call_home(call), ids[i]) <= newest_s &&
			is_settled(call, ids[i]))
			*more = home_copy_drop(call, ids[i]);
}

int move_sweep(struct call *call, bool *more)
{
	*more = false;
	if (leaving_sweep(call, call->now_s - MOVE_GRACE_S, more) < 0)
		return -1;
	if (!*more)
		away_sweep(call, call->now_s - MOVE_GRACE_S, more);
	return 0;
}

/* ---- At start ---- */

/* The square's row holds, and the home's count is the truth. */
static void public_repair(struct call *call)
{
	int64_t ids[REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = square_channels_list(call_square(call), after, ids, REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (is_at_home(call, ids[i]))
				home_channels_set_away(call_home(call), ids[i], 1);
			square_channels_set_members(call_square(call), ids[i],
				home_member_counts_get(call_home(call), ids[i]));
		}
	} while (count == REPAIR_SLICE);
}

/* The crash fell into the deletion of a channel that was moving: the square's part is gone, and
 * with it what this one waits for. */
static void rest_repair(struct call *call)
{
	int64_t ids[REPAIR_SLICE];
	size_t count = channel_rows_list_moving(call_home(call), ids, REPAIR_SLICE);

	for (size_t i = 0; i < count; i++)
		if (!square_channels_has(call_square(call), ids[i]))
			home_channels_delete(call_home(call), ids[i]);
	count = home_channels_list_away(call_home(call), 0, ids, REPAIR_SLICE);
	for (size_t i = 0; i < count; i++)
		if (!square_channels_has(call_square(call), ids[i]))
			home_channels_delete(call_home(call), ids[i]);
}

/* A public channel was deleted, and the crash fell before its members were. Upkeep takes them away
 * (core/channels/channel_end.h). */
static void members_repair(struct call *call)
{
	int64_t ids[REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = home_member_counts_list(call_home(call), after, ids, REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (home_channels_has(call_home(call), ids[i]) ||
				square_channels_has(call_square(call), ids[i]))
				continue;
			home_doomed_put(call_home(call), ids[i], true);
		}
	} while (count == REPAIR_SLICE);
}

int move_repair(struct call *call)
{
	bool more = false;

	rest_repair(call);
	public_repair(call);
	if (leaving_sweep(call, INT64_MAX, &more) < 0)
		return -1;
	away_sweep(call, INT64_MAX, &more);
	members_repair(call);
	return 0;
}
