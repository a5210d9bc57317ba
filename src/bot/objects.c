/* SPDX-License-Identifier: Apache-2.0 */
/* The domain as JSON. What comes in as JSON is bot/objects_in.c. */
#include "bot/objects.h"

#include "bot/entity_names.h"
#include "core/chats/chats.h"
#include "core/channels/channels.h"
#include "core/bots/keyboard.h"
#include "core/accounts/users.h"
#include "core/words.h"

#define CHANNEL_ID_BASE 1000000000000

int64_t bot_chat_id(struct peer peer)
{
	if (peer.kind == PEER_CHANNEL)
		return -CHANNEL_ID_BASE - peer.id;
	return peer.kind == PEER_CHAT ? -peer.id : peer.id;
}

struct peer bot_chat_of_id(int64_t id)
{
	if (id > 0)
		return (struct peer){PEER_USER, id};
	if (id < -CHANNEL_ID_BASE && id > -2 * CHANNEL_ID_BASE)
		return (struct peer){PEER_CHANNEL, -id - CHANNEL_ID_BASE};
	if (id < 0 && id > -CHANNEL_ID_BASE)
		return (struct peer){PEER_CHAT, -id};
	return (struct peer){0};
}

static void set(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

json_t *bot_json_text(struct bytes text)
{
	json_t *out = json_stringn(text.size ? (const char *)text.data : "", text.size);

	return out ? out : json_string("");
}

static void set_text(json_t *object, const char *name, struct bytes text)
{
	if (text.size)
		set(object, name, bot_json_text(text));
}

static void set_flag(json_t *object, const char *name, bool flag)
{
	if (flag)
		set(object, name, json_true());
}

static void set_number(json_t *object, const char *name, int64_t number)
{
	set(object, name, json_integer(number));
}

/* ---- Who and where ---- */

json_t *bot_json_user(struct call *call, int64_t id)
{
	json_t *out = json_object();
	struct user user;

	set_number(out, "id", id);
	if (user_view(call, id, &user) < 0 || user.is_deleted) {
		set(out, "is_bot", json_false());
		set(out, "first_name", json_string(""));
		return out;
	}
	set(out, "is_bot", json_boolean(user.is_bot));
	set(out, "first_name", bot_json_text(user.first_name));
	set_text(out, "last_name", user.last_name);
	set_text(out, "username", user.username);
	return out;
}

static void fill_private(struct call *call, int64_t id, json_t *out)
{
	struct user user;

	set(out, "type", json_string("private"));
	if (user_view(call, id, &user) < 0)
		return;
	set(out, "first_name", bot_json_text(user.first_name));
	set_text(out, "last_name", user.last_name);
	set_text(out, "username", user.username);
}

static void fill_channel(struct call *call, int64_t id, json_t *out)
{
	struct channel_view view;

	/* Of a chat that the bot does not see it is told that there is one. */
	if (!channel_find(call, id, &view)) {
		set(out, "type", json_string("channel"));
		set(out, "title", json_string(""));
		return;
	}
	set(out, "type", json_string(view.channel->broadcast ? "channel" : "supergroup"));
	set(out, "title", bot_json_text(view.channel->title));
	set_text(out, "username", view.channel->username);
	set_flag(out, "is_forum", view.channel->settings.flags & CHANNEL_FORUM);
}

json_t *bot_json_chat(struct call *call, struct peer chat)
{
	json_t *out = json_object();
	struct chat_view group;

	set_number(out, "id", bot_chat_id(chat));
	if (chat.kind == PEER_USER) {
		fill_private(call, chat.id, out);
	} else if (chat.kind == PEER_CHANNEL) {
		fill_channel(call, chat.id, out);
	} else {
		set(out, "type", json_string("group"));
		set(out, "title",
			bot_json_text(chat_view_for(call, call->user, chat.id, &group)
					      ? group.chat.title
					      : BYTES_LITERAL("")));
	}
	return out;
}

/* ---- Parts of a message ---- */

static json_t *json_entities(struct call *call, const struct message *message)
{
	json_t *out = json_array();

	for (size_t i = 0; i < message->entity_count; i++) {
		const struct entity *e = &message->entities[i];
		json_t *one = json_object();

		set(one, "type", json_string(bot_entity_name(e)));
		set_number(one, "offset", e->offset);
		set_number(one, "length", e->length);
		if (e->kind == ENTITY_TEXT_URL)
			set_text(one, "url", e->argument);
		else if (e->kind == ENTITY_PRE)
			set_text(one, "language", e->argument);
		else if (e->kind == ENTITY_MENTION_NAME)
			set(one, "user", bot_json_user(call, e->id));
		json_array_append_new(out, one);
	}
	return out;
}

static json_t *json_keyboard(const struct keyboard *keyboard)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < keyboard->count; i++) {
		json_t *row = json_array();

		for (size_t j = 0; j < keyboard->rows[i].count; j++) {
			const struct button *button = &keyboard->rows[i].at[j];
			json_t *one = json_object();

			set(one, "text", bot_json_text(button->text));
			set(one, button->kind == BUTTON_URL ? "url" : "callback_data",
				bot_json_text(button->argument));
			json_array_append_new(row, one);
		}
		json_array_append_new(rows, row);
	}
	return json_pack("{s:o}", "inline_keyboard", rows);
}

