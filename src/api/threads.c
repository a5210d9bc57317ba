/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: threads of answers and comments. https://core.telegram.org/api/threads */
#include "core/posts/threads.h"

#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"

/* Answers of messages in private chats and basic groups are no threads. */
static int channel_peer(struct call *call, const struct tl_object *input, int64_t *id)
{
	struct peer peer;

	if (peer_from_input(call, input, &peer) < 0)
		return -1;
	*id = peer.id;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return 0;
}

/* https://core.telegram.org/method/messages.getReplies */
int api_messages_getReplies(
	struct call *call, const struct tl_messages_getReplies *req, struct tl_object **reply)
{
	const struct post_range range = {.offset_id = req->offset_id,
		.offset_date_s = req->offset_id > 0 ? 0 : req->offset_date,
		.add_offset = req->add_offset,
		.limit = req->limit,
		.max_id = req->max_id,
		.min_id = req->min_id};
	struct post_list list;
	int64_t channel;

	if (channel_peer(call, req->peer, &channel) < 0 ||
		thread_history(call, channel, req->msg_id, &range, &list) < 0)
		return -1;
	*reply = encode_post_list(call->arena, &list, NULL, 0);
	return 0;
}

/* https://core.telegram.org/method/messages.getDiscussionMessage */
int api_messages_getDiscussionMessage(struct call *call,
	const struct tl_messages_getDiscussionMessage *req,
	struct tl_messages_discussionMessage *reply)
{
	struct thread_marks marks;
	struct post_list root;
	int64_t channel;

	if (channel_peer(call, req->peer, &channel) < 0 ||
		thread_discussion(call, channel, req->msg_id, &root, &marks) < 0)
		return -1;
	reply->messages = encode_messages(call->arena, root.posts, root.count);
	reply->max_id = marks.top;
	reply->has_max_id = marks.top != 0;
	reply->read_inbox_max_id = marks.read_inbox;
	reply->has_read_inbox_max_id = true;
	reply->read_outbox_max_id = marks.read_outbox;
	reply->has_read_outbox_max_id = true;
	reply->unread_count = marks.unread;
	reply->chats = encode_post_channels(call->arena, &root);
	reply->users = encode_users(call->arena, root.users, root.user_count);
	return 0;
}

/* https://core.telegram.org/method/messages.readDiscussion */
int api_messages_readDiscussion(
	struct call *call, const struct tl_messages_readDiscussion *req, bool *reply)
{
	int64_t channel;

	if (channel_peer(call, req->peer, &channel) < 0 ||
		thread_read(call, channel, req->msg_id, req->read_max_id) < 0)
		return -1;
	*reply = true;
	return 0;
}
