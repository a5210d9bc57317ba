/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: messages that destroy themselves. */
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/channel_toggles.h"
#include "core/messages/history_ttl.h"

/* https://core.telegram.org/method/messages.setHistoryTTL */
int api_messages_setHistoryTTL(
	struct call *call, const struct tl_messages_setHistoryTTL *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL ? channel_set_ttl(call, peer.id, req->period, &answer) < 0
				      : history_ttl_set(call, peer, req->period, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.setDefaultHistoryTTL */
int api_messages_setDefaultHistoryTTL(
	struct call *call, const struct tl_messages_setDefaultHistoryTTL *req, bool *reply)
{
	*reply = true;
	return history_ttl_set_default(call, req->period);
}

/* https://core.telegram.org/method/messages.getDefaultHistoryTTL */
int api_messages_getDefaultHistoryTTL(struct call *call,
	const struct tl_messages_getDefaultHistoryTTL *req, struct tl_defaultHistoryTTL *reply)
{
	reply->period = history_ttl_default(call);
	return 0;
}
