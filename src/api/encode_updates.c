/* SPDX-License-Identifier: Apache-2.0 */
/* struct update as TL, a function per shape. https://core.telegram.org/api/updates */
#include "api/encode_updates.h"

#include "api/encode_chat.h"
#include "api/encode_dialog.h"
#include "api/encode_media.h"
#include "api/encode_message.h"
#include "api/encode_poll.h"
#include "api/encode_privacy.h"
#include "api/encode_secret.h"
#include "api/encode_user.h"
#include "api/peer_settings.h"
#include "api/peers.h"
#include "api/typing.h"
#include "tl/schema.h"

#define ENCODE_MESSAGE_UPDATE(constructor)                                                         \
	{                                                                                          \
		struct tl_##constructor *t = TL_NEW(arena, constructor);                           \
		t->message = encode_message(arena, u->message);                                    \
		t->pts = u->pts;                                                                   \
		t->pts_count = u->pts_count;                                                       \
		return &t->o;                                                                      \
	}

static struct tl_object *encode_message_update(struct arena *arena, const struct update *u)
{
	switch (u->kind) {
	case UPDATE_EDIT_MESSAGE:
		ENCODE_MESSAGE_UPDATE(updateEditMessage)
	case UPDATE_NEW_POST:
		ENCODE_MESSAGE_UPDATE(updateNewChannelMessage)
	case UPDATE_EDIT_POST:
		ENCODE_MESSAGE_UPDATE(updateEditChannelMessage)
	default:
		ENCODE_MESSAGE_UPDATE(updateNewMessage)
	}
}

/* No game and no message of another chat is asked about: any number tells the chats apart. */
static struct tl_object *encode_callback(struct arena *arena, const struct update *u)
{
	struct tl_updateBotCallbackQuery *t = TL_NEW(arena, updateBotCallbackQuery);

	t->query_id = u->random_id;
	t->user_id = u->by.id;
	t->peer = encode_peer(arena, u->peer);
	t->msg_id = u->max_id;
	t->chat_instance = (int64_t)u->peer.kind << 56 ^ u->peer.id;
	t->data = u->data;
	return &t->o;
}

static struct tl_ints encode_ids(const struct update *u)
{
	return (struct tl_ints){.count = (uint32_t)u->id_count, .at = u->ids};
}

static struct tl_object *encode_deletion(struct arena *arena, const struct update *u)
{
	struct tl_updateDeleteMessages *own;
	struct tl_updateDeleteChannelMessages *posts;

	if (u->kind == UPDATE_DELETE_MESSAGES) {
		own = TL_NEW(arena, updateDeleteMessages);
		own->messages = encode_ids(u);
		own->pts = u->pts;
		own->pts_count = u->pts_count;
		return &own->o;
	}
	posts = TL_NEW(arena, updateDeleteChannelMessages);
	posts->channel_id = u->peer.id;
	posts->messages = encode_ids(u);
	posts->pts = u->pts;
	posts->pts_count = u->pts_count;
	return &posts->o;
}

static struct tl_object *encode_read(struct arena *arena, const struct update *u)
{
	struct tl_updateReadHistoryInbox *inbox;
	struct tl_updateReadHistoryOutbox *outbox;
	struct tl_updateReadChannelInbox *channel;
	struct tl_updateReadChannelOutbox *posts;

	if (u->kind == UPDATE_READ_INBOX) {
		inbox = TL_NEW(arena, updateReadHistoryInbox);
		inbox->peer = encode_peer(arena, u->peer);
		inbox->max_id = u->max_id;
		inbox->still_unread_count = u->unread;
		inbox->pts = u->pts;
		inbox->pts_count = u->pts_count;
		return &inbox->o;
	}
	if (u->kind == UPDATE_READ_OUTBOX) {
		outbox = TL_NEW(arena, updateReadHistoryOutbox);
		outbox->peer = encode_peer(arena, u->peer);
		outbox->max_id = u->max_id;
		outbox->pts = u->pts;
		outbox->pts_count = u->pts_count;
		return &outbox->o;
	}
	if (u->kind == UPDATE_CHANNEL_READ_OUTBOX) {
		posts = TL_NEW(arena, updateReadChannelOutbox);
		posts->channel_id = u->peer.id;
		posts->max_id = u->max_id;
		return &posts->o;
	}
	channel = TL_NEW(arena, updateReadChannelInbox);
	channel->channel_id = u->peer.id;
	channel->max_id = u->max_id;
	channel->still_unread_count = u->unread;
	channel->pts = u->pts;
	return &channel->o;
}

