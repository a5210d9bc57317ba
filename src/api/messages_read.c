/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what has been read and received. */
#include "api/handlers.h"
#include "api/peers.h"
#include "core/messages/messages.h"
#include "core/messages/read_dates.h"

/* https://core.telegram.org/method/messages.readHistory: private chats; channels.readHistory is for
 * the others. */
int api_messages_readHistory(struct call *call, const struct tl_messages_readHistory *req,
	struct tl_messages_affectedMessages *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return messages_read(call, peer, req->max_id, &reply->pts, &reply->pts_count);
}

/* https://core.telegram.org/method/messages.receivedMessages: a client has notified up to max_id.
 * The answer lists notifications that are to be taken back; there are none. */
int api_messages_receivedMessages(
	struct call *call, const struct tl_messages_receivedMessages *req, struct tl_objects *reply)
{
	*reply = tl_objects_new(call->arena, 0);
	return 0;
}

/* https://core.telegram.org/method/messages.getOutboxReadDate */
int api_messages_getOutboxReadDate(struct call *call,
	const struct tl_messages_getOutboxReadDate *req, struct tl_outboxReadDate *reply)
{
	struct peer peer;
	int64_t date_s;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		read_date_of(call, peer, req->msg_id, &date_s) < 0)
		return -1;
	reply->date = (int32_t)date_s;
	return 0;
}

/* https://core.telegram.org/method/messages.getMessageReadParticipants */
int api_messages_getMessageReadParticipants(struct call *call,
	const struct tl_messages_getMessageReadParticipants *req, struct tl_objects *reply)
{
	struct reader *readers;
	struct peer peer;
	size_t count;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		readers_of(call, peer, req->msg_id, &readers, &count) < 0)
		return -1;
	*reply = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_readParticipantDate *reader = TL_NEW(call->arena, readParticipantDate);

		reader->user_id = readers[i].user;
		reader->date = (int32_t)readers[i].date_s;
		reply->at[i] = &reader->o;
	}
	return 0;
}
