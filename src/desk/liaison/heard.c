/* SPDX-License-Identifier: Apache-2.0 */
/* An update of the Bot API as the desk understands it. Whatever is not as it must be is nothing. */
#include <errno.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/liaison/dialogue.h"
#include "desk/cases/subject.h"

static struct bytes text_of(struct arena *arena, const json_t *object, const char *name, size_t max)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value) || json_string_length(value) > max)
		return BYTES_LITERAL("");
	return arena_bytes(arena, bytes_of(json_string_value(value), json_string_length(value)));
}

static int64_t number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* Of a public channel's post: its name stands there; others are not the desk's matter. */
static struct bytes forward_of(struct arena *arena, const json_t *message)
{
	const json_t *origin = json_object_get(message, "forward_origin");
	struct bytes name =
		text_of(arena, json_object_get(origin, "chat"), "username", SUBJECT_NAME_MAX);
	int64_t post = number_of(origin, "message_id");

	if (!origin)
		return bytes_of(NULL, 0);
	if (!name.size || post < 1 || post > INT32_MAX)
		return BYTES_LITERAL("");
	return bytes_from_str(arena_printf(arena, "@%s/%d", arena_str(arena, name), (int)post));
}

static void read_place(
	struct arena *arena, const json_t *message, const json_t *from, struct heard *out)
{
	const json_t *chat = json_object_get(message, "chat");

	out->chat = number_of(chat, "id");
	out->message = number_of(message, "message_id");
	out->person = number_of(from, "id");
	out->private = out->chat > 0 && out->chat == out->person;
	out->username = text_of(arena, from, "username", 64);
	out->language = text_of(arena, from, "language_code", 35);
	if (json_is_true(json_object_get(from, "is_bot")))
		out->person = 0;
}

static void read_message(struct arena *arena, const json_t *message, struct heard *out)
{
	read_place(arena, message, json_object_get(message, "from"), out);
	out->moved_to = number_of(message, "migrate_to_chat_id");
	out->text = text_of(arena, message, "text", 4 * DIALOGUE_TEXT_MAX);
	if (!out->text.size)
		out->text = text_of(arena, message, "caption", 4 * DIALOGUE_TEXT_MAX);
	out->forward = forward_of(arena, message);
	out->answers = number_of(json_object_get(message, "reply_to_message"), "message_id");
	if (out->moved_to)
		out->kind = HEARD_MOVED;
	else if (out->person > 0 && (out->text.size || out->forward.data))
		out->kind = HEARD_TEXT;
}

static void read_button(struct arena *arena, const json_t *query, struct heard *out)
{
	const struct bytes id = text_of(arena, query, "id", 20);

	read_place(arena, json_object_get(query, "message"), json_object_get(query, "from"), out);
	out->text = text_of(arena, query, "data", 64);
	errno = 0;
	out->query = strtoll(arena_str(arena, id), NULL, 10);
	if (errno)
		out->query = 0;
	if (out->person > 0 && out->chat && out->text.size && out->query > 0)
		out->kind = HEARD_BUTTON;
}

void heard_read(struct arena *arena, const json_t *update, struct heard *out)
{
	const json_t *message = json_object_get(update, "message");
	const json_t *query = json_object_get(update, "callback_query");

	*out = (struct heard){.update = number_of(update, "update_id"),
		.username = BYTES_LITERAL(""),
		.language = BYTES_LITERAL(""),
		.text = BYTES_LITERAL("")};
	if (message)
		read_message(arena, message, out);
	else if (query)
		read_button(arena, query, out);
	if (!out->chat)
		out->kind = HEARD_NOTHING;
}
