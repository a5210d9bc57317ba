/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: sending text, deleting, typing. */
#include "api/encode_keyboard.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/sending.h"
#include "api/typing.h"
#include "core/messages/box.h"
#include "core/messages/messages.h"

/* https://core.telegram.org/method/messages.sendMessage */
int api_messages_sendMessage(
	struct call *call, const struct tl_messages_sendMessage *req, struct tl_object **reply)
{
	const struct sending sending = SENDING_OF(req);
	struct message draft = {.text = req->message,
		.silent = req->silent,
		.noforwards = req->noforwards,
		.no_preview = req->no_webpage,
		.invert_media = req->invert_media,
		.random_id = req->random_id};
	struct update_set answer;
	struct peer peer;

	if (req->rich_message)
		return rpc_error(call, 400, "RICH_MESSAGE_INVALID");
	/* Before layer 167 the id stood in the request itself. */
	if (req->has_reply_to_msg_id)
		draft.reply_to = req->reply_to_msg_id;
	if (sending_check(call, &sending) < 0 || peer_from_input(call, req->peer, &peer) < 0 ||
		reply_from_input(call, req->reply_to, &draft) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0 ||
		keyboard_from_input(call, req->reply_markup, &draft.keyboard) < 0 ||
		sending_send(call, &sending, peer, &draft, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteMessages: private chats only; channels have their
 * own. */
int api_messages_deleteMessages(struct call *call, const struct tl_messages_deleteMessages *req,
	struct tl_messages_affectedMessages *reply)
{
	return messages_delete(
		call, req->id.at, req->id.count, req->revoke, &reply->pts, &reply->pts_count);
}

/* https://core.telegram.org/method/messages.deleteHistory: clients repeat it until offset is 0. */
int api_messages_deleteHistory(struct call *call, const struct tl_messages_deleteHistory *req,
	struct tl_messages_affectedHistory *reply)
{
	const struct clearing clearing = {.max_id = req->max_id,
		.revoke = req->revoke,
		.keep_chat = req->just_clear,
		.min_date_s = req->has_min_date ? req->min_date : 0,
		.max_date_s = req->has_max_date ? req->max_date : 0};
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return messages_clear(
		call, peer, &clearing, &reply->pts, &reply->pts_count, &reply->offset);
}

/* https://core.telegram.org/method/messages.deletePhoneCallHistory: there are no calls, and so no
 * messages about them. */
int api_messages_deletePhoneCallHistory(struct call *call,
	const struct tl_messages_deletePhoneCallHistory *req,
	struct tl_messages_affectedFoundMessages *reply)
{
	struct box_state state;

	if (box_state(call, &state) < 0)
		return -1;
	reply->pts = state.pts;
	return 0;
}

/* https://core.telegram.org/method/messages.setTyping */
int api_messages_setTyping(struct call *call, const struct tl_messages_setTyping *req, bool *reply)
{
	enum typing_action action;
	int32_t progress;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	*reply = true;
	if (!typing_from_input(req->action, &action, &progress))
		return 0;
	return message_typing(
		call, peer, req->has_top_msg_id ? req->top_msg_id : 0, action, progress);
}
