/* SPDX-License-Identifier: Apache-2.0 */
/* channels.* and messages.*: what joins a channel to other chats: its discussion group, the group
 * that it was, the channels in whose name one writes there; and lists of channels. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/channel_link.h"
#include "core/messages/messages.h"
#include "core/posts/posts.h"
#include "core/channels/roster.h"
#include "core/channels/send_as.h"

#define INACTIVE_MAX 100
#define INACTIVE_S (30 * 86400) /* nothing was posted for so long */

/* inputChannelEmpty: 0. */
static int end_from_input(struct call *call, const struct tl_object *input, int64_t *id)
{
	*id = 0;
	return TL_AS(inputChannelEmpty, input) ? 0 : channel_from_input(call, input, id);
}

/* Everybody has own copies of the messages of a basic group, with own ids. */
static int32_t newest_in(struct call *call, struct peer chat)
{
	const struct post_range one = {.limit = 1};
	struct message_list list;

	if (messages_history(call, chat, &one, &list) < 0 || !list.count)
		return 0;
	return list.at[0].id;
}

void encode_full_links(struct call *call, struct tl_object *object, const struct channel_view *view,
	struct roster *roster)
{
	const struct channel_settings *settings = &view->channel->settings;
	const struct peer before = {PEER_CHAT, settings->migrated_from};
	struct tl_channelFull *full = TL_AS(channelFull, object);
	const struct peer as = send_as_default(call, view);
	struct chat_view chat;

	if (settings->linked)
		roster_add(roster, (struct peer){PEER_CHANNEL, settings->linked});
	if (as.kind != PEER_NONE) {
		full->default_send_as = encode_peer(call->arena, as);
		roster_add(roster, as);
	}
	if (!before.id || !chat_view_for(call, call->user, before.id, &chat))
		return;
	full->migrated_from_chat_id = before.id;
	full->migrated_from_max_id = newest_in(call, before);
	full->has_migrated_from_chat_id = full->has_migrated_from_max_id = true;
	roster_add(roster, before);
}

/* https://core.telegram.org/method/channels.setDiscussionGroup */
int api_channels_setDiscussionGroup(
	struct call *call, const struct tl_channels_setDiscussionGroup *req, bool *reply)
{
	int64_t broadcast, group;

	if (end_from_input(call, req->broadcast, &broadcast) < 0 ||
		end_from_input(call, req->group, &group) < 0 ||
		channel_link(call, broadcast, group) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.getGroupsForDiscussion */
int api_channels_getGroupsForDiscussion(struct call *call,
	const struct tl_channels_getGroupsForDiscussion *req, struct tl_object **reply)
{
	struct tl_messages_chats *out = TL_NEW(call->arena, messages_chats);
	struct channel_views groups;
	struct chat_views chats;

	if (channel_link_candidates(call, &groups, &chats) < 0)
		return -1;
	out->chats = encode_chats_and_channels(
		call->arena, chats.at, chats.count, groups.at, groups.count);
	*reply = &out->o;
	return 0;
}

/* https://core.telegram.org/method/channels.getSendAs. Elsewhere one writes as oneself. */
int api_channels_getSendAs(struct call *call, const struct tl_channels_getSendAs *req,
	struct tl_channels_sendAsPeers *reply)
{
	struct update_set seen = {0};
	struct send_as list = {0};
	struct roster roster;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL && send_as_list(call, peer.id, &list) < 0)
		return -1;
	roster_init(&roster, call->arena);
	reply->peers = tl_objects_new(call->arena, (uint32_t)list.count);
	for (size_t i = 0; i < list.count; i++) {
		struct tl_sendAsPeer *as = TL_NEW(call->arena, sendAsPeer);

		as->peer = encode_peer(call->arena, list.at[i]);
		reply->peers.at[i] = &as->o;
		roster_add(&roster, list.at[i]);
	}
	roster_view(call, &roster, &seen);
	reply->chats = encode_channels(call->arena, seen.channels, seen.channel_count);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	return 0;
}

/* https://core.telegram.org/method/messages.saveDefaultSendAs */
int api_messages_saveDefaultSendAs(
	struct call *call, const struct tl_messages_saveDefaultSendAs *req, bool *reply)
{
	struct peer peer, as;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_from_input(call, req->send_as, &as) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*reply = true;
	return send_as_set_default(call, peer.id, as);
}

/* https://core.telegram.org/method/messages.migrateChat */
int api_messages_migrateChat(
	struct call *call, const struct tl_messages_migrateChat *req, struct tl_object **reply)
{
	struct update_set answer;

	if (chat_migrate(call, req->chat_id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.getInactiveChannels: those that one could leave to make
 * room, the longest silent first. */
int api_channels_getInactiveChannels(struct call *call,
	const struct tl_channels_getInactiveChannels *req, struct tl_messages_inactiveChats *reply)
{
	struct channel_dialog *dialogs;
	size_t count;
	uint32_t found = 0;

	if (channel_dialogs(call, &dialogs, &count) < 0)
		return -1;
	reply->dates.at = arena_array(call->arena, INACTIVE_MAX, sizeof(*reply->dates.at));
	reply->chats = tl_objects_new(call->arena, INACTIVE_MAX);
	for (size_t i = count; i > 0 && found < INACTIVE_MAX; i--) {
		const struct channel_dialog *dialog = &dialogs[i - 1];

		if (dialog->view.my.role == ROLE_CREATOR ||
			dialog->dialog.top_date_s > call->now_s - INACTIVE_S)
			continue;
		reply->dates.at[found] = (int32_t)dialog->dialog.top_date_s;
		reply->chats.at[found++] = encode_channel(call->arena, &dialog->view);
	}
	reply->dates.count = reply->chats.count = found;
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}

/* ---- Names: there is one, and updateUsername changes it ---- */

static int own_channel(struct call *call, const struct tl_object *input, struct channel_view *view)
{
	int64_t id;

	if (channel_from_input(call, input, &id) < 0 || channel_open(call, id, view) < 0)
		return -1;
	return view->my.role == ROLE_CREATOR ? 0 : rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

static int only_name(struct call *call, const struct channel_view *view, struct bytes name)
{
	const bool own = name.size > 0 && bytes_equal(name, view->channel->username);

	return rpc_error(call, 400, own ? "USERNAME_NOT_MODIFIED" : "USERNAME_INVALID");
}

/* https://core.telegram.org/method/channels.reorderUsernames */
int api_channels_reorderUsernames(
	struct call *call, const struct tl_channels_reorderUsernames *req, bool *reply)
{
	struct channel_view view;

	if (own_channel(call, req->channel, &view) < 0)
		return -1;
	return only_name(
		call, &view, req->order.count == 1 ? req->order.at[0] : (struct bytes){NULL, 0});
}

/* https://core.telegram.org/method/channels.toggleUsername */
int api_channels_toggleUsername(
	struct call *call, const struct tl_channels_toggleUsername *req, bool *reply)
{
	struct channel_view view;

	if (own_channel(call, req->channel, &view) < 0)
		return -1;
	return only_name(call, &view, req->active ? req->username : (struct bytes){NULL, 0});
}

/* https://core.telegram.org/method/channels.deactivateAllUsernames: all but the one that can be
 * edited, that is: none. */
int api_channels_deactivateAllUsernames(
	struct call *call, const struct tl_channels_deactivateAllUsernames *req, bool *reply)
{
	struct channel_view view;

	if (own_channel(call, req->channel, &view) < 0)
		return -1;
	*reply = true;
	return 0;
}
