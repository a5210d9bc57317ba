/* SPDX-License-Identifier: Apache-2.0 */
/* Messages, posts and formatting between the domain and TL. */
#include "api/encode_message.h"

#include "api/encode_channel.h"
#include "api/encode_chat.h"
#include "api/encode_keyboard.h"
#include "api/encode_media.h"
#include "api/encode_user.h"
#include "api/peers.h"
#include "core/messages/entities.h"
#include "tl/schema.h"

/* Kinds that are a place in the text and nothing more. */
#define PLAIN_ENTITIES(E)                                                                          \
	E(ENTITY_MENTION, messageEntityMention)                                                    \
	E(ENTITY_HASHTAG, messageEntityHashtag)                                                    \
	E(ENTITY_CASHTAG, messageEntityCashtag)                                                    \
	E(ENTITY_BOT_COMMAND, messageEntityBotCommand)                                             \
	E(ENTITY_URL, messageEntityUrl)                                                            \
	E(ENTITY_EMAIL, messageEntityEmail)                                                        \
	E(ENTITY_PHONE, messageEntityPhone)                                                        \
	E(ENTITY_BOLD, messageEntityBold)                                                          \
	E(ENTITY_ITALIC, messageEntityItalic)                                                      \
	E(ENTITY_UNDERLINE, messageEntityUnderline)                                                \
	E(ENTITY_STRIKE, messageEntityStrike)                                                      \
	E(ENTITY_SPOILER, messageEntitySpoiler)                                                    \
	E(ENTITY_CODE, messageEntityCode)                                                          \
	E(ENTITY_BANK_CARD, messageEntityBankCard)

/* And those with something more. */
#define RICH_ENTITIES(E)                                                                           \
	E(ENTITY_PRE, messageEntityPre, t->language = e->argument)                                 \
	E(ENTITY_TEXT_URL, messageEntityTextUrl, t->url = e->argument)                             \
	E(ENTITY_MENTION_NAME, messageEntityMentionName, t->user_id = e->id)                       \
	E(ENTITY_CUSTOM_EMOJI, messageEntityCustomEmoji, t->document_id = e->id)                   \
	E(ENTITY_BLOCKQUOTE, messageEntityBlockquote, t->collapsed = e->collapsed)

static struct tl_object *encode_entity(struct arena *arena, const struct entity *e)
{
#define ENCODE(kind, constructor, more)                                                            \
	case kind: {                                                                               \
		struct tl_##constructor *t = TL_NEW(arena, constructor);                           \
		t->offset = e->offset;                                                             \
		t->length = e->length;                                                             \
		more;                                                                              \
		return &t->o;                                                                      \
	}
#define ENCODE_PLAIN(kind, constructor) ENCODE(kind, constructor, (void)0)
	switch (e->kind) {
		PLAIN_ENTITIES(ENCODE_PLAIN)
		RICH_ENTITIES(ENCODE)
	case ENTITY_KIND_COUNT:
		break;
	}
#undef ENCODE
#undef ENCODE_PLAIN
	return NULL;
}

struct tl_objects encode_entities(struct arena *arena, const struct entity *entities, size_t count)
{
	struct tl_objects vector = {0}; /* absent: no flag */

	if (!count)
		return vector;
	vector = tl_objects_new(arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		vector.at[i] = encode_entity(arena, &entities[i]);
	return vector;
}

static struct tl_object *encode_from(struct arena *arena, struct peer from)
{
	return from.kind == PEER_NONE ? NULL : encode_peer(arena, from);
}

static struct tl_longs encode_user_ids(const struct message *message)
{
	return (struct tl_longs){.count = (uint32_t)message->user_count, .at = message->users};
}

#define ACTION(constructor, fill)                                                                  \
	{                                                                                          \
		struct tl_##constructor *t = TL_NEW(arena, constructor);                           \
		fill;                                                                              \
		return &t->o;                                                                      \
	}

static struct tl_object *encode_topic_action(struct arena *arena, const struct message *message)
{
	const struct topic_change *change = message->topic_change;

