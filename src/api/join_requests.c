/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: who came by an invite link, who asks to be let in, and what admins do with it. */
#include "core/channels/join_requests.h"

#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/roster.h"

static struct tl_object *encode_join(
	struct arena *arena, const struct home_join *join, struct bytes about)
{
	struct tl_chatInviteImporter *importer = TL_NEW(arena, chatInviteImporter);

	importer->requested = join->waits;
	importer->user_id = join->user;
	importer->date = (int32_t)join->date_s;
	importer->approved_by = join->approved_by;
	importer->has_approved_by = join->approved_by != 0;
	importer->about = about;
	return &importer->o;
}

static void encode_joins(
	struct call *call, const struct joins *joins, struct tl_messages_chatInviteImporters *reply)
{
	struct roster roster;
	struct user *users;
	size_t user_count;

	roster_init(&roster, call->arena);
	reply->count = (int32_t)joins->total;
	reply->importers = tl_objects_new(call->arena, (uint32_t)joins->count);
	for (size_t i = 0; i < joins->count; i++) {
		reply->importers.at[i] = encode_join(call->arena, &joins->at[i], joins->about[i]);
		roster_add(&roster, (struct peer){PEER_USER, joins->at[i].user});
	}
	roster_users(call, call->user, &roster, &users, &user_count);
	reply->users = encode_users(call->arena, users, user_count);
}

/* https://core.telegram.org/method/messages.getChatInviteImporters */
int api_messages_getChatInviteImporters(struct call *call,
	const struct tl_messages_getChatInviteImporters *req,
	struct tl_messages_chatInviteImporters *reply)
{
	struct join_query query = {.link = req->link,
		.waits = req->requested,
		.text = req->q,
		.mark.date_s = req->offset_date,
		.limit = req->limit};
	struct joins joins;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (!TL_AS(inputUserEmpty, req->offset_user) &&
		peer_user_from_input(call, req->offset_user, &query.mark.user) < 0)
		return -1;
	if (joins_find(call, peer, &query, &joins) < 0)
		return -1;
	if (req->subscription_expired)
		joins = (struct joins){0}; /* there are no subscriptions */
	encode_joins(call, &joins, reply);
	return 0;
}

/* https://core.telegram.org/method/messages.hideChatJoinRequest */
int api_messages_hideChatJoinRequest(struct call *call,
	const struct tl_messages_hideChatJoinRequest *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;
	int64_t user;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_user_from_input(call, req->user_id, &user) < 0 ||
		join_request_decide(call, peer, user, req->approved, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.hideAllChatJoinRequests */
int api_messages_hideAllChatJoinRequests(struct call *call,
	const struct tl_messages_hideAllChatJoinRequests *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		join_requests_decide_all(call, peer, req->link, req->approved, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
