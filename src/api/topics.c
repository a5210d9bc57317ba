/* SPDX-License-Identifier: Apache-2.0 */
/* messages.* and channels.*: topics of forums. Since layer 216 most are of messages.*, with a peer
 * where there was a channel: one function each does both. https://core.telegram.org/api/forum */
#include "core/posts/topics.h"

#include "api/encode_channel.h"
#include "api/encode_dialog.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/posts/topic_settings.h"

static int forum_from_peer(struct call *call, const struct tl_object *input, int64_t *id)
{
	struct peer peer;

	if (peer_from_input(call, input, &peer) < 0)
		return -1;
	*id = peer.id;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "CHANNEL_FORUM_MISSING");
	return 0;
}

static int send(
	struct call *call, int done, const struct update_set *answer, struct tl_object **reply)
{
	if (done < 0)
		return -1;
	*reply = encode_updates(call->arena, answer);
	return 0;
}

/* ---- Changing ---- */

static int create(struct call *call, int64_t channel, struct bytes title, int32_t color,
	int64_t emoji, int64_t random_id, const struct tl_object *send_as, struct tl_object **reply)
{
	const struct topic_change wanted = {.color = color, .emoji = emoji};
	struct update_set answer;
	struct peer as;

	if (send_as && peer_from_input(call, send_as, &as) < 0)
		return -1;
	if (send_as && (as.kind != PEER_USER || as.id != call->user))
		return rpc_error(call, 400, "SEND_AS_PEER_INVALID");
	return send(call, topic_create(call, channel, &wanted, title, random_id, &answer), &answer,
		reply);
}

/* https://core.telegram.org/method/messages.createForumTopic */
int api_messages_createForumTopic(
	struct call *call, const struct tl_messages_createForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	/* Names that are made up later are for conversations with bots. */
	if (req->title_missing)
		return rpc_error(call, 400, "TOPIC_TITLE_EMPTY");
	return create(call, channel, req->title, req->icon_color, req->icon_emoji_id,
		req->random_id, req->send_as, reply);
}

int api_channels_createForumTopic(
	struct call *call, const struct tl_channels_createForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return create(call, channel, req->title, req->icon_color, req->icon_emoji_id,
		req->random_id, req->send_as, reply);
}

static enum topic_switch switch_of(bool has, bool on)
{
	if (!has)
		return TOPIC_STAYS;
	return on ? TOPIC_ON : TOPIC_OFF;
}

static int edit(struct call *call, int64_t channel, int32_t id, const struct topic_change *wanted,
	struct bytes title, struct tl_object **reply)
{
	struct update_set answer;

	return send(call, topic_edit(call, channel, id, wanted, title, &answer), &answer, reply);
}

#define WANTED                                                                                     \
	(&(struct topic_change){.has_emoji = req->has_icon_emoji_id,                               \
		.emoji = req->icon_emoji_id,                                                       \
		.closed = switch_of(req->has_closed, req->closed),                                 \
		.hidden = switch_of(req->has_hidden, req->hidden)})

/* https://core.telegram.org/method/messages.editForumTopic */
int api_messages_editForumTopic(
	struct call *call, const struct tl_messages_editForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return edit(call, channel, req->topic_id, WANTED, req->title, reply);
}

int api_channels_editForumTopic(
	struct call *call, const struct tl_channels_editForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return edit(call, channel, req->topic_id, WANTED, req->title, reply);
}

static int pin(
	struct call *call, int64_t channel, int32_t id, bool pinned, struct tl_object **reply)
{
	struct update_set answer;

	return send(call, topic_pin(call, channel, id, pinned, &answer), &answer, reply);
}

/* https://core.telegram.org/method/messages.updatePinnedForumTopic */
int api_messages_updatePinnedForumTopic(struct call *call,
	const struct tl_messages_updatePinnedForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return pin(call, channel, req->topic_id, req->pinned, reply);
}

int api_channels_updatePinnedForumTopic(struct call *call,
	const struct tl_channels_updatePinnedForumTopic *req, struct tl_object **reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return pin(call, channel, req->topic_id, req->pinned, reply);
}

static int reorder(struct call *call, int64_t channel, const struct tl_ints *order, bool force,
	struct tl_object **reply)
{
	struct update_set answer;

	return send(call, topics_reorder(call, channel, order->at, order->count, force, &answer),
		&answer, reply);
}

/* https://core.telegram.org/method/messages.reorderPinnedForumTopics */
int api_messages_reorderPinnedForumTopics(struct call *call,
	const struct tl_messages_reorderPinnedForumTopics *req, struct tl_object **reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return reorder(call, channel, &req->order, req->force, reply);
}

int api_channels_reorderPinnedForumTopics(struct call *call,
	const struct tl_channels_reorderPinnedForumTopics *req, struct tl_object **reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return reorder(call, channel, &req->order, req->force, reply);
}

/* https://core.telegram.org/method/messages.deleteTopicHistory */
int api_messages_deleteTopicHistory(struct call *call,
	const struct tl_messages_deleteTopicHistory *req, struct tl_messages_affectedHistory *reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return topic_delete(
		call, channel, req->top_msg_id, &reply->pts, &reply->pts_count, &reply->offset);
}

