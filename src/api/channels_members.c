/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: joining, leaving, and who is in a channel. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/roster.h"

/* https://core.telegram.org/method/channels.joinChannel */
int api_channels_joinChannel(struct call *call, const struct tl_channels_joinChannel *req,
	struct tl_messages_chatInviteJoinResultOk *reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 || channel_join(call, id, &answer) < 0)
		return -1;
	reply->updates = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.leaveChannel */
int api_channels_leaveChannel(
	struct call *call, const struct tl_channels_leaveChannel *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 || channel_leave(call, id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.inviteToChannel */
int api_channels_inviteToChannel(struct call *call, const struct tl_channels_inviteToChannel *req,
	struct tl_messages_invitedUsers *reply)
{
	int64_t users[CHANNEL_INVITES_MAX], missing[CHANNEL_INVITES_MAX];
	struct update_set answer;
	size_t missing_count;
	int64_t id;

	if (req->users.count > CHANNEL_INVITES_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0)
		return -1;
	for (uint32_t i = 0; i < req->users.count; i++)
		if (peer_user_from_input(call, req->users.at[i], &users[i]) < 0)
			return -1;
	if (channel_invite(call, id, users, req->users.count, missing, &missing_count, &answer) < 0)
		return -1;
	reply->updates = encode_updates(call->arena, &answer);
	reply->missing_invitees = tl_objects_new(call->arena, (uint32_t)missing_count);
	for (size_t i = 0; i < missing_count; i++) {
		struct tl_missingInvitee *invitee = TL_NEW(call->arena, missingInvitee);

		invitee->user_id = missing[i];
		reply->missing_invitees.at[i] = &invitee->o;
	}
	return 0;
}

static struct tl_objects members_users(
	struct call *call, const struct channel_member *members, size_t count)
{
	struct roster roster;
	struct user *users;
	size_t user_count;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < count; i++)
		roster_add(&roster, (struct peer){PEER_USER, members[i].user});
	roster_users(call, call->user, &roster, &users, &user_count);
	return encode_users(call->arena, users, user_count);
}

/* Nobody can be banned, and bots can't be members, yet: those lists are truly empty. Searching
 * members by name would open every profile: refused by an empty page as well. */
static bool filter_from_input(const struct tl_object *input, enum channel_member_filter *filter)
{
	*filter = MEMBERS_ALL;
	if (TL_AS(channelParticipantsAdmins, input)) {
		*filter = MEMBERS_ADMINS;
		return true;
	}
	return TL_AS(channelParticipantsRecent, input) != NULL;
}

/* https://core.telegram.org/method/channels.getParticipants */
int api_channels_getParticipants(
	struct call *call, const struct tl_channels_getParticipants *req, struct tl_object **reply)
{
	struct tl_channels_channelParticipants *page =
		TL_NEW(call->arena, channels_channelParticipants);
	struct channel_members members = {0};
	enum channel_member_filter filter;
	struct channel_view view;
	int64_t id;
	const bool served = filter_from_input(req->filter, &filter);

	if (channel_from_input(call, req->channel, &id) < 0 || channel_open(call, id, &view) < 0 ||
		channel_members(call, id, filter, req->offset, served ? req->limit : 0, &members) <
			0)
		return -1;
	page->count = served ? (int32_t)members.total : 0;
	page->participants = tl_objects_new(call->arena, (uint32_t)members.count);
	for (size_t i = 0; i < members.count; i++)
		page->participants.at[i] = encode_channel_member(
			call->arena, &members.at[i], call->user, view.channel->broadcast);
	page->chats = encode_channels(call->arena, &view, 1);
	page->users = members_users(call, members.at, members.count);
	*reply = &page->o;
	return 0;
}

/* https://core.telegram.org/method/channels.getParticipant */
int api_channels_getParticipant(struct call *call, const struct tl_channels_getParticipant *req,
	struct tl_channels_channelParticipant *reply)
{
	struct channel_member member;
	struct channel_view view;
	struct peer peer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		peer_from_input(call, req->participant, &peer) < 0)
		return -1;
	if (peer.kind != PEER_USER)
		return rpc_error(call, 400, "PARTICIPANT_ID_INVALID");
	if (channel_open(call, id, &view) < 0 || channel_member(call, id, peer.id, &member) < 0)
		return -1;
	reply->participant =
		encode_channel_member(call->arena, &member, call->user, view.channel->broadcast);
	reply->chats = encode_channels(call->arena, &view, 1);
	reply->users = members_users(call, &member, 1);
	return 0;
}
