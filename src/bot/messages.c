/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of the Bot API about messages. */
#include "bot/chats.h"
#include "bot/html.h"
#include "bot/methods.h"
#include "bot/objects.h"
#include "core/messages/messages.h"

/* ---- Parameters ---- */

static int message_id_of(struct call *call, struct params *params, int32_t *out)
{
	int64_t id;
	bool valid;

	if (!params_integer(params, "message_id", &id, &valid) || !valid || id < 1 ||
		id > INT32_MAX)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	*out = (int32_t)id;
	return 0;
}

/* Text with its formatting, one way or the other. */
static int text_of(struct call *call, struct params *params, struct message *draft)
{
	const struct bytes mode = params_text(params, "parse_mode");
	const json_t *entities;
	bool valid;

	draft->text = params_text(params, "text");
	if (!draft->text.data)
		return rpc_error(call, 400, "MESSAGE_EMPTY");
	if (mode.size) {
		if (mode.size != 4 || (mode.data[0] | 32) != 'h')
			return rpc_error(call, 400, "PARSE_MODE_INVALID");
		return html_parse(call->arena, draft->text, draft) < 0
			       ? rpc_error(call, 400, "ENTITIES_UNPARSABLE")
			       : 0;
	}
	entities = params_json(params, "entities", &valid);
	return valid ? bot_entities_of(call, entities, draft)
		     : rpc_error(call, 400, "ENTITIES_INVALID");
}

static int keyboard_of(struct call *call, struct params *params, struct message *draft)
{
	bool valid;
	const json_t *markup = params_json(params, "reply_markup", &valid);

	return valid ? bot_keyboard_of(call, markup, &draft->keyboard)
		     : rpc_error(call, 400, "REPLY_MARKUP_INVALID");
}

static int options_of(struct call *call, struct params *params, struct message *draft)
{
	bool valid;
	const json_t *preview = params_json(params, "link_preview_options", &valid);

	if (!valid)
		return rpc_error(call, 400, "LINK_PREVIEW_OPTIONS_INVALID");
	draft->no_preview = json_is_true(json_object_get(preview, "is_disabled"));
	draft->silent = params_flag(params, "disable_notification");
	draft->noforwards = params_flag(params, "protect_content");
	return 0;
}

/* https://core.telegram.org/bots/api#replyparameters: of the same chat. */
static int reply_of(
	struct call *call, struct params *params, struct peer chat, struct message *draft)
{
	bool valid;
	const json_t *reply = params_json(params, "reply_parameters", &valid);
	const json_int_t id = json_integer_value(json_object_get(reply, "message_id"));
	const json_t *quote = json_object_get(reply, "quote");

	if (!valid || (reply && (id < 1 || id > INT32_MAX || json_object_get(reply, "chat_id"))))
		return rpc_error(call, 400, "REPLY_PARAMETERS_INVALID");
	if (!reply)
		return 0;
	if (!bot_message(call, chat, (int32_t)id)) {
		if (json_is_true(json_object_get(reply, "allow_sending_without_reply")))
			return 0;
		return rpc_error(call, 400, "REPLY_MESSAGE_ID_INVALID");
	}
	draft->reply_to = (int32_t)id;
	if (json_is_string(quote)) {
		draft->reply = ARENA_NEW(call->arena, struct reply);
		draft->reply->quote = bytes_of(json_string_value(quote), json_string_length(quote));
	}
	return 0;
}

/* The message that the answer is about. */
static int result_of(struct call *call, const struct update_set *answer, json_t **result)
{
	for (size_t i = 0; i < answer->update_count; i++) {
		if (answer->updates[i].message) {
			*result = bot_json_message(call, answer->updates[i].message);
			return 0;
		}
	}
	return rpc_error(call, 500, "INTERNAL");
}

/* Lontar's own: who says the same number again is answered with what the first one sent. */
static int request_of(struct call *call, struct params *params, struct message *draft)
{
	int64_t id;
	bool valid;

	if (!params_integer(params, "request_id", &id, &valid))
		id = (int64_t)(random_u64(call->env->random) >> 1 | 1);
	if (!valid || id < 1)
		return rpc_error(call, 400, "REQUEST_ID_INVALID");
	draft->random_id = id;
	return 0;
}

/* ---- Methods ---- */

/* https://core.telegram.org/bots/api#sendmessage */
int bot_sendMessage(struct call *call, struct params *params, json_t **result)
{
	struct message draft = {0};
	struct update_set answer;
	struct peer chat;
	int64_t thread;
	bool valid;

	if (bot_chat_of(call, params, &chat) < 0 || request_of(call, params, &draft) < 0 ||
		text_of(call, params, &draft) < 0 || options_of(call, params, &draft) < 0 ||
		reply_of(call, params, chat, &draft) < 0 || keyboard_of(call, params, &draft) < 0)
		return -1;
	if (params_integer(params, "message_thread_id", &thread, &valid)) {
		if (!valid || thread < 1 || thread > INT32_MAX || chat.kind != PEER_CHANNEL)
			return rpc_error(call, 400, "MESSAGE_THREAD_ID_INVALID");
		draft.thread = (int32_t)thread;
	}
	if (message_send(call, chat, &draft, &answer) < 0)
		return -1;
	return result_of(call, &answer, result);
}

static int edit(struct call *call, struct params *params, bool has_text, json_t **result)
{
	struct message draft = {0};
	struct update_set answer;
	struct peer chat;

	if (bot_chat_of(call, params, &chat) < 0 || message_id_of(call, params, &draft.id) < 0 ||
		(has_text && (text_of(call, params, &draft) < 0 ||
				     options_of(call, params, &draft) < 0)) ||
		keyboard_of(call, params, &draft) < 0 ||
		message_edit(call, chat, &draft, &answer) < 0)
		return -1;
	return result_of(call, &answer, result);
}

/* https://core.telegram.org/bots/api#editmessagetext */
int bot_editMessageText(struct call *call, struct params *params, json_t **result)
{
	return edit(call, params, true, result);
}

/* https://core.telegram.org/bots/api#editmessagereplymarkup */
int bot_editMessageReplyMarkup(struct call *call, struct params *params, json_t **result)
{
	return edit(call, params, false, result);
}
