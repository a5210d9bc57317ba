/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: what admins make of others. The rules are core/channels/channel_standing.h. */
#include "core/channels/channel_standing.h"

#include "api/encode_channel.h"
#include "api/encode_rights.h"
#include "api/encode_session.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"

/* https://core.telegram.org/method/channels.editAdmin */
int api_channels_editAdmin(
	struct call *call, const struct tl_channels_editAdmin *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id, user;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		peer_user_from_input(call, req->user_id, &user) < 0 ||
		channel_edit_admin(call, id, user, admin_rights_from_input(req->admin_rights),
			req->rank, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.editBanned */
int api_channels_editBanned(
	struct call *call, const struct tl_channels_editBanned *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id, member, until_s;
	uint32_t banned;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		member_from_input(call, req->participant, &member) < 0)
		return -1;
	banned = banned_rights_from_input(req->banned_rights, &until_s);
	if (channel_edit_banned(call, id, member, banned, until_s, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* Before clients offer it they ask, without a password and of no channel, what is missing. */
static int may_ask(struct call *call, const struct tl_object *password)
{
	const struct password_answer none = {.given = false};

	return TL_AS(inputCheckPasswordEmpty, password) ? channel_creator_prove(call, &none) : 0;
}

static int edit_creator(struct call *call, int64_t id, const struct tl_object *heir,
	const struct tl_object *password, struct tl_object **reply)
{
	const struct password_answer given = decode_password_answer(password);
	struct update_set answer;
	int64_t user;

	if (peer_user_from_input(call, heir, &user) < 0 ||
		channel_edit_creator(call, id, user, &given, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.editCreator */
int api_channels_editCreator(
	struct call *call, const struct tl_channels_editCreator *req, struct tl_object **reply)
{
	int64_t id;

	if (may_ask(call, req->password) < 0 || channel_from_input(call, req->channel, &id) < 0)
		return -1;
	return edit_creator(call, id, req->user_id, req->password, reply);
}

/* As clients of newer layers ask for the same. A basic group stays its maker's. */
int api_messages_editChatCreator(
	struct call *call, const struct tl_messages_editChatCreator *req, struct tl_object **reply)
{
	struct peer peer;

	if (may_ask(call, req->password) < 0 || peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return edit_creator(call, peer.id, req->user_id, req->password, reply);
}

/* Members of basic groups have no ranks. */
int api_messages_editChatParticipantRank(struct call *call,
	const struct tl_messages_editChatParticipantRank *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer, participant;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_from_input(call, req->participant, &participant) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (participant.kind != PEER_USER)
		return rpc_error(call, 400, "PARTICIPANT_ID_INVALID");
	if (channel_edit_rank(call, peer.id, participant.id, req->rank, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.deleteParticipantHistory */
int api_channels_deleteParticipantHistory(struct call *call,
	const struct tl_channels_deleteParticipantHistory *req,
	struct tl_messages_affectedHistory *reply)
{
	int64_t id, member;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		member_from_input(call, req->participant, &member) < 0)
		return -1;
	return channel_delete_posts_of(
		call, id, member, &reply->pts, &reply->pts_count, &reply->offset);
}