static struct tl_object *encode_typing(struct arena *arena, const struct update *u)
{
	struct tl_object *action = encode_typing_action(arena, u->typing, u->progress);
	struct tl_updateChatUserTyping *in_chat;
	struct tl_updateChannelUserTyping *in_channel;
	struct tl_updateUserTyping *typing;

	if (u->peer.kind == PEER_CHANNEL) {
		in_channel = TL_NEW(arena, updateChannelUserTyping);
		in_channel->channel_id = u->peer.id;
		in_channel->top_msg_id = u->thread;
		in_channel->has_top_msg_id = u->thread != 0;
		in_channel->from_id = encode_peer(arena, u->by);
		in_channel->action = action;
		return &in_channel->o;
	}
	if (u->peer.kind == PEER_CHAT) {
		in_chat = TL_NEW(arena, updateChatUserTyping);
		in_chat->chat_id = u->peer.id;
		in_chat->from_id = encode_peer(arena, u->by);
		in_chat->action = action;
		return &in_chat->o;
	}
	typing = TL_NEW(arena, updateUserTyping);
	typing->user_id = u->peer.id;
	typing->action = action;
	return &typing->o;
}

static struct tl_object *encode_pinned(struct arena *arena, const struct update *u)
{
	struct tl_updatePinnedMessages *pinned = TL_NEW(arena, updatePinnedMessages);

	pinned->pinned = u->pinned;
	pinned->peer = encode_peer(arena, u->peer);
	pinned->messages = encode_ids(u);
	pinned->pts = u->pts;
	pinned->pts_count = u->pts_count;
	return &pinned->o;
}

static struct tl_object *encode_contents_read(struct arena *arena, const struct update *u)
{
	struct tl_updateReadMessagesContents *read = TL_NEW(arena, updateReadMessagesContents);

	read->messages = encode_ids(u);
	read->pts = u->pts;
	read->pts_count = u->pts_count;
	return &read->o;
}

/* What happens to posts beside what they say. */
static struct tl_object *encode_posts_update(struct arena *arena, const struct update *u)
{
	struct tl_updatePinnedChannelMessages *pinned;
	struct tl_updateChannelAvailableMessages *available;
	struct tl_updateChannelReadMessagesContents *read;
	struct tl_updateChannelMessageViews *views;
	struct tl_updateChannelMessageForwards *forwards;

	switch (u->kind) {
	case UPDATE_PINNED_POSTS:
		pinned = TL_NEW(arena, updatePinnedChannelMessages);
		pinned->pinned = u->pinned;
		pinned->channel_id = u->peer.id;
		pinned->messages = encode_ids(u);
		pinned->pts = u->pts;
		pinned->pts_count = u->pts_count;
		return &pinned->o;
	case UPDATE_AVAILABLE_POSTS:
		available = TL_NEW(arena, updateChannelAvailableMessages);
		available->channel_id = u->peer.id;
		available->available_min_id = u->max_id;
		return &available->o;
	case UPDATE_POST_CONTENTS_READ:
		read = TL_NEW(arena, updateChannelReadMessagesContents);
		read->channel_id = u->peer.id;
		read->top_msg_id = u->thread;
		read->has_top_msg_id = u->thread != 0;
		read->messages = encode_ids(u);
		return &read->o;
	case UPDATE_POST_VIEWS:
		views = TL_NEW(arena, updateChannelMessageViews);
		views->channel_id = u->peer.id;
		views->id = u->max_id;
		views->views = u->count;
		return &views->o;
	default:
		forwards = TL_NEW(arena, updateChannelMessageForwards);
		forwards->channel_id = u->peer.id;
		forwards->id = u->max_id;
		forwards->forwards = u->count;
		return &forwards->o;
	}
}

static struct tl_object *encode_status(struct arena *arena, const struct update *u)
{
	struct tl_updateUserStatus *update = TL_NEW(arena, updateUserStatus);

	update->user_id = u->peer.id;
	update->status = encode_user_status(arena, &u->status);
	return &update->o;
}

/* The names are the viewer's, from the set; without them there is nothing to say. */
static struct tl_object *encode_user_name(
	struct arena *arena, const struct update *u, const struct update_set *set)
{
	for (size_t i = 0; i < set->user_count; i++) {
		struct tl_updateUserName *update;

		if (set->users[i].id != u->peer.id)
			continue;
		update = TL_NEW(arena, updateUserName);
		update->user_id = u->peer.id;
		update->first_name = set->users[i].first_name;
		update->last_name = set->users[i].last_name;
		update->usernames = encode_usernames(arena, set->users[i].username);
		return &update->o;
	}
	return NULL;
}

