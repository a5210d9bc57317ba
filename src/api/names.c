/* SPDX-License-Identifier: Apache-2.0 */
/* Public names: contacts.resolveUsername and contacts.search. Only channels have names yet. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"

#define SEARCH_LEAST 3 /* shorter prefixes fit everybody and help nobody */

/* https://core.telegram.org/method/contacts.resolveUsername. A restricted channel is found: the
 * client shows the text of the restriction. */
int api_contacts_resolveUsername(struct call *call, const struct tl_contacts_resolveUsername *req,
	struct tl_contacts_resolvedPeer *reply)
{
	struct channel_view view;
	bool is_free;

	if (channel_username_check(call, req->username, &is_free) < 0 ||
		channel_lookup_take(call) < 0)
		return -1;
	if (!channel_by_username(call, req->username, &view))
		return rpc_error(call, 400, "USERNAME_NOT_OCCUPIED");
	reply->peer = encode_peer(call->arena, (struct peer){PEER_CHANNEL, view.channel->id});
	reply->chats = encode_channels(call->arena, &view, 1);
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}

/* https://core.telegram.org/method/contacts.search */
int api_contacts_search(
	struct call *call, const struct tl_contacts_search *req, struct tl_contacts_found *reply)
{
	struct channel_views found;
	uint32_t mine = 0, others = 0;

	if (req->q.size < SEARCH_LEAST)
		return rpc_error(call, 400, "QUERY_TOO_SHORT");
	if (channel_search(call, req->q, req->limit, &found) < 0)
		return -1;
	reply->my_results = tl_objects_new(call->arena, (uint32_t)found.count);
	reply->results = tl_objects_new(call->arena, (uint32_t)found.count);
	for (size_t i = 0; i < found.count; i++) {
		const struct peer peer = {PEER_CHANNEL, found.at[i].channel->id};

		if (channel_is_member(&found.at[i]))
			reply->my_results.at[mine++] = encode_peer(call->arena, peer);
		else
			reply->results.at[others++] = encode_peer(call->arena, peer);
	}
	reply->my_results.count = mine;
	reply->results.count = others;
	reply->chats = encode_channels(call->arena, found.at, found.count);
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}
