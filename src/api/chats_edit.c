/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what a basic group is called, who is its admin, what its members may do. Some of
 * these take a channel as well. */
#include "api/encode_chat.h"
#include "api/encode_rights.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_toggles.h"
#include "core/chats/chats.h"
#include "tl/schema.h"

/* https://core.telegram.org/method/messages.editChatTitle */
int api_messages_editChatTitle(
	struct call *call, const struct tl_messages_editChatTitle *req, struct tl_object **reply)
{
	struct update_set answer;

	if (chat_edit_title(call, req->chat_id, req->title, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.editChatAbout */
int api_messages_editChatAbout(
	struct call *call, const struct tl_messages_editChatAbout *req, bool *reply)
{
	struct peer peer;
	int result;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHAT)
		result = chat_edit_about(call, peer.id, req->about);
	else if (peer.kind == PEER_CHANNEL)
		result = channel_edit_about(call, peer.id, req->about);
	else
		result = rpc_error(call, 400, "PEER_ID_INVALID");
	*reply = result == 0;
	return result;
}

/* https://core.telegram.org/method/messages.editChatAdmin */
int api_messages_editChatAdmin(
	struct call *call, const struct tl_messages_editChatAdmin *req, bool *reply)
{
	int64_t user;

	if (chat_known(call, req->chat_id) < 0 ||
		peer_user_from_input(call, req->user_id, &user) < 0 ||
		chat_edit_admin(call, req->chat_id, user, req->is_admin) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* Default rights hold for ever: a date makes no sense.
 * https://core.telegram.org/method/messages.editChatDefaultBannedRights */
int api_messages_editChatDefaultBannedRights(struct call *call,
	const struct tl_messages_editChatDefaultBannedRights *req, struct tl_object **reply)
{
	const struct tl_chatBannedRights *rights = TL_AS(chatBannedRights, req->banned_rights);
	const uint32_t banned = banned_rights_from_input(req->banned_rights, NULL);
	struct update_set answer;
	struct peer peer;
	int result;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (rights && rights->until_date != 0 && rights->until_date != INT32_MAX)
		return rpc_error(call, 400, "UNTIL_DATE_INVALID");
	if (peer.kind == PEER_CHAT)
		result = chat_edit_rights(call, peer.id, banned, &answer);
	else if (peer.kind == PEER_CHANNEL)
		result = channel_edit_default_rights(call, peer.id, banned, &answer);
	else
		result = rpc_error(call, 400, "PEER_ID_INVALID");
	if (result < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.toggleNoForwards */
int api_messages_toggleNoForwards(
	struct call *call, const struct tl_messages_toggleNoForwards *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;
	int result;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHAT)
		result = chat_set_noforwards(call, peer.id, req->enabled, &answer);
	else if (peer.kind == PEER_CHANNEL)
		result = channel_toggle(call, peer.id, CHANNEL_NOFORWARDS, req->enabled, &answer);
	else
		result = rpc_error(call, 400, "PEER_ID_INVALID");
	if (result < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
