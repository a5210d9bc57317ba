/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of requests that are objects: buttons and formatting. */
#include "bot/entity_names.h"
#include "bot/objects.h"
#include "core/messages/entities.h"
#include "core/bots/keyboard.h"
#include "core/accounts/users.h"

static const struct {
	const char *name;
	enum entity_kind kind;
	bool collapsed;
} names[] = {
	{"mention", ENTITY_MENTION, false},
	{"hashtag", ENTITY_HASHTAG, false},
	{"cashtag", ENTITY_CASHTAG, false},
	{"bot_command", ENTITY_BOT_COMMAND, false},
	{"url", ENTITY_URL, false},
	{"email", ENTITY_EMAIL, false},
	{"phone_number", ENTITY_PHONE, false},
	{"bold", ENTITY_BOLD, false},
	{"italic", ENTITY_ITALIC, false},
	{"underline", ENTITY_UNDERLINE, false},
	{"strikethrough", ENTITY_STRIKE, false},
	{"spoiler", ENTITY_SPOILER, false},
	{"code", ENTITY_CODE, false},
	{"pre", ENTITY_PRE, false},
	{"text_link", ENTITY_TEXT_URL, false},
	{"text_mention", ENTITY_MENTION_NAME, false},
	{"blockquote", ENTITY_BLOCKQUOTE, false},
	{"expandable_blockquote", ENTITY_BLOCKQUOTE, true},
	{"custom_emoji", ENTITY_CUSTOM_EMOJI, false},
	{"bank_card", ENTITY_BANK_CARD, false},
};

const char *bot_entity_name(const struct entity *entity)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].kind == entity->kind && names[i].collapsed == entity->collapsed)
			return names[i].name;
	return "blockquote";
}

bool bot_entity_of_name(const char *name, struct entity *out)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			out->kind = names[i].kind;
			out->collapsed = names[i].collapsed;
			return true;
		}
	}
	return false;
}

static struct bytes text_at(struct call *call, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return (struct bytes){0};
	return arena_bytes(
		call->arena, bytes_of(json_string_value(value), json_string_length(value)));
}

/* ---- Buttons ---- */

static int button_of(struct call *call, const json_t *object, struct button *out)
{
	const struct bytes data = text_at(call, object, "callback_data");
	const struct bytes url = text_at(call, object, "url");

	out->text = text_at(call, object, "text");
	if (!data.data == !url.data)
		return rpc_error(call, 400, "BUTTON_TYPE_INVALID");
	out->kind = url.data ? BUTTON_URL : BUTTON_CALLBACK;
	out->argument = url.data ? url : data;
	return 0;
}

static int row_of(struct call *call, const json_t *array, struct button_row *out)
{
	if (!json_is_array(array) || json_array_size(array) > KEYBOARD_BUTTONS_MAX)
		return rpc_error(call, 400, "REPLY_MARKUP_INVALID");
	out->count = json_array_size(array);
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++)
		if (button_of(call, json_array_get(array, i), &out->at[i]) < 0)
			return -1;
	return 0;
}

int bot_keyboard_of(struct call *call, const json_t *markup, struct keyboard **out)
{
	const json_t *rows = json_object_get(markup, "inline_keyboard");
	struct keyboard *keyboard;

	*out = NULL;
	if (!markup)
		return 0;
	if (!json_is_array(rows) || json_array_size(rows) > KEYBOARD_BUTTONS_MAX)
		return rpc_error(call, 400, "REPLY_MARKUP_INVALID");
	keyboard = ARENA_NEW(call->arena, struct keyboard);
	keyboard->count = json_array_size(rows);
	keyboard->rows = arena_array(call->arena, keyboard->count, sizeof(*keyboard->rows));
	for (size_t i = 0; i < keyboard->count; i++)
		if (row_of(call, json_array_get(rows, i), &keyboard->rows[i]) < 0)
			return -1;
	*out = keyboard;
	return 0;
}

/* ---- Formatting ---- */

static bool place_of(const json_t *object, const char *name, int32_t *out)
{
	const json_t *value = json_object_get(object, name);
	const json_int_t number = json_integer_value(value);

	*out = number >= 0 && number <= INT32_MAX ? (int32_t)number : -1;
	return json_is_integer(value) && *out >= 0;
}

static int entity_of(struct call *call, const json_t *object, struct entity *out)
{
	const json_t *type = json_object_get(object, "type");
	const json_t *user = json_object_get(json_object_get(object, "user"), "id");

	if (!json_is_string(type) || !bot_entity_of_name(json_string_value(type), out) ||
		!place_of(object, "offset", &out->offset) ||
		!place_of(object, "length", &out->length))
		return rpc_error(call, 400, "ENTITIES_INVALID");
	if (out->kind == ENTITY_TEXT_URL)
		out->argument = text_at(call, object, "url");
	else if (out->kind == ENTITY_PRE)
		out->argument = text_at(call, object, "language");
	else if (out->kind == ENTITY_MENTION_NAME)
		out->id = json_integer_value(user);
	return 0;
}

int bot_entities_of(struct call *call, const json_t *entities, struct message *out)
{
	const size_t all = json_array_size(entities);
	const size_t count = all < ENTITIES_MAX ? all : ENTITIES_MAX;

	out->entities = arena_array(call->arena, count, sizeof(*out->entities));
	out->entity_count = 0;
	if (entities && !json_is_array(entities))
		return rpc_error(call, 400, "ENTITIES_INVALID");
	for (size_t i = 0; i < count; i++) {
		struct entity e = {0};

		if (entity_of(call, json_array_get(entities, i), &e) < 0)
			return -1;
		/* Neither can a bot send these, nor name whom it never met. */
		if (e.kind == ENTITY_CUSTOM_EMOJI ||
			(e.kind == ENTITY_MENTION_NAME &&
				!bot_has_met(call, (struct peer){PEER_USER, e.id})))
			continue;
		out->entities[out->entity_count++] = e;
	}
	return 0;
}
