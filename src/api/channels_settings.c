/* SPDX-License-Identifier: Apache-2.0 */
/* channels.*: what admins switch. The rules are core/channels/channel_toggles.h. */
#include "api/encode_channel.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "core/channels/channel_toggles.h"

static int toggle(struct call *call, const struct tl_object *channel, enum channel_flag flag,
	bool on, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, channel, &id) < 0 ||
		channel_toggle(call, id, flag, on, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.togglePreHistoryHidden */
int api_channels_togglePreHistoryHidden(struct call *call,
	const struct tl_channels_togglePreHistoryHidden *req, struct tl_object **reply)
{
	return toggle(call, req->channel, CHANNEL_HISTORY_HIDDEN, req->enabled, reply);
}

/* https://core.telegram.org/method/channels.toggleJoinToSend */
int api_channels_toggleJoinToSend(
	struct call *call, const struct tl_channels_toggleJoinToSend *req, struct tl_object **reply)
{
	return toggle(call, req->channel, CHANNEL_JOIN_TO_SEND, req->enabled, reply);
}

/* https://core.telegram.org/method/channels.toggleJoinRequest. No bot can be a guard, as none can
 * be a member. */
int api_channels_toggleJoinRequest(struct call *call,
	const struct tl_channels_toggleJoinRequest *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (req->guard_bot)
		return rpc_error(call, 400, "BOT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_toggle_join_request(
			call, id, req->enabled, req->apply_to_invites, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.toggleAntiSpam */
int api_channels_toggleAntiSpam(
	struct call *call, const struct tl_channels_toggleAntiSpam *req, struct tl_object **reply)
{
	return toggle(call, req->channel, CHANNEL_ANTISPAM, req->enabled, reply);
}

/* https://core.telegram.org/method/channels.toggleParticipantsHidden */
int api_channels_toggleParticipantsHidden(struct call *call,
	const struct tl_channels_toggleParticipantsHidden *req, struct tl_object **reply)
{
	return toggle(call, req->channel, CHANNEL_MEMBERS_HIDDEN, req->enabled, reply);
}

/* https://core.telegram.org/method/channels.toggleAutotranslation */
int api_channels_toggleAutotranslation(struct call *call,
	const struct tl_channels_toggleAutotranslation *req, struct tl_object **reply)
{
	return toggle(call, req->channel, CHANNEL_AUTOTRANSLATION, req->enabled, reply);
}

/* https://core.telegram.org/method/channels.toggleSignatures. Before layer 189 there was one switch
 * and nothing about profiles. */
int api_channels_toggleSignatures(
	struct call *call, const struct tl_channels_toggleSignatures *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_set_signatures(call, id, req->signatures_enabled || req->enabled,
			req->profiles_enabled, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.toggleSlowMode */
int api_channels_toggleSlowMode(
	struct call *call, const struct tl_channels_toggleSlowMode *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_set_slowmode(call, id, req->seconds, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.convertToGigagroup */
int api_channels_convertToGigagroup(struct call *call,
	const struct tl_channels_convertToGigagroup *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_to_gigagroup(call, id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
