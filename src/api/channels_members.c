/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: joining, leaving, and who is in a channel. */
#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/encode_user.h"
#include "api/peers.h"
#include "core/channels/channel_heirs.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

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

/* https://core.telegram.org/method/channels.getFutureCreatorAfterLeave */
int api_channels_getFutureCreatorAfterLeave(struct call *call,
	const struct tl_channels_getFutureCreatorAfterLeave *req, struct tl_object **reply)
{
	struct user seen;
	int64_t id, heir;

	if (channel_from_input(call, req->channel, &id) < 0 || channel_heir(call, id, &heir) < 0 ||
		user_view(call, heir, &seen) < 0)
		return -1;
	*reply = encode_user(call->arena, &seen);
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

/* Those who are named in it; the channel itself too. */
static void members_view(struct call *call, const struct channel_view *view,
	const struct channel_member *members, size_t count, struct tl_objects *chats,
	struct tl_objects *users)
{
	struct update_set seen = {0};
	struct roster roster;

	roster_init(&roster, call->arena);
	roster_add(&roster, (struct peer){PEER_CHANNEL, view->channel->id});
	for (size_t i = 0; i < count; i++) {
		roster_add(&roster, channel_member_peer(members[i].user));
		if (members[i].by_user)
			roster_add(&roster, (struct peer){PEER_USER, members[i].by_user});
		if (members[i].inviter)
			roster_add(&roster, (struct peer){PEER_USER, members[i].inviter});
	}
	roster_view(call, &roster, &seen);
	*users = encode_users(call->arena, seen.users, seen.user_count);
	*chats = encode_channels(call->arena, seen.channels, seen.channel_count);
}

static void query_from_input(const struct tl_object *filter, struct channel_member_query *query)
{
	const struct tl_channelParticipantsSearch *search;
	const struct tl_channelParticipantsKicked *kicked;
	const struct tl_channelParticipantsBanned *banned;
	const struct tl_channelParticipantsContacts *contacts;
	const struct tl_channelParticipantsMentions *mentions;

	if (TL_AS(channelParticipantsAdmins, filter))
		query->filter = MEMBERS_ADMINS;
	else if (TL_AS(channelParticipantsBots, filter))
		query->filter = MEMBERS_BOTS;
	else if ((search = TL_AS(channelParticipantsSearch, filter)))
		query->words = search->q;
	else if ((kicked = TL_AS(channelParticipantsKicked, filter)))
		query->filter = MEMBERS_OUT, query->words = kicked->q;
	else if ((banned = TL_AS(channelParticipantsBanned, filter)))
		query->filter = MEMBERS_LIMITED, query->words = banned->q;
	else if ((contacts = TL_AS(channelParticipantsContacts, filter)))
		query->filter = MEMBERS_CONTACTS, query->words = contacts->q;
	else if ((mentions = TL_AS(channelParticipantsMentions, filter)))
		query->filter = MEMBERS_MENTIONS, query->words = mentions->q;
}

/* Of who they are, in which standing. */
static int64_t members_hash(const struct channel_members *members)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < members->count; i++) {
		const struct channel_member *member = &members->at[i];

		hash = list_hash(hash, (uint64_t)member->user);
		hash = list_hash(hash, (uint64_t)member->changed_at_s);
		hash = list_hash(hash, (uint64_t)member->standing.role);
	}
	return (int64_t)hash;
}

/* https://core.telegram.org/method/channels.getParticipants */
int api_channels_getParticipants(
	struct call *call, const struct tl_channels_getParticipants *req, struct tl_object **reply)
{
	struct tl_channels_channelParticipants *page;
	struct channel_member_query query = {.offset = req->offset, .limit = req->limit};
	struct channel_members members;
	struct channel_view view;
	int64_t id;

	query_from_input(req->filter, &query);
	if (channel_from_input(call, req->channel, &id) < 0 || channel_open(call, id, &view) < 0 ||
		channel_members(call, id, &query, &members) < 0)
		return -1;
	if (req->hash && req->hash == members_hash(&members)) {
		*reply = &TL_NEW(call->arena, channels_channelParticipantsNotModified)->o;
		return 0;
	}
	page = TL_NEW(call->arena, channels_channelParticipants);
	page->count = (int32_t)members.total;
	page->participants = tl_objects_new(call->arena, (uint32_t)members.count);
	for (size_t i = 0; i < members.count; i++)
		page->participants.at[i] =
			encode_channel_member(call->arena, &members.at[i], call->user);
	members_view(call, &view, members.at, members.count, &page->chats, &page->users);
	*reply = &page->o;
	return 0;
}

/* A channel is no member of another, but it may be banned from it.
 * https://core.telegram.org/method/channels.getParticipant */
int api_channels_getParticipant(struct call *call, const struct tl_channels_getParticipant *req,
	struct tl_channels_channelParticipant *reply)
{
	struct channel_member member;
	struct channel_view view;
	int64_t id, whose;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		member_from_input(call, req->participant, &whose) < 0 ||
		channel_open(call, id, &view) < 0 || channel_member(call, id, whose, &member) < 0)
		return -1;
	reply->participant = encode_channel_member(call->arena, &member, call->user);
	members_view(call, &view, &member, 1, &reply->chats, &reply->users);
	return 0;
}
