/* SPDX-License-Identifier: Apache-2.0 */
/* Counting a sample; reading the order. */
#include "core/channels/similar.h"

#include <stdlib.h>

#include "core/channels/channel_load.h"
#include "store/home_overlap.h"
#include "store/square_similar.h"

#define CHANNELS_EACH 50 /* of one subscriber: who is in more says little */
#define OWN_MAX 20	 /* of the caller's channels, when none is named */

static int by_number(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

/* From a random place in the order of accounts, and on from the first one. */
static size_t sample_take(struct call *call, int64_t channel, int64_t *users)
{
	const int64_t last = home_overlap_last(call_home(call), channel);
	const int64_t from = (int64_t)random_below(call->env->random, (uint64_t)last + 1);
	size_t count = home_overlap_members(call_home(call), channel, from, users, SIMILAR_SAMPLE);
	int64_t early[SIMILAR_SAMPLE];
	size_t more;

	if (count == SIMILAR_SAMPLE)
		return count;
	more = home_overlap_members(call_home(call), channel, 0, early, SIMILAR_SAMPLE - count);
	for (size_t i = 0; i < more && early[i] < from; i++)
		users[count++] = early[i];
	return count;
}

struct overlap {
	int64_t channel;
	int count;
};

static int larger_first(const void *left, const void *right)
{
	const struct overlap *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->channel > b->channel) - (a->channel < b->channel);
}

static bool is_open(struct call *call, int64_t id)
{
	struct channel_context context;

	return channel_load(call, id, &context) && context.row.in_square && context.row.broadcast &&
	       !context.row.restricted_everywhere;
}

/* All channels that anybody of the sample is in, by number: equal ones lie together. */
static size_t overlaps_count(
	struct call *call, int64_t channel, int64_t *seen, size_t seen_count, struct overlap *out)
{
	size_t count = 0, end;

	qsort(seen, seen_count, sizeof(*seen), by_number);
	for (size_t at = 0; at < seen_count; at = end) {
		int common;

		for (end = at; end < seen_count && seen[end] == seen[at];)
			end++;
		common = (int)(end - at) - SIMILAR_NOISE +
			 (int)random_below(call->env->random, 2 * SIMILAR_NOISE + 1);
		if (seen[at] != channel && common >= SIMILAR_LEAST && is_open(call, seen[at]))
			out[count++] = (struct overlap){seen[at], common};
	}
	qsort(out, count, sizeof(*out), larger_first);
	return count;
}

static void similar_make(struct call *call, int64_t channel)
{
	int64_t *users = arena_array(call->arena, SIMILAR_SAMPLE, sizeof(*users));
	int64_t *seen =
		arena_array(call->arena, (size_t)SIMILAR_SAMPLE * CHANNELS_EACH, sizeof(*seen));
	/* Each that is kept is there SIMILAR_LEAST - SIMILAR_NOISE times. */
	struct overlap *overlaps = arena_array(call->arena,
		(size_t)SIMILAR_SAMPLE * CHANNELS_EACH / (SIMILAR_LEAST - SIMILAR_NOISE) + 1,
		sizeof(*overlaps));
	int64_t others[SIMILAR_KEPT];
	const size_t count = sample_take(call, channel, users);
	size_t seen_count = 0, found;

	for (size_t i = 0; i < count; i++)
		seen_count += home_overlap_channels(
			call_home(call), users[i], seen + seen_count, CHANNELS_EACH);
	found = overlaps_count(call, channel, seen, seen_count, overlaps);
	if (found > SIMILAR_KEPT)
		found = SIMILAR_KEPT;
	for (size_t i = 0; i < found; i++)
		others[i] = overlaps[i].channel;
	square_similar_set(call_square(call), channel, others, found, call->now_s);
}

bool similar_step(struct call *call)
{
	const int64_t id = square_similar_due(call_square(call), call->now_s - SIMILAR_EVERY_S);

	if (!id)
		return false;
	similar_make(call, id);
	return true;
}

/* ---- Reading ---- */

static bool has(const struct channel_views *views, int64_t id)
{
	for (size_t i = 0; i < views->count; i++)
		if (views->at[i].channel->id == id)
			return true;
	return false;
}

static void similar_add(struct call *call, int64_t channel, struct channel_views *out)
{
	int64_t others[SIMILAR_KEPT];
	const size_t count = square_similar_list(call_square(call), channel, others, SIMILAR_KEPT);
	struct channel_view view;

	for (size_t i = 0; i < count && out->count < SIMILAR_KEPT; i++)
		if (!has(out, others[i]) && channel_find(call, others[i], &view) &&
			view.channel->in_square && !view.restricted && !channel_is_member(&view) &&
			view.my.role != ROLE_BANNED)
			out->at[out->count++] = view;
}

int similar_get(struct call *call, int64_t channel, struct channel_views *out)
{
	struct channel_context context;
	int64_t own[OWN_MAX];
	size_t count = 1;

	*out = (struct channel_views){
		.at = arena_array(call->arena, SIMILAR_KEPT, sizeof(*out->at))};
	own[0] = channel;
	if (!channel)
		count = home_overlap_channels(call_home(call), call->user, own, OWN_MAX);
	else if (channel_need(call, channel, &context) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		similar_add(call, own[i], out);
	return 0;
}