static struct tl_object *encode_message_id(struct arena *arena, const struct update *u)
{
	struct tl_updateMessageID *update = TL_NEW(arena, updateMessageID);

	update->id = u->max_id;
	update->random_id = u->random_id;
	return &update->o;
}

static struct tl_object *encode_user_changed(struct arena *arena, const struct update *u)
{
	struct tl_updateUser *update = TL_NEW(arena, updateUser);

	update->user_id = u->peer.id;
	return &update->o;
}

static struct tl_object *encode_channel_changed(struct arena *arena, const struct update *u)
{
	struct tl_updateChannel *update = TL_NEW(arena, updateChannel);

	update->channel_id = u->peer.id;
	return &update->o;
}

static struct tl_object *encode_channel_behind(struct arena *arena, const struct update *u)
{
	struct tl_updateChannelTooLong *update = TL_NEW(arena, updateChannelTooLong);

	update->channel_id = u->peer.id;
	update->pts = u->pts;
	update->has_pts = true;
	return &update->o;
}

static struct tl_object *encode_join_requests(struct arena *arena, const struct update *u)
{
	struct tl_updatePendingJoinRequests *update = TL_NEW(arena, updatePendingJoinRequests);

	update->peer = encode_peer(arena, u->peer);
	update->requests_pending = u->unread;
	update->recent_requesters = (struct tl_longs){.count = (uint32_t)u->peer_count,
		.at = arena_array(arena, u->peer_count, sizeof(int64_t))};
	for (size_t i = 0; i < u->peer_count; i++)
		update->recent_requesters.at[i] = u->peers[i].id;
	return &update->o;
}

static struct tl_object *encode_channel_update(struct arena *arena, const struct update *u)
{
	if (u->kind == UPDATE_JOIN_REQUESTS)
		return encode_join_requests(arena, u);
	return u->kind == UPDATE_CHANNEL ? encode_channel_changed(arena, u)
					 : encode_channel_behind(arena, u);
}

static struct tl_object *encode_new_authorization(struct arena *arena, const struct update *u)
{
	struct tl_updateNewAuthorization *update = TL_NEW(arena, updateNewAuthorization);

	update->hash = u->random_id;
	update->unconfirmed = u->device.data != NULL;
	update->has_date = update->unconfirmed;
	update->date = (int32_t)u->date_s;
	update->device = u->device;
	if (update->unconfirmed)
		update->location = BYTES_LITERAL(""); /* nobody knows */
	return &update->o;
}

static struct tl_object *encode_notice(struct arena *arena, const struct update *u)
{
	struct tl_updateServiceNotification *update = TL_NEW(arena, updateServiceNotification);

	update->popup = true;
	update->type = BYTES_LITERAL(""); /* not a thing to be told once: every time */
	update->message = u->notice;
	update->media = &TL_NEW(arena, messageMediaEmpty)->o;
	update->entities = tl_objects_new(arena, 0);
	return &update->o;
}

static struct tl_object *encode_login_update(struct arena *arena, const struct update *u)
{
	if (u->kind == UPDATE_NOTICE)
		return encode_notice(arena, u);
	if (u->kind == UPDATE_LOGIN_TOKEN)
		return &TL_NEW(arena, updateLoginToken)->o;
	return encode_new_authorization(arena, u);
}

/* Empty for who may not see it any more. */
static struct tl_object *encode_user_phone(
	struct arena *arena, const struct update *u, const struct update_set *set)
{
	struct tl_updateUserPhone *update = TL_NEW(arena, updateUserPhone);

	update->user_id = u->peer.id;
	for (size_t i = 0; i < set->user_count; i++) {
		if (set->users[i].id == u->peer.id)
			update->phone = set->users[i].phone;
	}
	return &update->o;
}

static struct tl_object *encode_reactions_update(struct arena *arena, const struct update *u)
{
	struct tl_updateMessageReactions *update;

	if (u->kind == UPDATE_RECENT_REACTIONS)
		return &TL_NEW(arena, updateRecentReactions)->o;
	update = TL_NEW(arena, updateMessageReactions);
	update->peer = encode_peer(arena, u->message->peer);
	update->msg_id = u->message->id;
	update->top_msg_id = u->message->thread;
	update->has_top_msg_id = u->message->thread != 0;
	if (u->message->saved && u->message->saved_peer.kind != PEER_NONE)
		update->saved_peer_id = encode_peer(arena, u->message->saved_peer);
	update->reactions = encode_reactions(arena, u->message);
	return &update->o;
}

static struct tl_object *encode_scheduled_update(struct arena *arena, const struct update *u)
{
	struct tl_updateDeleteScheduledMessages *gone;
	struct tl_updateNewScheduledMessage *update;

