/* SPDX-License-Identifier: Apache-2.0 */
/* struct update as TL, a function per shape. https://core.telegram.org/api/updates */
#include "api/encode_updates.h"

#include "api/encode_message.h"
#include "api/peers.h"
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
	channel = TL_NEW(arena, updateReadChannelInbox);
	channel->channel_id = u->peer.id;
	channel->max_id = u->max_id;
	channel->still_unread_count = u->unread;
	channel->pts = u->pts;
	return &channel->o;
}

static struct tl_object *encode_typing(struct arena *arena, const struct update *u)
{
	struct tl_updateUserTyping *typing = TL_NEW(arena, updateUserTyping);

	typing->user_id = u->peer.id;
	if (u->typing == TYPING_CANCEL)
		typing->action = &TL_NEW(arena, sendMessageCancelAction)->o;
	else
		typing->action = &TL_NEW(arena, sendMessageTypingAction)->o;
	return &typing->o;
}

static struct tl_object *encode_status(
	struct arena *arena, const struct update *u, const struct update_set *set)
{
	struct tl_updateUserStatus *update = TL_NEW(arena, updateUserStatus);
	struct tl_userStatusOnline *online;
	struct tl_userStatusOffline *offline;

	update->user_id = u->peer.id;
	if (!u->online_until_s) {
		update->status = &TL_NEW(arena, userStatusEmpty)->o;
	} else if (u->online_until_s > set->date_s) {
		online = TL_NEW(arena, userStatusOnline);
		online->expires = (int32_t)u->online_until_s;
		update->status = &online->o;
	} else {
		offline = TL_NEW(arena, userStatusOffline);
		offline->was_online = (int32_t)u->online_until_s;
		update->status = &offline->o;
	}
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
		update->usernames = tl_objects_new(arena, 0);
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

static struct tl_object *encode_new_authorization(struct arena *arena, const struct update *u)
{
	struct tl_updateNewAuthorization *update = TL_NEW(arena, updateNewAuthorization);

	update->hash = u->random_id;
	return &update->o;
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
		return encode_read(arena, u);
	case UPDATE_MESSAGE_ID:
		return encode_message_id(arena, u);
	case UPDATE_CHANNEL:
		return encode_channel_changed(arena, u);
	case UPDATE_CHANNEL_BEHIND:
		return encode_channel_behind(arena, u);
	case UPDATE_TYPING:
		return encode_typing(arena, u);
	case UPDATE_STATUS:
		return encode_status(arena, u, set);
	case UPDATE_USER_NAME:
		return encode_user_name(arena, u, set);
	case UPDATE_CONTACTS_RESET:
		return &TL_NEW(arena, updateContactsReset)->o;
	case UPDATE_NEW_AUTHORIZATION:
		return encode_new_authorization(arena, u);
	}
	return NULL;
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
	updates->chats = encode_channels(arena, set->channels, set->channel_count);
	updates->date = (int32_t)set->date_s;
	return &updates->o;
}
