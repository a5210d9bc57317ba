/* SPDX-License-Identifier: Apache-2.0 */
/* InputPeer and InputUser. */
#include "api/peers.h"

#include "core/chats/chats.h"
#include "core/posts/posts.h"
#include "core/messages/messages.h"
#include "core/accounts/users.h"
#include "tl/schema.h"

static bool names_user(const struct message *message, int64_t user)
{
	if (message->from.kind == PEER_USER && message->from.id == user)
		return true;
	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_MENTION_NAME &&
			message->entities[i].id == user)
			return true;
	}
	return false;
}

/* A user whom the caller knows only from a message, which the caller must be able to see. */
static int user_from_message(struct call *call, const struct tl_object *input_peer, int32_t id,
	int64_t user, int64_t *out)
{
	struct peer peer;
	struct post_list posts = {0};
	struct message_list own = {0};

	if (peer_from_input(call, input_peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL && channel_posts_get(call, peer.id, &id, 1, &posts) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL && messages_get(call, &id, 1, &own) < 0)
		return -1;
	if (!(posts.count == 1 && names_user(&posts.posts[0], user)) &&
		!(own.count == 1 && names_user(&own.at[0], user)))
		return rpc_error(call, 400, "USER_ID_INVALID");
	*out = user;
	return 0;
}

static int user_by_hash(
	struct call *call, int64_t id, int64_t access_hash, const char *text, int64_t *out)
{
	if (!user_hash_is_right(call, id, access_hash))
		return rpc_error(call, 400, text);
	*out = id;
	return 0;
}

int peer_user_from_input(struct call *call, const struct tl_object *input, int64_t *id)
{
	const struct tl_inputUser *user = TL_AS(inputUser, input);
	const struct tl_inputUserFromMessage *seen = TL_AS(inputUserFromMessage, input);

	if (user)
		return user_by_hash(call, user->user_id, user->access_hash, "USER_ID_INVALID", id);
	if (seen)
		return user_from_message(call, seen->peer, seen->msg_id, seen->user_id, id);
	if (!TL_AS(inputUserSelf, input))
		return rpc_error(call, 400, "USER_ID_INVALID");
	*id = call->user;
	return 0;
}

int peer_from_input(struct call *call, const struct tl_object *input, struct peer *out)
{
	const struct tl_inputPeerUser *user = TL_AS(inputPeerUser, input);
	const struct tl_inputPeerChannel *channel = TL_AS(inputPeerChannel, input);
	const struct tl_inputPeerUserFromMessage *seen = TL_AS(inputPeerUserFromMessage, input);
	const struct tl_inputPeerChat *chat = TL_AS(inputPeerChat, input);

	*out = (struct peer){PEER_USER, call->user};
	if (TL_AS(inputPeerSelf, input))
		return 0;
	if (user)
		return user_by_hash(
			call, user->user_id, user->access_hash, "PEER_ID_INVALID", &out->id);
	if (seen)
		return user_from_message(call, seen->peer, seen->msg_id, seen->user_id, &out->id);
	if (chat) {
		*out = (struct peer){PEER_CHAT, chat->chat_id};
		return chat_known(call, chat->chat_id);
	}
	if (!channel)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (channel_access_hash(call, channel->channel_id) != channel->access_hash)
		return rpc_error(call, 400, "CHANNEL_INVALID");
	*out = (struct peer){PEER_CHANNEL, channel->channel_id};
	return 0;
}

int member_from_input(struct call *call, const struct tl_object *input, int64_t *member)
{
	struct peer peer;

	if (peer_from_input(call, input, &peer) < 0)
		return -1;
	if (peer.kind != PEER_USER && peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PARTICIPANT_ID_INVALID");
	*member = peer.kind == PEER_CHANNEL ? -peer.id : peer.id;
	return 0;
}

struct peer peer_named(const struct call *call, const struct tl_object *input)
{
	const struct tl_inputPeerUser *user = TL_AS(inputPeerUser, input);
	const struct tl_inputPeerChannel *channel = TL_AS(inputPeerChannel, input);
	const struct tl_inputPeerChat *chat = TL_AS(inputPeerChat, input);

	if (user)
		return (struct peer){PEER_USER, user->user_id};
	if (channel)
		return (struct peer){PEER_CHANNEL, channel->channel_id};
	if (chat)
		return (struct peer){PEER_CHAT, chat->chat_id};
	if (TL_AS(inputPeerSelf, input))
		return (struct peer){PEER_USER, call->user};
	return (struct peer){0};
}

struct tl_object *encode_peer(struct arena *arena, struct peer peer)
{
	struct tl_peerChannel *channel;
	struct tl_peerChat *chat;
	struct tl_peerUser *user;

	if (peer.kind == PEER_CHANNEL) {
		channel = TL_NEW(arena, peerChannel);
		channel->channel_id = peer.id;
		return &channel->o;
	}
	if (peer.kind == PEER_CHAT) {
		chat = TL_NEW(arena, peerChat);
		chat->chat_id = peer.id;
		return &chat->o;
	}
	user = TL_NEW(arena, peerUser);
	user->user_id = peer.id;
	return &user->o;
}

struct tl_object *encode_input_peer(struct call *call, struct peer peer)
{
	struct tl_inputPeerChannel *channel;
	struct tl_inputPeerChat *chat;
	struct tl_inputPeerUser *user;

	if (peer.kind == PEER_CHAT) {
		chat = TL_NEW(call->arena, inputPeerChat);
		chat->chat_id = peer.id;
		return &chat->o;
	}
	if (peer.kind == PEER_CHANNEL) {
		channel = TL_NEW(call->arena, inputPeerChannel);
		channel->channel_id = peer.id;
		channel->access_hash = channel_access_hash(call, peer.id);
		return &channel->o;
	}
	if (peer.id == call->user)
		return &TL_NEW(call->arena, inputPeerSelf)->o;
	user = TL_NEW(call->arena, inputPeerUser);
	user->user_id = peer.id;
	user->access_hash = vault_access_hash(call->store->vault, call->user, PEER_USER, peer.id);
	return &user->o;
}