/* https://core.telegram.org/bots/api#messageorigin */
static json_t *json_origin(struct call *call, const struct forward *forward)
{
	json_t *out = json_object();

	set_number(out, "date", forward->date_s);
	if (forward->from.kind == PEER_NONE) {
		set(out, "type", json_string("hidden_user"));
		set(out, "sender_user_name", bot_json_text(forward->from_name));
	} else if (forward->from.kind == PEER_USER) {
		set(out, "type", json_string("user"));
		set(out, "sender_user", bot_json_user(call, forward->from.id));
	} else if (forward->post) {
		set(out, "type", json_string("channel"));
		set(out, "chat", bot_json_chat(call, forward->from));
		set_number(out, "message_id", forward->post);
		set_text(out, "author_signature", forward->from_name);
	} else {
		set(out, "type", json_string("chat"));
		set(out, "sender_chat", bot_json_chat(call, forward->from));
	}
	return out;
}

static json_t *json_place(const struct media *media)
{
	return json_pack("{s:f, s:f}", "latitude", media->place.latitude, "longitude",
		media->place.longitude);
}

static void fill_media(json_t *out, const struct media *media)
{
	json_t *part = json_object();

	switch (media->kind) {
	case MEDIA_CONTACT:
		set(part, "phone_number", bot_json_text(media->texts[0]));
		set(part, "first_name", bot_json_text(media->texts[1]));
		set_text(part, "last_name", media->texts[2]);
		set_text(part, "vcard", media->texts[3]);
		set(out, "contact", part);
		return;
	case MEDIA_VENUE:
		set(part, "location", json_place(media));
		set(part, "title", bot_json_text(media->texts[0]));
		set(part, "address", bot_json_text(media->texts[1]));
		set(out, "venue", part);
		return;
	case MEDIA_PLACE:
	case MEDIA_LIVE_PLACE:
		json_decref(part);
		set(out, "location", json_place(media));
		return;
	case MEDIA_DICE:
		set(part, "emoji", bot_json_text(media->texts[0]));
		set_number(part, "value", media->value);
		set(out, "dice", part);
		return;
	default:
		json_decref(part);
	}
}

static json_t *json_users(struct call *call, const struct message *message)
{
	json_t *out = json_array();

	for (size_t i = 0; i < message->user_count; i++)
		json_array_append_new(out, bot_json_user(call, message->users[i]));
	return out;
}

static void fill_action(struct call *call, json_t *out, const struct message *message)
{
	switch (message->action) {
	case ACTION_CHAT_ADD:
		set(out, "new_chat_members", json_users(call, message));
		break;
	case ACTION_JOINED_BY_LINK:
	case ACTION_JOINED_BY_REQUEST:
		set(out, "new_chat_members", json_array());
		json_array_append_new(json_object_get(out, "new_chat_members"),
			bot_json_user(call, message->from.id));
		break;
	case ACTION_CHAT_REMOVE:
		if (message->user_count)
			set(out, "left_chat_member", bot_json_user(call, message->users[0]));
		break;
	case ACTION_OWNER_LEFT:
	case ACTION_OWNER_CHANGED:
		if (message->user_count)
			set(out,
				message->action == ACTION_OWNER_LEFT ? "chat_owner_left"
								     : "chat_owner_changed",
				json_pack("{so}", "new_owner",
					bot_json_user(call, message->users[0])));
		break;
	case ACTION_CHAT_TITLE:
	case ACTION_CHANNEL_TITLE:
		set(out, "new_chat_title", bot_json_text(message->text));
		break;
	case ACTION_CHAT_CREATE:
		set(out, "group_chat_created", json_true());
		break;
	case ACTION_MIGRATE_TO:
		set_number(out, "migrate_to_chat_id", bot_chat_id(message->other));
		break;
	case ACTION_MIGRATE_FROM:
		set_number(out, "migrate_from_chat_id", bot_chat_id(message->other));
		break;
	default:
		break;
	}
}

/* ---- Messages ---- */

/* Who writes in private chat, with their language; of a group it is nobody's business. */
static json_t *json_sender(struct call *call, int64_t id, struct peer chat)
{
	json_t *out = bot_json_user(call, id);

	if (chat.kind == PEER_USER && chat.id == id)
		set_text(out, "language_code", words_language_of(call, id));
	return out;
}

