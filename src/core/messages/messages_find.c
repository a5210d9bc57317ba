/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that have something in common: where people are on the way. */
#include "core/messages/box.h"
#include "core/messages/media.h"
#include "core/messages/messages_search.h"
#include "core/posts/posts.h"

#define PLACES_LOOKED_AT_MAX 200

static bool has_author(const struct message *messages, size_t count, struct peer author)
{
	for (size_t i = 0; i < count; i++) {
		if (messages[i].from.id == author.id)
			return true;
	}
	return false;
}

int messages_live_places(struct call *call, struct peer in, int32_t limit, struct message_list *out)
{
	struct home_page page = {.peer_kind = in.kind,
		.peer = in.id,
		.of = PAGE_OF_CONTENT,
		.content = CONTENT_PLACE,
		.below = INT32_MAX,
		.limit = PLACES_LOOKED_AT_MAX};
	struct home_messages rows;
	struct message message;
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (limit <= 0 || limit > HISTORY_LIMIT_MAX)
		limit = HISTORY_LIMIT_MAX;
	*out = (struct message_list){
		.at = arena_array(call->arena, (size_t)limit, sizeof(*out->at))};
	home_messages_older(&box, &page, &rows);
	for (size_t i = 0; i < rows.count && out->count < (size_t)limit; i++) {
		box_message_from_row(&box, &rows.at[i], &message);
		if (media_is_live(message.media, message.date_s, call->now_s) &&
			!has_author(out->at, out->count, message.from))
			out->at[out->count++] = message;
	}
	out->total = (int64_t)out->count;
	return 0;
}

int channel_live_places(struct call *call, int64_t channel, int32_t limit, struct post_list *out)
{
	const struct message_query places = {
		.in = {PEER_CHANNEL, channel}, .filter = SEARCH_PLACES};
	const struct post_range newest = {.limit = POSTS_PER_CALL_MAX};
	size_t count = 0;

	if (channel_posts_search(call, &places, &newest, out) < 0)
		return -1;
	if (limit <= 0)
		limit = POSTS_PER_CALL_MAX;
	for (size_t i = 0; i < out->count && count < (size_t)limit; i++) {
		const struct message *post = &out->posts[i];

		if (media_is_live(post->media, post->date_s, call->now_s) &&
			!has_author(out->posts, count, post->from))
			out->posts[count++] = *post;
	}
	out->count = count;
	out->total = (int64_t)count;
	return 0;
}
