/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: editing. */
#include "api/encode_keyboard.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/media_input.h"
#include "api/peers.h"
#include "core/messages/messages.h"
#include "core/messages/polls.h"
#include "core/messages/scheduled.h"

/* What is carried can't be exchanged; who is on the way can move, and a link is only a preview. */
static int check_media(struct call *call, const struct tl_object *media, bool moves)
{
	if (!media || moves || TL_AS(inputMediaWebPage, media))
		return 0;
	return rpc_error(call, 400, "MEDIA_NEW_INVALID");
}

/* Clients say that a scheduled message is meant by giving its date. */
static int edit_scheduled(
	struct call *call, const struct tl_messages_editMessage *req, struct tl_object **reply)
{
	struct message draft = {.id = req->id,
		.text = req->message,
		.no_preview = req->no_webpage,
		.invert_media = req->invert_media,
		.date_s = req->schedule_date};
	struct update_set answer;
	struct peer peer;

	if (req->media)
		return rpc_error(call, 400, "MEDIA_NEW_INVALID");
	if (req->schedule_repeat_period)
		return rpc_error(call, 403, "PREMIUM_ACCOUNT_REQUIRED");
	if (peer_from_input(call, req->peer, &peer) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0 ||
		scheduled_edit(call, peer, &draft, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* All that can change of a poll is that it ends. */
static int close_poll(
	struct call *call, const struct tl_messages_editMessage *req, struct tl_object **reply)
{
	const struct tl_poll *poll = TL_AS(poll, TL_AS(inputMediaPoll, req->media)->poll);
	struct update_set answer;
	struct peer peer;

	if (!poll || !poll->closed)
		return rpc_error(call, 400, "MEDIA_NEW_INVALID");
	if (peer_from_input(call, req->peer, &peer) < 0 ||
		poll_close(call, peer, req->id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.editMessage */
int api_messages_editMessage(
	struct call *call, const struct tl_messages_editMessage *req, struct tl_object **reply)
{
	struct message draft = {.id = req->id,
		.text = req->message,
		.no_preview = req->no_webpage,
		.invert_media = req->invert_media};
	struct media_move move;
	const bool moves = media_move_from_input(call->arena, req->media, &move);
	struct update_set answer;
	struct peer peer;
	int edited;

	if (req->has_quick_reply_shortcut_id)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (req->rich_message)
		return rpc_error(call, 400, "RICH_MESSAGE_INVALID");
	if (req->has_schedule_date)
		return edit_scheduled(call, req, reply);
	if (TL_AS(inputMediaPoll, req->media))
		return close_poll(call, req, reply);
	if (check_media(call, req->media, moves) < 0)
		return -1;
	/* A bot may change the buttons alone. */
	if (!req->message.data && !moves && !call->is_bot)
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	if (peer_from_input(call, req->peer, &peer) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0 ||
		keyboard_from_input(call, req->reply_markup, &draft.keyboard) < 0)
		return -1;
	if (moves)
		edited = message_move(call, peer, req->id, &move, &answer);
	else
		edited = message_edit(call, peer, &draft, &answer);
	if (edited < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getMessageEditData */
int api_messages_getMessageEditData(struct call *call,
	const struct tl_messages_getMessageEditData *req, struct tl_messages_messageEditData *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	return message_edit_data(call, peer, req->id, &reply->caption);
}
