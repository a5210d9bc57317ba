/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what waits to be looked at: mentions, reactions. */
#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/messages/messages.h"
#include "core/posts/post_reactions.h"

/* https://core.telegram.org/method/messages.readMessageContents */
int api_messages_readMessageContents(struct call *call,
	const struct tl_messages_readMessageContents *req,
	struct tl_messages_affectedMessages *reply)
{
	return messages_read_contents(
		call, req->id.at, req->id.count, &reply->pts, &reply->pts_count);
}

/* There are no threads in boxes, and no chats inside of channels. */
static int chat_from_input(struct call *call, const struct tl_object *input,
	const struct tl_object *part, int32_t thread, struct peer *peer)
{
	if (peer_from_input(call, input, peer) < 0)
		return -1;
	if (part)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (thread && peer->kind != PEER_CHANNEL)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	return 0;
}

static int attend(struct call *call, const struct tl_object *input, const struct tl_object *part,
	enum message_attention what, int32_t thread, struct tl_messages_affectedHistory *reply)
{
	struct peer peer;

	if (chat_from_input(call, input, part, thread, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return messages_attend(
			call, peer, what, &reply->pts, &reply->pts_count, &reply->offset);
	if (what == ATTENTION_REACTION)
		return post_reactions_read(call, peer.id, thread, &reply->pts, &reply->offset);
	return channel_mentions_read(call, peer.id, thread, &reply->pts, &reply->offset);
}

static int waiting(struct call *call, const struct tl_object *input, const struct tl_object *part,
	enum message_attention what, int32_t thread, const struct post_range *range,
	struct tl_object **reply)
{
	struct message_list list = {0};
	struct post_list posts;
	struct peer peer;

	if (chat_from_input(call, input, part, thread, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL) {
		if ((what == ATTENTION_REACTION
				    ? post_reactions_waiting(call, peer.id, thread, range, &posts)
				    : channel_mentions_waiting(
					      call, peer.id, thread, range, &posts)) < 0)
			return -1;
		*reply = encode_post_list(call->arena, &posts, NULL, 0);
		return 0;
	}
	if (messages_waiting(call, peer, what, range, &list) < 0)
		return -1;
	*reply = encode_message_list(call, &list);
	return 0;
}

#define RANGE_OF(req)                                                                              \
	((struct post_range){.offset_id = (req)->offset_id,                                        \
		.add_offset = (req)->add_offset,                                                   \
		.limit = (req)->limit,                                                             \
		.max_id = (req)->max_id,                                                           \
		.min_id = (req)->min_id})

/* https://core.telegram.org/method/messages.readMentions: clients repeat it until offset is 0. */
int api_messages_readMentions(struct call *call, const struct tl_messages_readMentions *req,
	struct tl_messages_affectedHistory *reply)
{
	return attend(call, req->peer, NULL, ATTENTION_MENTION, req->top_msg_id, reply);
}

/* https://core.telegram.org/method/messages.readReactions: the same. */
int api_messages_readReactions(struct call *call, const struct tl_messages_readReactions *req,
	struct tl_messages_affectedHistory *reply)
{
	return attend(
		call, req->peer, req->saved_peer_id, ATTENTION_REACTION, req->top_msg_id, reply);
}

/* https://core.telegram.org/method/messages.getUnreadMentions */
int api_messages_getUnreadMentions(struct call *call,
	const struct tl_messages_getUnreadMentions *req, struct tl_object **reply)
{
	const struct post_range range = RANGE_OF(req);

	return waiting(call, req->peer, NULL, ATTENTION_MENTION, req->top_msg_id, &range, reply);
}

/* https://core.telegram.org/method/messages.getUnreadReactions */
int api_messages_getUnreadReactions(struct call *call,
	const struct tl_messages_getUnreadReactions *req, struct tl_object **reply)
{
	const struct post_range range = RANGE_OF(req);

	return waiting(call, req->peer, req->saved_peer_id, ATTENTION_REACTION, req->top_msg_id,
		&range, reply);
}