int api_channels_deleteTopicHistory(struct call *call,
	const struct tl_channels_deleteTopicHistory *req, struct tl_messages_affectedHistory *reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return topic_delete(
		call, channel, req->top_msg_id, &reply->pts, &reply->pts_count, &reply->offset);
}

/* https://core.telegram.org/method/channels.toggleForum */
int api_channels_toggleForum(
	struct call *call, const struct tl_channels_toggleForum *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return send(call, channel_set_forum(call, channel, req->enabled, req->tabs, &answer),
		&answer, reply);
}

/* https://core.telegram.org/method/channels.toggleViewForumAsMessages */
int api_channels_toggleViewForumAsMessages(struct call *call,
	const struct tl_channels_toggleViewForumAsMessages *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return send(call, topics_view_set(call, channel, req->enabled, &answer), &answer, reply);
}

/* ---- Looking ---- */

static struct tl_object *encode_topic(struct call *call, int64_t channel, const struct topic *topic)
{
	const struct peer forum = {PEER_CHANNEL, channel};
	struct tl_forumTopicDeleted *gone;
	struct tl_forumTopic *out;
	struct message *draft;

	if (topic->deleted) {
		gone = TL_NEW(call->arena, forumTopicDeleted);
		gone->id = topic->id;
		return &gone->o;
	}
	out = TL_NEW(call->arena, forumTopic);
	out->my = topic->my;
	out->closed = topic->closed;
	out->pinned = topic->pinned;
	out->hidden = topic->hidden;
	out->id = topic->id;
	out->date = (int32_t)topic->date_s;
	out->peer = encode_peer(call->arena, forum);
	out->title = topic->title;
	out->icon_color = topic->color;
	out->icon_emoji_id = topic->emoji;
	out->has_icon_emoji_id = topic->emoji != 0;
	out->top_message = topic->marks.top;
	out->read_inbox_max_id = topic->marks.read_inbox;
	out->read_outbox_max_id = topic->marks.read_outbox;
	out->unread_count = topic->marks.unread;
	out->unread_mentions_count = topic->unread_mentions;
	out->unread_reactions_count = topic->unread_reactions;
	out->from_id = encode_peer(call->arena, topic->from);
	out->notify_settings = encode_notify(call->arena, topic_notify(call, channel, topic->id));
	draft = topic_draft(call, channel, topic->id);
	if (draft)
		out->draft = encode_draft(call->arena, draft);
	return &out->o;
}

static int list(struct call *call, int64_t channel, int done, const struct topic_list *topics,
	struct tl_messages_forumTopics *reply)
{
	if (done < 0)
		return -1;
	reply->count = topics->total;
	reply->topics = tl_objects_new(call->arena, (uint32_t)topics->count);
	for (size_t i = 0; i < topics->count; i++)
		reply->topics.at[i] = encode_topic(call, channel, &topics->at[i]);
	reply->messages = encode_messages(call->arena, topics->posts.posts, topics->posts.count);
	reply->chats = encode_post_channels(call->arena, &topics->posts);
	reply->users = encode_users(call->arena, topics->posts.users, topics->posts.user_count);
	reply->pts = topics->posts.pts;
	return 0;
}

static int find(struct call *call, int64_t channel, struct bytes words, int32_t offset_id,
	int32_t limit, struct tl_messages_forumTopics *reply)
{
	struct topic_list topics;

	return list(call, channel, topics_list(call, channel, words, offset_id, limit, &topics),
		&topics, reply);
}

/* https://core.telegram.org/method/messages.getForumTopics: topics go by their newest message,
 * whose id says all that date and topic would. */
int api_messages_getForumTopics(struct call *call, const struct tl_messages_getForumTopics *req,
	struct tl_messages_forumTopics *reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return find(call, channel, req->q, req->offset_id, req->limit, reply);
}

int api_channels_getForumTopics(struct call *call, const struct tl_channels_getForumTopics *req,
	struct tl_messages_forumTopics *reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return find(call, channel, req->q, req->offset_id, req->limit, reply);
}

static int by_id(struct call *call, int64_t channel, const struct tl_ints *ids,
	struct tl_messages_forumTopics *reply)
{
	struct topic_list topics;

	return list(call, channel, topics_get(call, channel, ids->at, ids->count, &topics), &topics,
		reply);
}

/* https://core.telegram.org/method/messages.getForumTopicsByID */
int api_messages_getForumTopicsByID(struct call *call,
	const struct tl_messages_getForumTopicsByID *req, struct tl_messages_forumTopics *reply)
{
	int64_t channel;

	if (forum_from_peer(call, req->peer, &channel) < 0)
		return -1;
	return by_id(call, channel, &req->topics, reply);
}

int api_channels_getForumTopicsByID(struct call *call,
	const struct tl_channels_getForumTopicsByID *req, struct tl_messages_forumTopics *reply)
{
	int64_t channel;

	if (channel_from_input(call, req->channel, &channel) < 0)
		return -1;
	return by_id(call, channel, &req->topics, reply);
}
