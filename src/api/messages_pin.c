/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: pinning. */
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/messages/messages.h"

/* https://core.telegram.org/method/messages.updatePinnedMessage */
int api_messages_updatePinnedMessage(struct call *call,
	const struct tl_messages_updatePinnedMessage *req, struct tl_object **reply)
{
	const struct pinning pinning = {.id = req->id,
		.unpin = req->unpin,
		.oneside = req->pm_oneside,
		.silent = req->silent};
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		message_pin(call, peer, &pinning, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.unpinAllMessages: clients repeat it until offset is 0.
 */
int api_messages_unpinAllMessages(struct call *call, const struct tl_messages_unpinAllMessages *req,
	struct tl_messages_affectedHistory *reply)
{
	struct peer peer, part = {0};

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		(req->saved_peer_id && peer_from_input(call, req->saved_peer_id, &part) < 0))
		return -1;
	/* There are no chats inside of channels, and no threads in boxes. */
	if (peer.kind == PEER_CHANNEL && req->saved_peer_id)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (peer.kind != PEER_CHANNEL && req->has_top_msg_id)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (peer.kind == PEER_CHANNEL)
		return channel_posts_unpin_all(call, peer.id,
			req->has_top_msg_id ? req->top_msg_id : 0, &reply->pts, &reply->pts_count,
			&reply->offset);
	return messages_unpin_all(call, peer, part, &reply->pts, &reply->pts_count, &reply->offset);
}