	if (u->kind == UPDATE_NEW_SCHEDULED) {
		update = TL_NEW(arena, updateNewScheduledMessage);
		update->message = encode_message(arena, u->message);
		return &update->o;
	}
	gone = TL_NEW(arena, updateDeleteScheduledMessages);
	gone->peer = encode_peer(arena, u->peer);
	gone->messages = encode_ids(u);
	if (u->sent_ids)
		gone->sent_messages =
			(struct tl_ints){.count = (uint32_t)u->id_count, .at = u->sent_ids};
	return &gone->o;
}

static struct tl_object *encode_history_ttl(struct arena *arena, const struct update *u)
{
	struct tl_updatePeerHistoryTTL *update = TL_NEW(arena, updatePeerHistoryTTL);

	update->peer = encode_peer(arena, u->peer);
	update->ttl_period = u->period_s;
	update->has_ttl_period = u->period_s != 0;
	return &update->o;
}

static struct tl_object *encode_history_update(struct arena *arena, const struct update *u)
{
	if (u->kind == UPDATE_PINNED)
		return encode_pinned(arena, u);
	return u->kind == UPDATE_CONTENTS_READ ? encode_contents_read(arena, u)
					       : encode_history_ttl(arena, u);
}

/* People, and what stands between them. */
static struct tl_object *encode_person_update(
	struct arena *arena, const struct update *u, const struct update_set *set)
{
	switch (u->kind) {
	case UPDATE_TYPING:
		return encode_typing(arena, u);
	case UPDATE_STATUS:
		return encode_status(arena, u);
	case UPDATE_USER_NAME:
		return encode_user_name(arena, u, set);
	case UPDATE_USER_PHONE:
		return encode_user_phone(arena, u, set);
	case UPDATE_USER:
		return encode_user_changed(arena, u);
	case UPDATE_CONTACTS_RESET:
		return &TL_NEW(arena, updateContactsReset)->o;
	case UPDATE_PEER_SETTINGS:
		return encode_peer_settings_update(arena, u);
	default:
		return encode_privacy_update(arena, u);
	}
}

static struct tl_object *encode_topic_update(struct arena *arena, const struct update *u)
{
	struct tl_updatePinnedForumTopics *pins;
	struct tl_updatePinnedForumTopic *pin;
	struct tl_updateChannelViewForumAsMessages *view;

	if (u->kind == UPDATE_TOPIC_PIN) {
		pin = TL_NEW(arena, updatePinnedForumTopic);
		pin->pinned = u->pinned;
		pin->peer = encode_peer(arena, u->peer);
		pin->topic_id = u->thread;
		return &pin->o;
	}
	if (u->kind == UPDATE_TOPIC_PINS) {
		pins = TL_NEW(arena, updatePinnedForumTopics);
		pins->peer = encode_peer(arena, u->peer);
		pins->order = encode_ids(u);
		return &pins->o;
	}
	view = TL_NEW(arena, updateChannelViewForumAsMessages);
	view->channel_id = u->peer.id;
	view->enabled = u->marked;
	return &view->o;
}

static struct tl_object *encode_thread_read(struct arena *arena, const struct update *u)
{
	struct tl_updateReadChannelDiscussionOutbox *outbox;
	struct tl_updateReadChannelDiscussionInbox *inbox;

	if (u->kind == UPDATE_THREAD_READ_OUTBOX) {
		outbox = TL_NEW(arena, updateReadChannelDiscussionOutbox);
		outbox->channel_id = u->peer.id;
		outbox->top_msg_id = u->thread;
		outbox->read_max_id = u->max_id;
		return &outbox->o;
	}
	inbox = TL_NEW(arena, updateReadChannelDiscussionInbox);
	inbox->channel_id = u->peer.id;
	inbox->top_msg_id = u->thread;
	inbox->read_max_id = u->max_id;
	inbox->broadcast_id = u->by.id;
	inbox->broadcast_post = u->by_post;
	inbox->has_broadcast_id = inbox->has_broadcast_post = u->by.kind == PEER_CHANNEL;
	return &inbox->o;
}

