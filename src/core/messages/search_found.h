/* SPDX-License-Identifier: Apache-2.0 */
/* What a search found, before an answer is made of it: between the files of
 * core/messages/messages_search.h.
 */
#ifndef CORE_SEARCH_FOUND_H
#define CORE_SEARCH_FOUND_H

#include "core/messages/box.h"
#include "core/channels/channel_load.h"
#include "core/messages/messages_search.h"

/* Matches, the newest first. */
struct found {
	int32_t *ids;
	int64_t *dates_s; /* of each */
	size_t count;
	bool inexact; /* there were more rows than may be looked at */
};

/* Return 0, or -1 after rpc_error. */
int search_box(struct call *call, const struct message_query *query, struct home_box *box,
	struct found *out);
/* range: ids between its bounds. Around offset_id is looked at too, when that is further down than
 * one look goes. */
int search_channel(struct call *call, const struct message_query *query,
	const struct post_range *range, struct channel_context *context, struct found *out);

static inline struct found found_new(struct arena *arena, size_t room)
{
	return (struct found){.ids = arena_array(arena, room, sizeof(int32_t)),
		.dates_s = arena_array(arena, room, sizeof(int64_t))};
}

static inline void found_add(struct found *found, int32_t id, int64_t date_s)
{
	found->ids[found->count] = id;
	found->dates_s[found->count++] = date_s;
}

#endif
