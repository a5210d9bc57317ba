/* SPDX-License-Identifier: Apache-2.0 */
/* channels.* and messages.* about posts that are a channel's alone; sending, editing and history
 * come through messages.*, which serves all kinds of peers. */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

/* 0: none. What another one answers, or what is pinned, is found first. */
static int id_of_input(
	struct call *call, int64_t channel, const struct tl_object *input, int32_t *id)
{
	const struct tl_inputMessageID *by_id = TL_AS(inputMessageID, input);
	const struct tl_inputMessageReplyTo *reply_to = TL_AS(inputMessageReplyTo, input);
	struct channel_dialog dialog;
	struct post_list list;

	*id = by_id ? by_id->id : 0;
	if (reply_to) {
		if (channel_posts_get(call, channel, &reply_to->id, 1, &list) < 0)
			return -1;
		if (list.count && !(list.posts->reply && list.posts->reply->peer.kind != PEER_NONE))
			*id = list.posts->reply_to;
	} else if (TL_AS(inputMessagePinned, input)) {
		if (channel_dialog(call, channel, &dialog) < 0)
			return -1;
		*id = dialog.dialog.pinned_id;
	}
	return 0;
}

/* https://core.telegram.org/method/channels.getMessages */
int api_channels_getMessages(
	struct call *call, const struct tl_channels_getMessages *req, struct tl_object **reply)
{
	int32_t ids[POSTS_PER_CALL_MAX];
	struct post_list list;
	int64_t id;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0)
		return -1;
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (id_of_input(call, id, req->id.at[i], &ids[i]) < 0)
			return -1;
	}
	if (channel_posts_get(call, id, ids, req->id.count, &list) < 0)
		return -1;
	*reply = encode_post_list(call->arena, &list, ids, req->id.count);
	return 0;
}

/* https://core.telegram.org/method/channels.readMessageContents */
int api_channels_readMessageContents(
	struct call *call, const struct tl_channels_readMessageContents *req, bool *reply)
{
	int64_t id;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_contents_read(call, id, req->id.at, req->id.count) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.deleteHistory */
int api_channels_deleteHistory(
	struct call *call, const struct tl_channels_deleteHistory *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_posts_clear(call, id, req->max_id, req->for_everyone, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/channels.getMessageAuthor */
int api_channels_getMessageAuthor(
	struct call *call, const struct tl_channels_getMessageAuthor *req, struct tl_object **reply)
{
	struct user author;
	int64_t id, user;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_post_author(call, id, req->id, &user) < 0)
		return -1;
	if (user_view(call, user, &author) < 0)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	*reply = encode_user(call->arena, &author);
	return 0;
}

/* Of a post in a thread with the post that the thread is about; of one among several that were sent
 * together, that it alone is meant. https://core.telegram.org/api/links#message-links */
static struct bytes link_of(struct call *call, const struct tl_channels_exportMessageLink *req,
	const struct channel *channel, const struct message *post)
{
	struct arena *arena = call->arena;
	const bool in_thread = req->thread && post->thread;
	const char *head, *tail;

	head = channel->username.size
		       ? arena_printf(arena, "https://t.me/%.*s", (int)channel->username.size,
				 (const char *)channel->username.data)
		       : arena_printf(arena, "https://t.me/c/%lld", (long long)channel->id);
	tail = in_thread ? arena_printf(arena, "?thread=%d", post->thread) : "";
	return bytes_from_str(arena_printf(arena, "%s/%d%s", head, post->id, tail));
}

/* https://core.telegram.org/method/channels.exportMessageLink */
int api_channels_exportMessageLink(struct call *call,
	const struct tl_channels_exportMessageLink *req, struct tl_exportedMessageLink *reply)
{
	struct post_list list;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_posts_get(call, id, &req->id, 1, &list) < 0)
		return -1;
	if (!list.count)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	reply->link = link_of(call, req, list.view.channel, list.posts);
	reply->html = bytes_from_str(arena_printf(call->arena, "<a href=\"%.*s\">%.*s</a>",
		(int)reply->link.size, (const char *)reply->link.data, (int)reply->link.size,
		(const char *)reply->link.data));
	return 0;
}

/* https://core.telegram.org/method/channels.readHistory */
int api_channels_readHistory(
	struct call *call, const struct tl_channels_readHistory *req, bool *reply)
{
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_read(call, id, req->max_id) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/channels.deleteMessages */
int api_channels_deleteMessages(struct call *call, const struct tl_channels_deleteMessages *req,
	struct tl_messages_affectedMessages *reply)
{
	int64_t id;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0)
		return -1;
	return channel_posts_delete(
		call, id, req->id.at, req->id.count, &reply->pts, &reply->pts_count);
}

static int32_t clip(int64_t value)
{
	return value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

/* Only posts are counted. */
static int no_views(struct call *call, uint32_t count, struct tl_messages_messageViews *reply)
{
	reply->views = tl_objects_new(call->arena, count);
	for (uint32_t i = 0; i < count; i++)
		reply->views.at[i] = &TL_NEW(call->arena, messageViews)->o;
	reply->chats = tl_objects_new(call->arena, 0);
	reply->users = tl_objects_new(call->arena, 0);
	return 0;
}

static struct tl_object *encode_views(struct arena *arena, const struct message *post)
{
	struct tl_messageViews *views = TL_NEW(arena, messageViews);

	views->has_views = post->id && post->post;
	views->views = clip(post->views);
	views->has_forwards = views->has_views;
	views->forwards = clip(post->forwards);
	if (post->replies)
		views->replies = encode_replies(arena, post->replies);
	return &views->o;
}

/* https://core.telegram.org/method/messages.getMessagesViews */
int api_messages_getMessagesViews(struct call *call, const struct tl_messages_getMessagesViews *req,
	struct tl_messages_messageViews *reply)
{
	struct message posts[POSTS_PER_CALL_MAX];
	struct update_set seen = {0};
	struct roster roster;
	struct peer peer;

	if (req->id.count > POSTS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return no_views(call, req->id.count, reply);
	if (channel_views_count(call, peer.id, req->id.at, req->id.count, req->increment, posts) <
		0)
		return -1;
	roster_init(&roster, call->arena);
	reply->views = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		const struct message counted = {.peer = peer, .replies = posts[i].replies};

		roster_add_message(&roster, &counted);
		reply->views.at[i] = encode_views(call->arena, &posts[i]);
	}
	roster_view(call, &roster, &seen);
	reply->chats = encode_channels(call->arena, seen.channels, seen.channel_count);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	return 0;
}
