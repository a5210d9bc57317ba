/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of the Bot API about the commands that clients offer. */
#include "bot/methods.h"
#include "bot/objects.h"
#include "core/bots/bot_commands.h"

static const char *const places[] = {[BOT_EVERYWHERE] = "default",
	[BOT_IN_PRIVATE] = "all_private_chats",
	[BOT_IN_GROUPS] = "all_group_chats"};

/* https://core.telegram.org/bots/api#botcommandscope: those of single chats are not here. */
static int place_of(
	struct call *call, struct params *params, enum bot_place *place, struct bytes *language)
{
	bool valid;
	const json_t *scope = params_json(params, "scope", &valid);
	const char *type = json_string_value(json_object_get(scope, "type"));

	*language = params_text(params, "language_code");
	if (!language->data)
		*language = BYTES_LITERAL("");
	*place = BOT_EVERYWHERE;
	if (valid && !scope)
		return 0;
	for (size_t i = 0; valid && type && i < ARRAY_LEN(places); i++) {
		if (strcmp(places[i], type) == 0) {
			*place = (enum bot_place)i;
			return 0;
		}
	}
	return rpc_error(call, 400, "BOT_COMMAND_SCOPE_INVALID");
}

static struct bytes text_in(const json_t *object, const char *name)
{
	const json_t *text = json_object_get(object, name);

	return json_is_string(text) ? bytes_of(json_string_value(text), json_string_length(text))
				    : (struct bytes){0};
}

/* As libraries send it, with a slash or without. */
static struct bytes without_slash(struct bytes name)
{
	return name.size && name.data[0] == '/' ? bytes_of(name.data + 1, name.size - 1) : name;
}

/* https://core.telegram.org/bots/api#setmycommands */
int bot_setMyCommands(struct call *call, struct params *params, json_t **result)
{
	struct bot_commands commands = {0};
	struct bytes language;
	enum bot_place place;
	bool valid;
	const json_t *list = params_json(params, "commands", &valid);

	if (!valid || !json_is_array(list) || json_array_size(list) > BOT_COMMANDS_MAX)
		return rpc_error(call, 400, "BOT_COMMAND_INVALID");
	if (place_of(call, params, &place, &language) < 0)
		return -1;
	commands.at = arena_array(call->arena, json_array_size(list), sizeof(*commands.at));
	for (; commands.count < json_array_size(list); commands.count++) {
		const json_t *one = json_array_get(list, commands.count);

		commands.at[commands.count] = (struct home_bot_command){
			without_slash(text_in(one, "command")), text_in(one, "description")};
	}
	if (bot_commands_set(call, place, language, &commands) < 0)
		return -1;
	*result = json_true();
	return 0;
}

/* https://core.telegram.org/bots/api#deletemycommands */
int bot_deleteMyCommands(struct call *call, struct params *params, json_t **result)
{
	const struct bot_commands none = {0};
	struct bytes language;
	enum bot_place place;

	if (place_of(call, params, &place, &language) < 0 ||
		bot_commands_set(call, place, language, &none) < 0)
		return -1;
	*result = json_true();
	return 0;
}

/* https://core.telegram.org/bots/api#getmycommands */
int bot_getMyCommands(struct call *call, struct params *params, json_t **result)
{
	struct bot_commands commands;
	struct bytes language;
	enum bot_place place;

	if (place_of(call, params, &place, &language) < 0)
		return -1;
	bot_commands_get(call, call->user, place, language, &commands);
	*result = json_array();
	for (size_t i = 0; i < commands.count; i++)
		json_array_append_new(*result,
			json_pack("{s:o, s:o}", "command", bot_json_text(commands.at[i].name),
				"description", bot_json_text(commands.at[i].about)));
	return 0;
}
