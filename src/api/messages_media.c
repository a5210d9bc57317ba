/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what is sent beside text. */
#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/encode_keyboard.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/media_input.h"
#include "api/peers.h"
#include "api/sending.h"

/* https://core.telegram.org/method/messages.sendMedia */
int api_messages_sendMedia(
	struct call *call, const struct tl_messages_sendMedia *req, struct tl_object **reply)
{
	const struct sending sending = SENDING_OF(req);
	struct message draft = {.text = req->message,
		.silent = req->silent,
		.noforwards = req->noforwards,
		.invert_media = req->invert_media,
		.random_id = req->random_id};
	struct update_set answer;
	struct peer peer;

	/* Before layer 167 the id stood in the request itself. */
	if (req->has_reply_to_msg_id)
		draft.reply_to = req->reply_to_msg_id;
	if (sending_check(call, &sending) < 0 || peer_from_input(call, req->peer, &peer) < 0 ||
		media_from_input(call, req->media, &draft) < 0 ||
		reply_from_input(call, req->reply_to, &draft) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0 ||
		keyboard_from_input(call, req->reply_markup, &draft.keyboard) < 0 ||
		sending_send(call, &sending, peer, &draft, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getRecentLocations */
int api_messages_getRecentLocations(struct call *call,
	const struct tl_messages_getRecentLocations *req, struct tl_object **reply)
{
	struct message_list list;
	struct post_list posts;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL) {
		if (channel_live_places(call, peer.id, req->limit, &posts) < 0)
			return -1;
		*reply = encode_post_list(call->arena, &posts, NULL, 0);
		return 0;
	}
	if (messages_live_places(call, peer, req->limit, &list) < 0)
		return -1;
	*reply = encode_list_or_same(call, &list, req->hash);
	return 0;
}
