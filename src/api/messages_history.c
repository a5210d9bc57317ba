/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: history, messages by id. */
#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/messages/messages.h"

/* https://core.telegram.org/method/messages.getHistory */
int api_messages_getHistory(
	struct call *call, const struct tl_messages_getHistory *req, struct tl_object **reply)
{
	/* Clients that page give id and date of the last message; with the date, the rest of its
	 * second would be skipped. */
	struct post_range range = {.offset_id = req->offset_id,
		.offset_date_s = req->offset_id > 0 ? 0 : req->offset_date,
		.add_offset = req->add_offset,
		.limit = req->limit,
		.max_id = req->max_id,
		.min_id = req->min_id};
	struct message_list list;
	struct post_list posts;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL) {
		if (channel_history(call, peer.id, &range, &posts) < 0)
			return -1;
		*reply = encode_post_list(call->arena, &posts, NULL, 0);
		return 0;
	}
	if (messages_history(call, peer, &range, &list) < 0)
		return -1;
	*reply = encode_list_or_same(call, &list, req->hash);
	return 0;
}

/* The id that an InputMessage stands for; 0: none here. */
static int32_t message_id(struct call *call, const struct tl_object *input)
{
	const struct tl_inputMessageID *by_id = TL_AS(inputMessageID, input);
	const struct tl_inputMessageReplyTo *replied = TL_AS(inputMessageReplyTo, input);
	struct message_list one;

	if (by_id)
		return by_id->id;
	if (replied && messages_get(call, &replied->id, 1, &one) == 0 && one.count)
		return one.at[0].reply_to;
	return 0;
}

/* https://core.telegram.org/method/messages.getMessages: in the order asked; what there is not is
 * messageEmpty. */
int api_messages_getMessages(
	struct call *call, const struct tl_messages_getMessages *req, struct tl_object **reply)
{
	struct tl_messages_messages *answer;
	struct tl_objects messages;
	struct message_list list;
	int32_t *ids;
	size_t next = 0;

	if (req->id.count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	ids = arena_array(call->arena, req->id.count, sizeof(*ids));
	for (uint32_t i = 0; i < req->id.count; i++)
		ids[i] = message_id(call, req->id.at[i]);
	if (messages_get(call, ids, req->id.count, &list) < 0)
		return -1;
	*reply = encode_message_list(call, &list);
	answer = TL_AS(messages_messages, *reply);
	messages = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (next < list.count && list.at[next].id == ids[i])
			messages.at[i] = answer->messages.at[next++];
		else
			messages.at[i] = encode_message_empty(call->arena, ids[i]);
	}
	answer->messages = messages;
	return 0;
}
