/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: making, showing and changing channels. Members are in channels_members.c, posts in
 * channels_posts.c. */
#include "api/encode_bot.h"
#include "api/encode_channel.h"
#include "api/encode_invite.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/bots/bot_ears.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_stats.h"
#include "core/dialogs/dialogs.h"
#include "core/channels/roster.h"

#define GET_CHANNELS_MAX 100 /* ids looked at in one call */

/* https://core.telegram.org/method/channels.createChannel */
int api_channels_createChannel(
	struct call *call, const struct tl_channels_createChannel *req, struct tl_object **reply)
{
	/* Some clients name neither kind: a broadcast channel, as the method's name says. What is
	 * imported later (for_import) is made as any other; but only groups are, so that without a
	 * kind it is TDLib 1.8.65, which sets this flag where it means a forum. */
	const bool forum = req->forum || (req->for_import && !req->megagroup && !req->broadcast);
	const struct channel_draft draft = {.title = req->title,
		.about = req->about,
		.broadcast = !req->megagroup && !forum,
		.forum = forum,
		.period_s = req->has_ttl_period ? req->ttl_period : 0};
	struct update_set answer;

	if ((req->broadcast && (req->megagroup || req->forum)) || req->geo_point)
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

/* Links and requests are for who may invite. roster: who asks. */
static void full_invites(struct call *call, const struct channel_view *view,
	struct tl_object *full_chat, struct roster *roster)
{
	struct tl_channelFull *full = TL_AS(channelFull, full_chat);
	struct invite_glance glance;

	if (!channel_admin_may(view, ADMIN_INVITE))
		return;
	glance = encode_invite_glance(call, (struct peer){PEER_CHANNEL, view->channel->id}, roster);
	full->exported_invite = glance.link;
	if (!glance.waiting)
		return;
	full->requests_pending = glance.waiting;
	full->has_requests_pending = true;
	full->recent_requesters =
		(struct tl_longs){.count = (uint32_t)glance.recent_count, .at = glance.recent};
}

/* Served where everything is: at the DC that the client takes this for. */
static void offer_stats(
	struct call *call, const struct channel_view *view, struct tl_channelFull *full)
{
	full->can_view_stats = full->has_stats_dc = stats_may_view(view);
	full->stats_dc = call->dc;
}

static void full_members(
	struct call *call, const struct channel_view *view, struct tl_object *full_chat)
{
	struct tl_channelFull *full = TL_AS(channelFull, full_chat);
	struct channel_counts counts;

	channel_counts(call, view, &counts);
	full->can_view_participants = counts.members_shown;
	full->participants_hidden = (view->channel->settings.flags & CHANNEL_MEMBERS_HIDDEN) != 0;
	full->slowmode_next_send_date = (int32_t)counts.next_send_s;
	full->has_slowmode_next_send_date = counts.next_send_s != 0;
	full->slowmode_seconds = view->channel->settings.slowmode_s;
	full->has_slowmode_seconds = full->slowmode_seconds > 0;
	if (!channel_is_admin(view))
		return;
	full->admins_count = (int32_t)counts.admins;
	full->kicked_count = (int32_t)counts.kicked;
	full->banned_count = (int32_t)counts.limited;
	full->has_admins_count = full->has_kicked_count = full->has_banned_count = true;
}

/* Bots that members of a group may ask for something. */
static void full_bots(struct call *call, const struct channel_view *view,
	struct tl_object *full_chat, struct roster *roster)
{
	int64_t bots[BOTS_PER_GROUP_MAX];
	const size_t count =
		channel_is_member(view) ? bots_in_channel(call, view->channel->id, bots) : 0;

	TL_AS(channelFull, full_chat)->bot_info = encode_bot_infos(call, bots, count);
	for (size_t i = 0; i < count; i++)
		roster_add(roster, (struct peer){PEER_USER, bots[i]});
}

/* https://core.telegram.org/method/channels.getFullChannel */
int api_channels_getFullChannel(struct call *call, const struct tl_channels_getFullChannel *req,
	struct tl_messages_chatFull *reply)
{
	struct update_set seen = {0};
	struct channel_dialog dialog;
	struct channel_view view;
	struct roster roster;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_dialog(call, id, &dialog) < 0)
		return -1;
	view = dialog.view;
	if (view.restricted)
		return rpc_error(call, 400, "CHAT_RESTRICTED");
	dialog_complete(call, NULL, &dialog.dialog);
	reply->full_chat = encode_channel_full(call->arena, &view, &dialog.dialog);
	full_members(call, &view, reply->full_chat);
	roster_init(&roster, call->arena);
	full_bots(call, &view, reply->full_chat, &roster);
	full_invites(call, &view, reply->full_chat, &roster);
	offer_stats(call, &view, TL_AS(channelFull, reply->full_chat));
	encode_full_links(call, reply->full_chat, &view, &roster);
	roster_add(&roster, (struct peer){PEER_CHANNEL, id});
	roster_view(call, &roster, &seen);
	reply->chats = encode_chats_and_channels(
		call->arena, seen.chats, seen.chat_count, seen.channels, seen.channel_count);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	return 0;
}

/* https://core.telegram.org/method/channels.checkUsername; inputChannelEmpty: a channel that is
 * still to be made. */
int api_channels_checkUsername(
	struct call *call, const struct tl_channels_checkUsername *req, bool *reply)
{
	int64_t id = 0;

	if (!TL_AS(inputChannelEmpty, req->channel) &&
		channel_from_input(call, req->channel, &id) < 0)
		return -1;
	return channel_username_check(call, id, req->username, reply);
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
		if (views.at[i].my.role == ROLE_CREATOR && views.at[i].channel->in_square)
			chats->chats.at[found++] = encode_channel(call->arena, &views.at[i]);
	chats->chats.count = found;
	*reply = &chats->o;
	return 0;
}
