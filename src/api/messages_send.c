/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: sending, editing, deleting, typing. */
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/entities.h"
#include "core/private_messages.h"

/* What would change the meaning of the message and is not served is refused, never ignored. */
static int check_send(struct call *call, const struct tl_messages_sendMessage *req)
{
	struct peer as;

	if (req->has_schedule_date)
		return rpc_error(call, 400, "SCHEDULE_DATE_INVALID");
	if (req->quick_reply_shortcut)
		return rpc_error(call, 400, "SHORTCUT_INVALID");
	if (req->rich_message)
		return rpc_error(call, 400, "RICH_MESSAGE_INVALID");
	if (!req->send_as)
		return 0;
	if (peer_from_input(call, req->send_as, &as) < 0)
		return -1;
	if (as.kind != PEER_USER || as.id != call->user)
		return rpc_error(call, 400, "SEND_AS_PEER_INVALID");
	return 0;
}

/* https://core.telegram.org/method/messages.sendMessage */
int api_messages_sendMessage(
	struct call *call, const struct tl_messages_sendMessage *req, struct tl_object **reply)
{
	struct message draft = {.text = req->message,
		.silent = req->silent,
		.noforwards = req->noforwards,
		.random_id = req->random_id};
	struct update_set answer;
	struct peer peer;
	int sent;

	/* Before layer 167 the id stood in the request itself. */
	if (req->has_reply_to_msg_id)
		draft.reply_to = req->reply_to_msg_id;
	if (check_send(call, req) < 0 || peer_from_input(call, req->peer, &peer) < 0 ||
		reply_from_input(call, req->reply_to, &draft) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL) {
		if (entities_accept(call, &draft) < 0)
			return -1;
		sent = channel_post_send(call, peer.id, &draft, &answer);
	} else {
		sent = private_send(call, peer.id, &draft, &answer);
	}
	if (sent < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.editMessage */
int api_messages_editMessage(
	struct call *call, const struct tl_messages_editMessage *req, struct tl_object **reply)
{
	struct message draft = {.id = req->id, .text = req->message};
	struct update_set answer;
	struct peer peer;
	int edited;

	if (req->has_schedule_date || req->has_quick_reply_shortcut_id)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (req->media)
		return rpc_error(call, 400, "MEDIA_INVALID");
	if (!req->message.data)
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	if (peer_from_input(call, req->peer, &peer) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL) {
		if (entities_accept(call, &draft) < 0)
			return -1;
		edited = channel_post_edit(call, peer.id, &draft, &answer);
	} else {
		edited = private_edit(call, peer.id, &draft, &answer);
	}
	if (edited < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteMessages: private chats only; channels have their
 * own. */
int api_messages_deleteMessages(struct call *call, const struct tl_messages_deleteMessages *req,
	struct tl_messages_affectedMessages *reply)
{
	return private_delete(
		call, req->id.at, req->id.count, req->revoke, &reply->pts, &reply->pts_count);
}

/* https://core.telegram.org/method/messages.deleteHistory: clients repeat it until offset is 0. */
int api_messages_deleteHistory(struct call *call, const struct tl_messages_deleteHistory *req,
	struct tl_messages_affectedHistory *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	/* Deleting a span of days would otherwise delete everything. */
	if (req->has_min_date || req->has_max_date)
		return rpc_error(call, 400, "MIN_DATE_INVALID");
	return private_delete_history(call, peer.id, req->max_id, req->revoke, &reply->pts,
		&reply->pts_count, &reply->offset);
}

/* https://core.telegram.org/method/messages.setTyping: actions other than typing and stopping are
 * about kinds of messages that Lontar does not carry; nobody is told of them. */
int api_messages_setTyping(struct call *call, const struct tl_messages_setTyping *req, bool *reply)
{
	struct channel_view view;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	*reply = true;
	if (peer.kind == PEER_CHANNEL)
		return channel_open(call, peer.id, &view);
	if (TL_AS(sendMessageTypingAction, req->action))
		return private_typing(call, peer.id, TYPING_TYPING);
	if (TL_AS(sendMessageCancelAction, req->action))
		return private_typing(call, peer.id, TYPING_CANCEL);
	return 0;
}
