/* SPDX-License-Identifier: Apache-2.0 */
/* channels.* and messages.* about posts that are a channel's alone; sending, editing and history
 * come through messages.*, which serves all kinds of peers. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"

/* https://core.telegram.org/method/channels.getMessages */
int api_channels_getMessages(
	struct call *call, const struct tl_channels_getMessages *req, struct tl_object **reply)
{
	int32_t ids[POSTS_PER_CALL_MAX];
	const struct tl_inputMessageID *by_id;
	struct post_list list;
	int64_t id;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	/* Other ways to name a message (pinned, replied to) are none that a channel has here. */
	for (uint32_t i = 0; i < req->id.count; i++) {
		by_id = TL_AS(inputMessageID, req->id.at[i]);
		ids[i] = by_id ? by_id->id : 0;
	}
	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_posts_get(call, id, ids, req->id.count, &list) < 0)
		return -1;
	*reply = encode_post_list(call->arena, &list, ids, req->id.count);
	return 0;
}

/* https://core.telegram.org/method/channels.readHistory */
int api_channels_readHistory(
	struct call *call, const struct tl_channels_readHistory *req, bool *reply)
{
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_read(call, id, req->max_id) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.deleteMessages */
int api_channels_deleteMessages(struct call *call, const struct tl_channels_deleteMessages *req,
	struct tl_messages_affectedMessages *reply)
{
	int64_t id;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0)
		return -1;
	return channel_posts_delete(
		call, id, req->id.at, req->id.count, &reply->pts, &reply->pts_count);
}

/* https://core.telegram.org/method/messages.getMessagesViews */
int api_messages_getMessagesViews(struct call *call, const struct tl_messages_getMessagesViews *req,
	struct tl_messages_messageViews *reply)
{
	int64_t views[POSTS_PER_CALL_MAX];
	struct channel_view view;
	struct peer peer;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (channel_open(call, peer.id, &view) < 0 ||
		channel_views_count(
			call, peer.id, req->id.at, req->id.count, req->increment, views) < 0)
		return -1;
	reply->views = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		struct tl_messageViews *entry = TL_NEW(call->arena, messageViews);

		entry->has_views = views[i] > 0;
		entry->views = views[i] > INT32_MAX ? INT32_MAX : (int32_t)views[i];
		reply->views.at[i] = &entry->o;
	}
	reply->chats = encode_channels(call->arena, &view, 1);
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}
