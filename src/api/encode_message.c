/* SPDX-License-Identifier: Apache-2.0 */
/* Messages, posts and formatting between the domain and TL. */
#include "api/encode_message.h"

#include "api/encode_channel.h"
#include "api/encode_user.h"
#include "api/peers.h"
#include "core/entities.h"
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

static struct tl_objects encode_entities(struct arena *arena, const struct message *message)
{
	struct tl_objects vector = {0}; /* absent: no flag */

	if (!message->entity_count)
		return vector;
	vector = tl_objects_new(arena, (uint32_t)message->entity_count);
	for (size_t i = 0; i < message->entity_count; i++)
		vector.at[i] = encode_entity(arena, &message->entities[i]);
	return vector;
}

static struct tl_object *encode_reply(struct arena *arena, int32_t reply_to)
{
	struct tl_messageReplyHeader *reply;

	if (!reply_to)
		return NULL;
	reply = TL_NEW(arena, messageReplyHeader);
	reply->reply_to_msg_id = reply_to;
	reply->has_reply_to_msg_id = true;
	return &reply->o;
}

static struct tl_object *encode_from(struct arena *arena, struct peer from)
{
	return from.kind == PEER_NONE ? NULL : encode_peer(arena, from);
}

static bool is_post(const struct message *message)
{
	return message->peer.kind == PEER_CHANNEL && message->from.kind == PEER_NONE;
}

static struct tl_object *encode_action(struct arena *arena, const struct message *message)
{
	switch (message->action) {
	case ACTION_CHANNEL_CREATE: {
		struct tl_messageActionChannelCreate *action =
			TL_NEW(arena, messageActionChannelCreate);

		action->title = message->text;
		return &action->o;
	}
	case ACTION_CHANNEL_TITLE: {
		struct tl_messageActionChatEditTitle *action =
			TL_NEW(arena, messageActionChatEditTitle);

		action->title = message->text;
		return &action->o;
	}
	case ACTION_CONTACT_JOINED:
		return &TL_NEW(arena, messageActionContactSignUp)->o;
	case ACTION_NONE:
		break;
	}
	return &TL_NEW(arena, messageActionEmpty)->o;
}

static struct tl_object *encode_service(struct arena *arena, const struct message *message)
{
	struct tl_messageService *m = TL_NEW(arena, messageService);

	m->out = message->out;
	m->silent = message->silent;
	m->post = is_post(message);
	m->id = message->id;
	m->from_id = encode_from(arena, message->from);
	m->peer_id = encode_peer(arena, message->peer);
	m->reply_to = encode_reply(arena, message->reply_to);
	m->date = (int32_t)message->date_s;
	m->action = encode_action(arena, message);
	return &m->o;
}

struct tl_object *encode_message(struct arena *arena, const struct message *message)
{
	struct tl_message *m;

	if (message->action != ACTION_NONE)
		return encode_service(arena, message);
	m = TL_NEW(arena, message);
	m->out = message->out;
	m->silent = message->silent;
	m->noforwards = message->noforwards;
	m->post = is_post(message);
	m->id = message->id;
	m->from_id = encode_from(arena, message->from);
	m->peer_id = encode_peer(arena, message->peer);
	/* Which part of Saved Messages: one's own notes. TDLib insists on it. */
	if (message->saved)
		m->saved_peer_id = encode_peer(arena, message->peer);
	m->reply_to = encode_reply(arena, message->reply_to);
	m->date = (int32_t)message->date_s;
	m->message = message->text;
	m->entities = encode_entities(arena, message);
	m->edit_date = (int32_t)message->edit_date_s;
	m->has_edit_date = message->edit_date_s != 0;
	/* views and forwards share a flag: both or none. Forwards are not counted yet. */
	if (is_post(message)) {
		m->views = message->views > INT32_MAX ? INT32_MAX : (int32_t)message->views;
		m->has_views = m->has_forwards = true;
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
	const struct tl_inputReplyToMessage *reply;

	if (!input)
		return 0;
	reply = TL_AS(inputReplyToMessage, input);
	if (!reply || reply->reply_to_peer_id)
		return rpc_error(call, 400, "REPLY_TO_INVALID");
	draft->reply_to = reply->reply_to_msg_id;
	return 0;
}