	if (!change)
		return &TL_NEW(arena, messageActionEmpty)->o;
	if (message->action == ACTION_TOPIC_CREATE)
		ACTION(messageActionTopicCreate,
			(t->title = message->text, t->icon_color = change->color,
				t->icon_emoji_id = change->emoji,
				t->has_icon_emoji_id = change->emoji != 0))
	ACTION(messageActionTopicEdit,
		(t->title = change->has_title ? message->text : (struct bytes){NULL, 0},
			t->icon_emoji_id = change->emoji, t->has_icon_emoji_id = change->has_emoji,
			t->closed = change->closed == TOPIC_ON,
			t->has_closed = change->closed != TOPIC_STAYS,
			t->hidden = change->hidden == TOPIC_ON,
			t->has_hidden = change->hidden != TOPIC_STAYS))
}

static struct tl_object *encode_action(struct arena *arena, const struct message *message)
{
	const int64_t first = message->user_count ? message->users[0] : 0;

	switch (message->action) {
	case ACTION_CHANNEL_CREATE:
		ACTION(messageActionChannelCreate, t->title = message->text)
	case ACTION_CHANNEL_TITLE:
	case ACTION_CHAT_TITLE:
		ACTION(messageActionChatEditTitle, t->title = message->text)
	case ACTION_CONTACT_JOINED:
		ACTION(messageActionContactSignUp, (void)0)
	case ACTION_CHAT_CREATE:
		ACTION(messageActionChatCreate,
			(t->title = message->text, t->users = encode_user_ids(message)))
	case ACTION_CHAT_ADD:
		ACTION(messageActionChatAddUser, t->users = encode_user_ids(message))
	case ACTION_CHAT_REMOVE:
		ACTION(messageActionChatDeleteUser, t->user_id = first)
	case ACTION_PIN:
		ACTION(messageActionPinMessage, (void)0)
	case ACTION_SET_TTL:
		ACTION(messageActionSetMessagesTTL,
			(t->period = message->action_period_s, t->auto_setting_from = first,
				t->has_auto_setting_from = first != 0))
	case ACTION_HISTORY_CLEAR:
		ACTION(messageActionHistoryClear, (void)0)
	case ACTION_JOINED_BY_LINK:
		ACTION(messageActionChatJoinedByLink, t->inviter_id = first)
	case ACTION_JOINED_BY_REQUEST:
		ACTION(messageActionChatJoinedByRequest, (void)0)
	case ACTION_TOPIC_CREATE:
	case ACTION_TOPIC_EDIT:
		return encode_topic_action(arena, message);
	case ACTION_MIGRATE_TO:
		ACTION(messageActionChatMigrateTo, t->channel_id = message->other.id)
	case ACTION_MIGRATE_FROM:
		ACTION(messageActionChannelMigrateFrom,
			(t->title = message->text, t->chat_id = message->other.id))
	case ACTION_OWNER_LEFT:
		ACTION(messageActionNewCreatorPending, t->new_creator_id = first)
	case ACTION_OWNER_CHANGED:
		ACTION(messageActionChangeCreator, t->new_creator_id = first)
	case ACTION_NONE:
		break;
	}
	return &TL_NEW(arena, messageActionEmpty)->o;
}

/* Which part of Saved Messages. */
static struct peer saved_peer_of(const struct message *message)
{
	return message->saved_peer.kind == PEER_NONE ? message->peer : message->saved_peer;
}

static struct tl_object *encode_service(struct arena *arena, const struct message *message)
{
	struct tl_messageService *m = TL_NEW(arena, messageService);