/* Channels and supergroups, but for the posts themselves. */
static struct tl_object *encode_group_update(struct arena *arena, const struct update *u)
{
	switch (u->kind) {
	case UPDATE_PINNED_POSTS:
	case UPDATE_AVAILABLE_POSTS:
	case UPDATE_POST_CONTENTS_READ:
	case UPDATE_POST_VIEWS:
	case UPDATE_POST_FORWARDS:
		return encode_posts_update(arena, u);
	case UPDATE_CHANNEL:
	case UPDATE_CHANNEL_BEHIND:
	case UPDATE_JOIN_REQUESTS:
		return encode_channel_update(arena, u);
	case UPDATE_THREAD_READ_INBOX:
	case UPDATE_THREAD_READ_OUTBOX:
		return encode_thread_read(arena, u);
	case UPDATE_TOPIC_PIN:
	case UPDATE_TOPIC_PINS:
	case UPDATE_VIEW_AS_MESSAGES:
		return encode_topic_update(arena, u);
	default:
		return NULL;
	}
}

struct tl_object *encode_update(
	struct arena *arena, const struct update *u, const struct update_set *set)
{
	switch (u->kind) {
	case UPDATE_NEW_MESSAGE:
	case UPDATE_EDIT_MESSAGE:
	case UPDATE_NEW_POST:
	case UPDATE_EDIT_POST:
		return encode_message_update(arena, u);
	case UPDATE_DELETE_MESSAGES:
	case UPDATE_DELETE_POSTS:
		return encode_deletion(arena, u);
	case UPDATE_READ_INBOX:
	case UPDATE_READ_OUTBOX:
	case UPDATE_CHANNEL_READ_INBOX:
	case UPDATE_CHANNEL_READ_OUTBOX:
		return encode_read(arena, u);
	case UPDATE_MESSAGE_ID:
		return encode_message_id(arena, u);
	case UPDATE_PINNED:
	case UPDATE_CONTENTS_READ:
	case UPDATE_HISTORY_TTL:
		return encode_history_update(arena, u);
	case UPDATE_FOLDER_PEER:
	case UPDATE_DIALOG_PIN:
	case UPDATE_DIALOG_PINS:
	case UPDATE_SAVED_PINS:
	case UPDATE_UNREAD_MARK:
	case UPDATE_DRAFT:
	case UPDATE_NOTIFY:
	case UPDATE_FOLDERS:
		return encode_dialog_update(arena, u);
	case UPDATE_TYPING:
	case UPDATE_STATUS:
	case UPDATE_USER_NAME:
	case UPDATE_USER_PHONE:
	case UPDATE_USER:
	case UPDATE_CONTACTS_RESET:
	case UPDATE_PEER_SETTINGS:
	case UPDATE_PRIVACY:
	case UPDATE_BLOCKED:
		return encode_person_update(arena, u, set);
	case UPDATE_CHAT:
	case UPDATE_CHAT_MEMBERS:
	case UPDATE_CHAT_MEMBER_ADD:
	case UPDATE_CHAT_MEMBER_DELETE:
	case UPDATE_CHAT_ADMIN:
	case UPDATE_CHAT_RIGHTS:
		return encode_chat_update(arena, u);
	case UPDATE_NOTICE:
	case UPDATE_LOGIN_TOKEN:
	case UPDATE_NEW_AUTHORIZATION:
		return encode_login_update(arena, u);
	case UPDATE_REACTIONS:
	case UPDATE_RECENT_REACTIONS:
		return encode_reactions_update(arena, u);
	case UPDATE_BOT_CALLBACK:
		return encode_callback(arena, u);
	case UPDATE_POLL:
		return encode_poll_update(arena, u);
	case UPDATE_NEW_SCHEDULED:
	case UPDATE_DELETE_SCHEDULED:
		return encode_scheduled_update(arena, u);
	case UPDATE_SECRET_CHAT:
	case UPDATE_SECRET_MESSAGE:
	case UPDATE_SECRET_READ:
	case UPDATE_SECRET_TYPING:
		return encode_secret_update(arena, u);
	default:
		return encode_group_update(arena, u);
	}
}

struct tl_objects encode_update_list(struct arena *arena, const struct update_set *set, size_t from)
{
	struct tl_objects list = tl_objects_new(arena, (uint32_t)(set->update_count - from));
	uint32_t kept = 0;

	for (size_t i = from; i < set->update_count; i++) {
		struct tl_object *update = encode_update(arena, &set->updates[i], set);

		if (update)
			list.at[kept++] = update;
	}
	list.count = kept;
	return list;
}

struct tl_object *encode_updates(struct arena *arena, const struct update_set *set)
{
	struct tl_updates *updates = TL_NEW(arena, updates);

	updates->updates = encode_update_list(arena, set, 0);
	updates->users = encode_users(arena, set->users, set->user_count);
	updates->chats = encode_chats_and_channels(
		arena, set->chats, set->chat_count, set->channels, set->channel_count);
	updates->date = (int32_t)set->date_s;
	return &updates->o;
}
