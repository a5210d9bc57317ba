/* SPDX-License-Identifier: Apache-2.0 */
/* Search in public channels: channels.searchPosts and what messages.searchGlobal adds to the own
 * box. */
#include "core/posts/posts_search.h"

#include "api/encode_list.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/posts_search.h"
#include "core/dialogs/dialog_places.h"

/* By rate (a time), peer and id; without them from the newest. */
int post_after_from_input(struct call *call, int32_t rate, const struct tl_object *peer, int32_t id,
	struct post_after *out)
{
	struct peer last = {0};

	*out = (struct post_after){0};
	if (rate <= 0)
		return 0;
	if (!TL_AS(inputPeerEmpty, peer) && peer_from_input(call, peer, &last) < 0)
		return -1;
	/* Messages of the box stand before posts of the same second. */
	*out = last.kind == PEER_CHANNEL ? (struct post_after){rate, last.id, id}
					 : (struct post_after){rate, INT64_MAX, INT32_MAX};
	return 0;
}

void message_lists_merge(struct call *call, const struct message_list *box,
	const struct message_list *posts, size_t limit, struct message_list *out)
{
	size_t i = 0, k = 0;

	*out = (struct message_list){
		.at = arena_array(call->arena, box->count + posts->count, sizeof(*out->at)),
		.total = box->total + posts->total,
		.inexact = box->inexact || posts->inexact};
	while (out->count < limit && (i < box->count || k < posts->count)) {
		if (k == posts->count ||
			(i < box->count && box->at[i].date_s >= posts->at[k].date_s))
			out->at[out->count++] = box->at[i++];
		else
			out->at[out->count++] = posts->at[k++];
	}
}

/* https://core.telegram.org/method/channels.searchPosts: by hashtag, or by words. Nothing is paid
 * for, whatever the caller would allow. */
int api_channels_searchPosts(
	struct call *call, const struct tl_channels_searchPosts *req, struct tl_object **reply)
{
	const struct bytes asked = req->hashtag.size ? req->hashtag : req->query;
	const bool tag = req->hashtag.size || (asked.size && asked.data[0] == '#');
	struct tl_messages_messagesSlice *slice;
	struct tl_searchPostsFlood *flood;
	struct message_list list;
	struct post_after after;

	if (post_after_from_input(
		    call, req->offset_rate, req->offset_peer, req->offset_id, &after) < 0)
		return -1;
	if (!asked.size)
		return rpc_error(call, 400, "SEARCH_QUERY_EMPTY");
	if ((tag ? posts_search_tag(call, asked, &after, req->limit, &list)
		 : posts_search_words(call, asked, &after, req->limit, &list)) < 0)
		return -1;
	*reply = encode_message_list(call, &list);
	slice = TL_AS(messages_messagesSlice, *reply);
	if (slice && !tag) {
		/* TDLib takes no answer without it. */
		flood = TL_NEW(call->arena, searchPostsFlood);
		flood->query_is_free = true;
		slice->search_flood = &flood->o;
	}
	if (slice && list.count) {
		slice->next_rate = (int32_t)list.at[list.count - 1].date_s;
		slice->has_next_rate = true;
	}
	return 0;
}

/* https://core.telegram.org/method/channels.checkSearchPostsFlood: no search costs anything, and
 * none is counted beyond the rate of calls. */
int api_channels_checkSearchPostsFlood(struct call *call,
	const struct tl_channels_checkSearchPostsFlood *req, struct tl_searchPostsFlood *reply)
{
	reply->query_is_free = true;
	return 0;
}
