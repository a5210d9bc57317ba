/* SPDX-License-Identifier: Apache-2.0 */
/* messages.* and account.*: reactions. https://core.telegram.org/api/reactions */
#include "core/messages/reactions.h"

#include "api/encode_chat.h"
#include "api/encode_media.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/reactions.h"
#include "core/channels/channel_toggles.h"
#include "core/posts/post_reactions.h"
#include "core/channels/roster.h"

/* ---- From clients ---- */

/* Custom emoji and stars are paid for, and there is no premium here. */
static int emoji_from(struct call *call, const struct tl_object *input, struct bytes *out)
{
	const struct tl_reactionEmoji *emoji = TL_AS(reactionEmoji, input);

	if (TL_AS(reactionEmpty, input))
		return rpc_error(call, 400, "REACTION_EMPTY");
	if (TL_AS(reactionCustomEmoji, input))
		return rpc_error(call, 403, "PREMIUM_ACCOUNT_REQUIRED");
	if (!emoji)
		return rpc_error(call, 400, "REACTION_INVALID");
	*out = emoji->emoticon;
	return 0;
}

/* ---- Messages ---- */

/* https://core.telegram.org/method/messages.sendReaction */
int api_messages_sendReaction(
	struct call *call, const struct tl_messages_sendReaction *req, struct tl_object **reply)
{
	struct bytes emojis[REACTIONS_PER_PERSON] = {{0}};
	struct reaction_request request = {.emojis = emojis,
		.count = req->reaction.count,
		.big = req->big,
		.remember = req->add_to_recent};
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	for (uint32_t i = 0; i < req->reaction.count && i < REACTIONS_PER_PERSON; i++) {
		if (emoji_from(call, req->reaction.at[i], &emojis[i]) < 0)
			return -1;
	}
	if (reaction_send(call, peer, req->msg_id, &request, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getMessagesReactions */
int api_messages_getMessagesReactions(struct call *call,
	const struct tl_messages_getMessagesReactions *req, struct tl_object **reply)
{
	struct update_set answer = {.date_s = call->now_s};
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		reactions_get(call, peer, req->id.at, req->id.count, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getMessageReactionsList */
int api_messages_getMessageReactionsList(struct call *call,
	const struct tl_messages_getMessageReactionsList *req,
	struct tl_messages_messageReactionsList *reply)
{
	struct update_set seen = {0};
	struct reaction_page page;
	struct bytes emoji = {0};
	struct roster roster;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		(req->reaction && emoji_from(call, req->reaction, &emoji) < 0) ||
		reactions_list(call, peer, req->id, emoji, req->offset, req->limit, &page) < 0)
		return -1;
	roster_init(&roster, call->arena);
	reply->count = page.total;
	reply->reactions = tl_objects_new(call->arena, (uint32_t)page.count);
	for (size_t i = 0; i < page.count; i++) {
		roster_add(&roster, page.at[i].by);
		reply->reactions.at[i] = encode_reaction_of(call->arena, &page.at[i], call->user);
	}
	roster_view(call, &roster, &seen);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	reply->chats = tl_objects_new(call->arena, 0);
	reply->next_offset = page.next;
	return 0;
}

/* As a channel nobody reacts. */
static int whose_from(struct call *call, const struct tl_object *peer,
	const struct tl_object *participant, struct peer *in, int64_t *user)
{
	struct peer whose;

	if (peer_from_input(call, peer, in) < 0 || peer_from_input(call, participant, &whose) < 0)
		return -1;
	if ((in->kind != PEER_CHANNEL && in->kind != PEER_CHAT) || whose.kind != PEER_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*user = whose.id;
	return 0;
}

/* https://core.telegram.org/method/messages.deleteParticipantReaction */
int api_messages_deleteParticipantReaction(struct call *call,
	const struct tl_messages_deleteParticipantReaction *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t user = 0;
	struct peer in;

	if (whose_from(call, req->peer, req->participant, &in, &user) < 0)
		return -1;
	if (in.kind == PEER_CHAT ? reaction_take(call, in.id, req->msg_id, user, &answer) < 0
				 : post_reaction_take(call, in.id, req->msg_id, user, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteParticipantReactions */
int api_messages_deleteParticipantReactions(
	struct call *call, const struct tl_messages_deleteParticipantReactions *req, bool *reply)
{
	int64_t user = 0;
	struct peer in;

	if (whose_from(call, req->peer, req->participant, &in, &user) < 0)
		return -1;
	*reply = true;
	return in.kind == PEER_CHAT ? reactions_take_all(call, in.id, user)
				    : post_reactions_take_all(call, in.id, user);
}

/* https://core.telegram.org/method/messages.reportReaction */
int api_messages_reportReaction(
	struct call *call, const struct tl_messages_reportReaction *req, bool *reply)
{
	struct peer peer, by;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_from_input(call, req->reaction_peer, &by) < 0 ||
		reaction_report(call, peer, req->id, by) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* ---- Groups ---- */

static int rules_from(struct call *call, const struct tl_object *input, struct chat_reactions *out)
{
	const struct tl_chatReactionsSome *some = TL_AS(chatReactionsSome, input);
	bool taken[REACTION_KINDS] = {false};
	struct bytes emoji;
	int kind;

	out->mode = TL_AS(chatReactionsAll, input) ? CHAT_REACTIONS_ALL : CHAT_REACTIONS_NONE;
	for (uint32_t i = 0; some && i < some->reactions.count; i++) {
		if (emoji_from(call, some->reactions.at[i], &emoji) < 0)
			return -1;
		kind = reaction_kind_of(call->arena, emoji);
		if (kind < 0)
			return rpc_error(call, 400, "REACTION_INVALID");
		if (!taken[kind])
			out->kinds[out->kind_count++] = (uint8_t)kind;
		taken[kind] = true;
		out->mode = CHAT_REACTIONS_SOME;
	}
	return 0;
}

/* https://core.telegram.org/method/messages.setChatAvailableReactions */
int api_messages_setChatAvailableReactions(struct call *call,
	const struct tl_messages_setChatAvailableReactions *req, struct tl_object **reply)
{
	struct chat_reactions rules = {.mode = CHAT_REACTIONS_ALL};
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHAT && peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (rules_from(call, req->available_reactions, &rules) < 0)
		return -1;
	/* Nobody pays here. */
	if (req->paid_enabled)
		return rpc_error(call, 400, "REACTION_INVALID");
	if (req->has_reactions_limit && req->reactions_limit > 0 &&
		req->reactions_limit < REACTIONS_UNIQUE_MAX)
		rules.unique_max = req->reactions_limit;
	if (peer.kind == PEER_CHANNEL ? channel_set_reactions(call, peer.id, &rules, &answer) < 0
				      : chat_reactions_set(call, peer.id, &rules, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

static struct tl_object *encode_kind(struct arena *arena, int kind)
{
	struct tl_reactionEmoji *emoji = TL_NEW(arena, reactionEmoji);

	emoji->emoticon = bytes_from_str(reaction_kinds[kind].emoji);
	return &emoji->o;
}

static struct tl_object *encode_rules(struct arena *arena, const struct chat_reactions *rules)
{
	struct tl_chatReactionsSome *some;

	if (rules->mode == CHAT_REACTIONS_ALL)
		return &TL_NEW(arena, chatReactionsAll)->o;
	if (rules->mode == CHAT_REACTIONS_NONE)
		return &TL_NEW(arena, chatReactionsNone)->o;
	some = TL_NEW(arena, chatReactionsSome);
	some->reactions = tl_objects_new(arena, (uint32_t)rules->kind_count);
	for (size_t i = 0; i < rules->kind_count; i++)
		some->reactions.at[i] = encode_kind(arena, rules->kinds[i]);
	return &some->o;
}

struct tl_object *encode_chat_reactions(struct call *call, int64_t chat, int32_t *unique_max)
{
	struct chat_reactions rules;

	chat_reactions_get(call, chat, &rules);
	*unique_max = rules.unique_max;
	return encode_rules(call->arena, &rules);
}

struct tl_object *encode_channel_reactions(
	struct arena *arena, const struct channel_settings *settings)
{
	struct chat_reactions rules;

	channel_reactions(arena, settings, &rules);
	return encode_rules(arena, &rules);
}

/* ---- What there is, and what one likes ---- */

/* A list may be asked for with the hash of the last answer. Never 0, which says "I have none". */
static int64_t hash_of(const uint8_t *kinds, size_t count)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ kinds[i]) * 0x100000001b3u;
	return (int64_t)(hash >> 1 | 1);
}

static struct tl_object *encode_kinds(
	struct call *call, const uint8_t *kinds, size_t count, int32_t limit, int64_t hash)
{
	struct tl_messages_reactions *out = TL_NEW(call->arena, messages_reactions);

	if (limit > 0 && (size_t)limit < count)
		count = (size_t)limit;
	out->hash = count ? hash_of(kinds, count) : 0;
	if (hash && hash == out->hash)
		return &TL_NEW(call->arena, messages_reactionsNotModified)->o;
	out->reactions = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		out->reactions.at[i] = encode_kind(call->arena, kinds[i]);
	return &out->o;
}

/* https://core.telegram.org/method/messages.getTopReactions */
int api_messages_getTopReactions(
	struct call *call, const struct tl_messages_getTopReactions *req, struct tl_object **reply)
{
	uint8_t kinds[REACTION_KINDS];

	reactions_top(call, kinds);
	*reply = encode_kinds(call, kinds, REACTION_KINDS, req->limit, req->hash);
	return 0;
}

/* https://core.telegram.org/method/messages.getRecentReactions */
int api_messages_getRecentReactions(struct call *call,
	const struct tl_messages_getRecentReactions *req, struct tl_object **reply)
{
	struct reaction_settings settings;

	reaction_settings_get(call, &settings);
	*reply = encode_kinds(call, settings.recent, settings.recent_count, req->limit, req->hash);
	return 0;
}

/* https://core.telegram.org/method/messages.clearRecentReactions */
int api_messages_clearRecentReactions(
	struct call *call, const struct tl_messages_clearRecentReactions *req, bool *reply)
{
	reactions_clear_recent(call);
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/messages.setDefaultReaction: clients find it in the config. */
int api_messages_setDefaultReaction(
	struct call *call, const struct tl_messages_setDefaultReaction *req, bool *reply)
{
	struct bytes emoji;

	if (emoji_from(call, req->reaction, &emoji) < 0 || reaction_set_favourite(call, emoji) < 0)
		return -1;
	*reply = true;
	return 0;
}

struct tl_object *encode_default_reaction(struct call *call)
{
	struct reaction_settings settings = {0};

	if (call->user)
		reaction_settings_get(call, &settings);
	return encode_kind(call->arena, settings.favourite);
}