static void fill_sender(struct call *call, json_t *out, const struct message *message)
{
	if (message->from.kind == PEER_USER)
		set(out, "from", json_sender(call, message->from.id, message->peer));
	else
		set(out, "sender_chat",
			bot_json_chat(call,
				message->from.kind == PEER_NONE ? message->peer : message->from));
}

static void fill_words(struct call *call, json_t *out, const struct message *message)
{
	const bool caption = message->media != NULL;

	if (message->media)
		fill_media(out, message->media);
	set_text(out, caption ? "caption" : "text", message->text);
	if (message->entity_count)
		set(out, caption ? "caption_entities" : "entities", json_entities(call, message));
	if (message->keyboard)
		set(out, "reply_markup", json_keyboard(message->keyboard));
}

static json_t *json_one(struct call *call, const struct message *message)
{
	json_t *out = json_object();

	set_number(out, "message_id", message->id);
	fill_sender(call, out, message);
	set(out, "chat", bot_json_chat(call, message->peer));
	set_number(out, "date", message->date_s);
	if (message->edit_date_s)
		set_number(out, "edit_date", message->edit_date_s);
	if (message->thread)
		set_number(out, "message_thread_id", message->thread);
	set_flag(out, "is_topic_message", message->topic);
	set_flag(out, "has_protected_content", message->noforwards);
	if (message->forward)
		set(out, "forward_origin", json_origin(call, message->forward));
	if (message->action == ACTION_NONE)
		fill_words(call, out, message);
	else
		fill_action(call, out, message);
	return out;
}

/* What is answered comes with it, but not what that answers, as the Bot API has it. */
json_t *bot_json_message(struct call *call, const struct message *message)
{
	json_t *out = json_one(call, message);
	const struct message *replied = bot_message_replied(call, message);

	if (replied && message->action == ACTION_PIN)
		set(out, "pinned_message", json_one(call, replied));
	else if (replied)
		set(out, "reply_to_message", json_one(call, replied));
	return out;
}

/* ---- Updates ---- */

static json_t *json_callback(struct call *call, const struct bot_update *update)
{
	const char *id = arena_printf(call->arena, "%lld", (long long)update->query);
	const char *chat = arena_printf(call->arena, "%lld", (long long)bot_chat_id(update->chat));
	json_t *out = json_object();

	set(out, "id", json_string(id));
	set(out, "from", json_sender(call, update->actor, update->chat));
	set(out, "chat_instance", json_string(chat));
	set(out, "data", bot_json_text(update->data));
	if (update->message)
		set(out, "message", bot_json_message(call, update->message));
	return out;
}

json_t *bot_json_standing(struct call *call, int64_t user, enum channel_role role)
{
	static const char *const names[] = {[ROLE_NONE] = "left",
		[ROLE_LEFT] = "left",
		[ROLE_MEMBER] = "member",
		[ROLE_ADMIN] = "administrator",
		[ROLE_CREATOR] = "creator",
		[ROLE_BANNED] = "kicked",
		[ROLE_AWAY] = "left"};
	json_t *out = json_object();

	set(out, "user", bot_json_user(call, user));
	set(out, "status", json_string(role < ARRAY_LEN(names) ? names[role] : "left"));
	return out;
}

static json_t *json_member(struct call *call, const struct bot_update *update)
{
	json_t *out = json_object();

	set(out, "chat", bot_json_chat(call, update->chat));
	set(out, "from", bot_json_user(call, update->actor));
	set_number(out, "date", update->date_s);
	set(out, "old_chat_member", bot_json_standing(call, call->user, update->was));
	set(out, "new_chat_member", bot_json_standing(call, call->user, update->is));
	return out;
}

json_t *bot_json_update(struct call *call, const struct bot_update *update)
{
	json_t *out = json_object();

	set_number(out, "update_id", update->id);
	switch (update->kind) {
	case BOT_MESSAGE:
		set(out, "message", bot_json_message(call, update->message));
		break;
	case BOT_EDITED_MESSAGE:
		set(out, "edited_message", bot_json_message(call, update->message));
		break;
	case BOT_CHANNEL_POST:
		set(out, "channel_post", bot_json_message(call, update->message));
		break;
	case BOT_EDITED_CHANNEL_POST:
		set(out, "edited_channel_post", bot_json_message(call, update->message));
		break;
	case BOT_CALLBACK_QUERY:
		set(out, "callback_query", json_callback(call, update));
		break;
	case BOT_MY_CHAT_MEMBER:
		set(out, "my_chat_member", json_member(call, update));
		break;
	case BOT_UPDATE_KINDS:
		break;
	}
	return out;
}
