/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: history, messages by id, search. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/private_messages.h"
#include "core/roster.h"

/* `messages.messages` when these are all, else a slice of `total`. */
static struct tl_object *encode_list(struct call *call, const struct message_list *list)
{
	struct tl_messages_messages *all;
	struct tl_messages_messagesSlice *slice;
	struct roster roster;
	struct user *users;
	size_t user_count;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < list->count; i++)
		roster_add_message(&roster, &list->at[i]);
	roster_users(call, call->user, &roster, &users, &user_count);
	if (list->total <= (int64_t)list->count && !list->inexact) {
		all = TL_NEW(call->arena, messages_messages);
		all->messages = encode_messages(call->arena, list->at, list->count);
		all->users = encode_users(call->arena, users, user_count);
		return &all->o;
	}
	slice = TL_NEW(call->arena, messages_messagesSlice);
	slice->inexact = list->inexact;
	slice->count = (int32_t)list->total;
	slice->messages = encode_messages(call->arena, list->at, list->count);
	slice->users = encode_users(call->arena, users, user_count);
	return &slice->o;
}

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
	if (private_history(call, peer.id, &range, &list) < 0)
		return -1;
	*reply = encode_list(call, &list);
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
	if (replied && private_get(call, &replied->id, 1, &one) == 0 && one.count)
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
	if (private_get(call, ids, req->id.count, &list) < 0)
		return -1;
	*reply = encode_list(call, &list);
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

/* Which of a chat's messages a filter can mean. Kinds that Lontar does not carry yet (media, pins,
 * calls) match nothing. */
enum meaning { NOTHING, ANY_TEXT, WITH_URL };

static enum meaning filter_meaning(const struct tl_object *filter)
{
	if (TL_AS(inputMessagesFilterEmpty, filter))
		return ANY_TEXT;
	return TL_AS(inputMessagesFilterUrl, filter) ? WITH_URL : NOTHING;
}

static int search_channel(struct call *call, int64_t channel, const struct tl_messages_search *req,
	struct post_range *range, struct tl_object **reply)
{
	struct post_list posts;

	/* Posts are not looked through for links or by author yet: then none are found. */
	if (filter_meaning(req->filter) != ANY_TEXT || req->from_id)
		range->limit = 0;
	if (channel_posts_search(call, channel, req->q, range, &posts) < 0)
		return -1;
	if (!range->limit)
		posts.count = 0, posts.total = 0;
	*reply = encode_post_list(call->arena, &posts, NULL, 0);
	return 0;
}

/* https://core.telegram.org/method/messages.search; inputPeerEmpty: in all private chats. */
int api_messages_search(
	struct call *call, const struct tl_messages_search *req, struct tl_object **reply)
{
	struct post_range range = {.offset_id = req->offset_id,
		.offset_date_s = req->max_date,
		.add_offset = req->add_offset,
		.limit = req->limit,
		.max_id = req->max_id,
		.min_id = req->min_id};
	enum meaning meaning = filter_meaning(req->filter);
	struct private_query query = {.text = req->q,
		.min_date_s = req->min_date,
		.filter = meaning == WITH_URL ? SEARCH_URLS : SEARCH_TEXT};
	struct peer peer = {0}, from = {0};
	struct message_list list = {0};

	if (!TL_AS(inputPeerEmpty, req->peer) && peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (req->from_id && peer_from_input(call, req->from_id, &from) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL)
		return search_channel(call, peer.id, req, &range, reply);
	query.with = peer.id;
	query.from = from.id;
	if (meaning != NOTHING && private_search(call, &query, &range, &list) < 0)
		return -1;
	*reply = encode_list(call, &list);
	return 0;
}

/* https://core.telegram.org/method/messages.getScheduledHistory: sending later is refused, so
 * nothing is ever scheduled. */
int api_messages_getScheduledHistory(struct call *call,
	const struct tl_messages_getScheduledHistory *req, struct tl_object **reply)
{
	struct message_list none = {0};
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	*reply = encode_list(call, &none);
	return 0;
}
