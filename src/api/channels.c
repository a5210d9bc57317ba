/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: making, showing and changing channels. Members are in channels_members.c, posts in
 * channels_posts.c. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"

#define GET_CHANNELS_MAX 100 /* ids looked at in one call */

/* https://core.telegram.org/method/channels.createChannel */
int api_channels_createChannel(
	struct call *call, const struct tl_channels_createChannel *req, struct tl_object **reply)
{
	/* Some clients name neither kind: a broadcast channel, as the method's name says. */
	const struct channel_draft draft = {
		.title = req->title, .about = req->about, .broadcast = !req->megagroup};
	struct update_set answer;

	if ((req->broadcast && req->megagroup) || req->forum || req->geo_point)
		return rpc_error(call, 400, "CHANNEL_TYPE_INVALID");
	if (channel_create(call, &draft, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.getChannels */
int api_channels_getChannels(
	struct call *call, const struct tl_channels_getChannels *req, struct tl_object **reply)
{
	struct tl_messages_chats *chats = TL_NEW(call->arena, messages_chats);
	struct channel_view view;
	uint32_t found = 0;
	int64_t id;

	if (req->id.count > GET_CHANNELS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	chats->chats = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (channel_from_input(call, req->id.at[i], &id) < 0)
			return -1;
		if (channel_find(call, id, &view))
			chats->chats.at[found++] = encode_channel(call->arena, &view);
	}
	/* Clients ask for one at a time when they want to know whether they still may see it. */
	if (found == 0 && req->id.count > 0)
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	chats->chats.count = found;
	*reply = &chats->o;
	return 0;
}

/* https://core.telegram.org/method/channels.getFullChannel */
int api_channels_getFullChannel(struct call *call, const struct tl_channels_getFullChannel *req,
	struct tl_messages_chatFull *reply)
{
	struct channel_dialog dialog;
	struct channel_view view;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 || channel_open(call, id, &view) < 0 ||
		channel_dialog(call, id, &dialog) < 0)
		return -1;
	reply->full_chat = encode_channel_full(call->arena, &view, &dialog.dialog);
	reply->chats = encode_channels(call->arena, &view, 1);
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}

/* https://core.telegram.org/method/channels.checkUsername; inputChannelEmpty: a channel that is
 * still to be made. */
int api_channels_checkUsername(
	struct call *call, const struct tl_channels_checkUsername *req, bool *reply)
{
	return channel_username_check(call, req->username, reply);
}

/* https://core.telegram.org/method/channels.updateUsername */
int api_channels_updateUsername(
	struct call *call, const struct tl_channels_updateUsername *req, bool *reply)
{
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_username_set(call, id, req->username) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.editTitle */
int api_channels_editTitle(
	struct call *call, const struct tl_channels_editTitle *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_edit_title(call, id, req->title, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.editChatAbout */
int api_messages_editChatAbout(
	struct call *call, const struct tl_messages_editChatAbout *req, bool *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (channel_edit_about(call, peer.id, req->about) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.deleteChannel */
int api_channels_deleteChannel(
	struct call *call, const struct tl_channels_deleteChannel *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_delete(call, id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.getAdminedPublicChannels */
int api_channels_getAdminedPublicChannels(struct call *call,
	const struct tl_channels_getAdminedPublicChannels *req, struct tl_object **reply)
{
	struct tl_messages_chats *chats = TL_NEW(call->arena, messages_chats);
	struct channel_views views;
	uint32_t found = 0;

	if (channel_memberships(call, &views) < 0)
		return -1;
	chats->chats = tl_objects_new(call->arena, (uint32_t)views.count);
	for (size_t i = 0; i < views.count; i++)
		if (views.at[i].role == ROLE_CREATOR && views.at[i].channel->in_square)
			chats->chats.at[found++] = encode_channel(call->arena, &views.at[i]);
	chats->chats.count = found;
	*reply = &chats->o;
	return 0;
}

/* https://core.telegram.org/method/channels.getSponsoredMessages: Lontar has no advertising. */
int api_channels_getSponsoredMessages(struct call *call,
	const struct tl_channels_getSponsoredMessages *req, struct tl_object **reply)
{
	*reply = &TL_NEW(call->arena, messages_sponsoredMessagesEmpty)->o;
	return 0;
}

int api_messages_getSponsoredMessages(struct call *call,
	const struct tl_messages_getSponsoredMessages *req, struct tl_object **reply)
{
	*reply = &TL_NEW(call->arena, messages_sponsoredMessagesEmpty)->o;
	return 0;
}