	m->out = message->out;
	m->silent = message->silent;
	m->post = message->post;
	m->id = message->id;
	m->from_id = encode_from(arena, message->from);
	m->peer_id = encode_peer(arena, message->peer);
	m->mentioned = message->mentioned;
	m->media_unread = message->attention & (ATTENTION_MENTION | ATTENTION_MEDIA);
	if (message->saved)
		m->saved_peer_id = encode_peer(arena, saved_peer_of(message));
	m->reply_to = encode_reply_header(arena, message);
	m->date = (int32_t)message->date_s;
	m->action = encode_action(arena, message);
	m->ttl_period = message->period_s;
	m->has_ttl_period = message->period_s != 0;
	m->reactions_are_possible = true;
	if (message->reaction_count || message->tally)
		m->reactions = encode_reactions(arena, message);
	return &m->o;
}

struct tl_object *encode_replies(struct arena *arena, const struct post_replies *replies)
{
	const size_t room = sizeof(replies->recent) / sizeof(*replies->recent);
	struct tl_messageReplies *out = TL_NEW(arena, messageReplies);

	out->comments = replies->comments;
	out->replies = replies->count > INT32_MAX ? INT32_MAX : (int32_t)replies->count;
	out->replies_pts = replies->pts;
	out->channel_id = replies->channel;
	out->has_channel_id = replies->comments;
	out->max_id = replies->max_id;
	out->has_max_id = replies->max_id != 0;
	out->read_max_id = replies->read_max_id;
	out->has_read_max_id = replies->read_max_id != 0;
	if (replies->recent[0].kind == PEER_NONE)
		return &out->o;
	out->recent_repliers = tl_objects_new(arena, (uint32_t)room);
	out->recent_repliers.count = 0;
	for (size_t i = 0; i < room && replies->recent[i].kind != PEER_NONE; i++)
		out->recent_repliers.at[out->recent_repliers.count++] =
			encode_peer(arena, replies->recent[i]);
	return &out->o;
}

struct tl_object *encode_message(struct arena *arena, const struct message *message)
{
	struct tl_message *m;

	if (message->damaged)
		return encode_message_empty(arena, message->id);
	if (message->action != ACTION_NONE)
		return encode_service(arena, message);
	m = TL_NEW(arena, message);
	m->out = message->out;
	m->silent = message->silent;
	m->noforwards = message->noforwards;
	m->post = message->post;
	m->id = message->id;
	m->from_id = encode_from(arena, message->from);
	m->peer_id = encode_peer(arena, message->peer);
	/* TDLib insists on it. */
	if (message->saved)
		m->saved_peer_id = encode_peer(arena, saved_peer_of(message));
	m->mentioned = message->mentioned;
	m->media_unread = message->attention & (ATTENTION_MENTION | ATTENTION_MEDIA);
	m->pinned = message->pinned;
	m->edit_hide = message->edit_hidden;
	m->from_scheduled = message->was_scheduled;
	m->invert_media = message->invert_media;
	m->fwd_from = encode_forward(arena, message->forward);
	m->reply_to = encode_reply_header(arena, message);
	m->date = (int32_t)message->date_s;
	m->message = message->text;
	m->media = encode_media(arena, message->media);
	m->reply_markup = encode_keyboard(arena, message->keyboard);
	m->entities = encode_entities(arena, message->entities, message->entity_count);
	m->edit_date = (int32_t)message->edit_date_s;
	m->has_edit_date = message->edit_date_s != 0;
	m->post_author = message->signature;
	m->ttl_period = message->period_s;
	m->has_ttl_period = message->period_s != 0;
	if (message->reaction_count || message->tally)
		m->reactions = encode_reactions(arena, message);
	/* views and forwards share a flag: both or none. */
	if (message->post) {
		m->views = message->views > INT32_MAX ? INT32_MAX : (int32_t)message->views;
		m->forwards =
			message->forwards > INT32_MAX ? INT32_MAX : (int32_t)message->forwards;
		m->has_views = m->has_forwards = true;
	}
	if (message->replies)
		m->replies = encode_replies(arena, message->replies);
	if (message->label.size) {
		m->restriction_reason = tl_objects_new(arena, 1);
		m->restriction_reason.at[0] = encode_label(arena, message->label);
	}
	return &m->o;
}

struct tl_object *encode_message_empty(struct arena *arena, int32_t id)
{
	struct tl_messageEmpty *m = TL_NEW(arena, messageEmpty);

