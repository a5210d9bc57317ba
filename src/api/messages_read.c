/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what has been read and received. */
#include "api/handlers.h"
#include "api/peers.h"
#include "core/private_messages.h"

/* https://core.telegram.org/method/messages.readHistory: private chats; channels.readHistory is for
 * the others. */
int api_messages_readHistory(struct call *call, const struct tl_messages_readHistory *req,
	struct tl_messages_affectedMessages *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return private_read(call, peer.id, req->max_id, &reply->pts, &reply->pts_count);
}

/* https://core.telegram.org/method/messages.receivedMessages: a client has notified up to max_id.
 * The answer lists notifications that are to be taken back; there are none. */
int api_messages_receivedMessages(
	struct call *call, const struct tl_messages_receivedMessages *req, struct tl_objects *reply)
{
	*reply = tl_objects_new(call->arena, 0);
	return 0;
}
