/* SPDX-License-Identifier: Apache-2.0 */
/* When matches were written, and where they stand among the others: for lists that clients scroll
 * through without having them. Of boxes and of channels alike. */
#include "core/posts/posts_private.h"
#include "core/messages/search_found.h"

#define DAY_S 86400

/* Where the matches are. */
struct looked_at {
	bool in_channel;
	struct channel_context context;
	struct home_box box;
};

static int find(struct call *call, const struct message_query *query, int32_t offset_id,
	struct looked_at *at, struct found *found)
{
	const struct post_range range = {.offset_id = offset_id};

	at->in_channel = query->in.kind == PEER_CHANNEL;
	return at->in_channel ? search_channel(call, query, &range, &at->context, found)
			      : search_box(call, query, &at->box, found);
}

static void messages_of(struct call *call, const struct looked_at *at, const int32_t *ids,
	size_t count, struct message_list *out)
{
	struct home_message row;
	struct post_list posts;

	if (at->in_channel) {
		channel_posts_in(call, &at->context, ids, count, &posts);
		out->at = posts.posts;
		out->count = posts.count;
		return;
	}
	out->at = arena_array(call->arena, count, sizeof(*out->at));
	for (size_t i = 0; i < count; i++)
		if (home_message_get(&at->box, ids[i], &row))
			box_message_from_row(&at->box, &row, &out->at[out->count++]);
}

/* Without an id it is the time that tells where to begin. */
static size_t newer_than(const struct found *found, int32_t offset_id, int64_t offset_date_s)
{
	size_t count = 0;

	if (offset_id > 0 || offset_date_s <= 0)
		return ids_not_below(found->ids, found->count, offset_id);
	while (count < found->count && found->dates_s[count] >= offset_date_s)
		count++;
	return count;
}

int messages_search_days(struct call *call, const struct message_query *query, int32_t offset_id,
	int64_t offset_date_s, struct search_days *out)
{
	int32_t oldest[SEARCH_DAYS_MAX];
	struct search_day *day = NULL;
	struct found found;
	struct looked_at looked;

	if (find(call, query, offset_id, &looked, &found) < 0)
		return -1;
	*out = (struct search_days){
		.at = arena_array(call->arena, SEARCH_DAYS_MAX, sizeof(*out->at)),
		.before = (int32_t)newer_than(&found, offset_id, offset_date_s),
		.oldest = {.total = (int64_t)found.count, .inexact = found.inexact}};
	for (size_t i = (size_t)out->before; i < found.count; i++) {
		const int64_t begin = found.dates_s[i] - found.dates_s[i] % DAY_S;

		if (!day || day->date_s != begin) {
			if (out->count == SEARCH_DAYS_MAX)
				break;
			day = &out->at[out->count++];
			*day = (struct search_day){.date_s = begin, .max_id = found.ids[i]};
		}
		day->min_id = oldest[out->count - 1] = found.ids[i];
		day->count++;
	}
	messages_of(call, &looked, oldest, out->count, &out->oldest);
	if (found.count) {
		out->min_id = found.ids[found.count - 1];
		out->min_date_s = found.dates_s[found.count - 1];
	}
	return 0;
}

int messages_search_positions(struct call *call, const struct message_query *query,
	int32_t offset_id, int32_t limit, struct search_positions *out)
{
	struct found found;
	struct looked_at looked;

	if (find(call, query, offset_id, &looked, &found) < 0)
		return -1;
	if (limit < 0 || limit > SEARCH_POSITIONS_MAX)
		limit = SEARCH_POSITIONS_MAX;
	*out = (struct search_positions){.total = (int32_t)found.count,
		.at = arena_array(call->arena, (size_t)limit, sizeof(*out->at))};
	for (size_t i = ids_not_below(found.ids, found.count, offset_id);
		i < found.count && out->count < (size_t)limit; i++)
		out->at[out->count++] = (struct search_position){
			.id = found.ids[i], .offset = (int32_t)i, .date_s = found.dates_s[i]};
	return 0;
}