	m->id = id;
	return &m->o;
}

struct tl_objects encode_messages(struct arena *arena, const struct message *messages, size_t count)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++)
		vector.at[i] = encode_message(arena, &messages[i]);
	return vector;
}

struct tl_objects encode_users(struct arena *arena, const struct user *users, size_t count)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++)
		vector.at[i] = encode_user(arena, &users[i]);
	return vector;
}

struct tl_objects encode_channels(
	struct arena *arena, const struct channel_view *views, size_t count)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++)
		vector.at[i] = encode_channel(arena, &views[i]);
	return vector;
}

struct tl_objects encode_chats_and_channels(struct arena *arena, const struct chat_view *chats,
	size_t chat_count, const struct channel_view *channels, size_t channel_count)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)(chat_count + channel_count));

	for (size_t i = 0; i < chat_count; i++)
		vector.at[i] = encode_chat(arena, &chats[i]);
	for (size_t i = 0; i < channel_count; i++)
		vector.at[chat_count + i] = encode_channel(arena, &channels[i]);
	return vector;
}

/* ---- From clients ---- */

/* True: a kind that Lontar knows. Mentions of a user by hash are resolved by the caller. */
static bool entity_decode(const struct tl_object *object, struct entity *e)
{
#define DECODE(entity, constructor, more)                                                          \
	if (object->name == TL_##constructor) {                                                    \
		const struct tl_##constructor *t = TL_AS(constructor, object);                     \
		e->kind = entity;                                                                  \
		e->offset = t->offset;                                                             \
		e->length = t->length;                                                             \
		more;                                                                              \
		return true;                                                                       \
	}
#define DECODE_PLAIN(entity, constructor) DECODE(entity, constructor, (void)0)
	PLAIN_ENTITIES(DECODE_PLAIN)
	DECODE(ENTITY_PRE, messageEntityPre, e->argument = t->language)
	DECODE(ENTITY_TEXT_URL, messageEntityTextUrl, e->argument = t->url)
	DECODE(ENTITY_BLOCKQUOTE, messageEntityBlockquote, e->collapsed = t->collapsed)
	DECODE(ENTITY_MENTION_NAME, inputMessageEntityMentionName, (void)0)
#undef DECODE
#undef DECODE_PLAIN
	return false;
}

int entities_from_input(struct call *call, const struct tl_objects *input, struct message *draft)
{
	uint32_t count = input && input->at ? input->count : 0;

	/* entities_accept keeps no more. */
	if (count > ENTITIES_MAX)
		count = ENTITIES_MAX;
	draft->entities = arena_array(call->arena, count, sizeof(*draft->entities));
	draft->entity_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		struct entity e = {0};
		const struct tl_inputMessageEntityMentionName *mention =
			TL_AS(inputMessageEntityMentionName, input->at[i]);

		if (!entity_decode(input->at[i], &e))
			continue;
		if (mention && peer_user_from_input(call, mention->user_id, &e.id) < 0)
			return -1;
		draft->entities[draft->entity_count++] = e;
	}
	return 0;
}

int reply_from_input(struct call *call, const struct tl_object *input, struct message *draft)
{
	const struct tl_inputReplyToMessage *from;
	struct reply *reply;

	if (!input)
		return 0;
	from = TL_AS(inputReplyToMessage, input);
	if (!from || from->monoforum_peer_id || from->has_todo_item_id)
		return rpc_error(call, 400, "REPLY_TO_INVALID");
	draft->reply_to = from->reply_to_msg_id;
	draft->thread = from->top_msg_id;
	if (!from->reply_to_peer_id && !from->quote_text.size)
		return 0;
	reply = ARENA_NEW(call->arena, struct reply);
	reply->quote = from->quote_text;
	reply->quote_offset = from->quote_offset;
	if (from->reply_to_peer_id &&
		peer_from_input(call, from->reply_to_peer_id, &reply->peer) < 0)
		return -1;
	draft->reply = reply;
	return 0;
}
