/* SPDX-License-Identifier: Apache-2.0 */
/* Owns which commands are fit, and which list is whose. */
#include "core/bots/bot_commands.h"

#include "base/text.h"
#include "core/accounts/users.h"
#include "core/words.h"

static bool name_is_fit(struct bytes name)
{
	for (size_t i = 0; i < name.size; i++) {
		const uint8_t c = name.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return name.size > 0 && name.size <= BOT_COMMAND_NAME_MAX;
}

static bool language_is_fit(struct bytes language)
{
	for (size_t i = 0; i < language.size; i++)
		if (language.data[i] < 'a' || language.data[i] > 'z')
			return false;
	return language.size == 0 || language.size == 2;
}

static bool is_same(const struct bot_commands *a, const struct bot_commands *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!bytes_equal(a->at[i].name, b->at[i].name) ||
			!bytes_equal(a->at[i].about, b->at[i].about))
			return false;
	return true;
}

int bot_commands_set(struct call *call, enum bot_place place, struct bytes language,
	const struct bot_commands *commands)
{
	struct bot_commands before;

	if (!language_is_fit(language))
		return rpc_error(call, 400, "LANG_CODE_INVALID");
	if (commands->count > BOT_COMMANDS_MAX)
		return rpc_error(call, 400, "BOT_COMMAND_INVALID");
	for (size_t i = 0; i < commands->count; i++) {
		if (!name_is_fit(commands->at[i].name))
			return rpc_error(call, 400, "BOT_COMMAND_INVALID");
		if (!commands->at[i].about.size ||
			!user_text_fits(commands->at[i].about, BOT_COMMAND_ABOUT_MAX))
			return rpc_error(call, 400, "BOT_COMMAND_DESCRIPTION_INVALID");
	}
	/* The desk says it at each start: clients need not look again for that. */
	bot_commands_get(call, call->user, place, language, &before);
	if (!is_same(&before, commands))
		home_bot_commands_set(call_home(call), call->user, place, language, commands->at,
			commands->count);
	return 0;
}

void bot_commands_get(struct call *call, int64_t bot, enum bot_place place, struct bytes language,
	struct bot_commands *out)
{
	out->count = home_bot_commands_list(call_home(call), call->arena, bot, (int)place, language,
		BOT_COMMANDS_MAX, &out->at);
}

void bot_commands_for(
	struct call *call, int64_t bot, enum bot_place place, struct bot_commands *out)
{
	const enum bot_place places[] = {place, BOT_EVERYWHERE};
	struct bytes language = words_language_of(call, call->user);

	/* Lists have the language alone: "pt" of "pt-br". */
	if (language.size > 2)
		language.size = 2;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		bot_commands_get(call, bot, places[i], language, out);
		if (!out->count)
			bot_commands_get(call, bot, places[i], BYTES_LITERAL(""), out);
		if (out->count)
			return;
	}
}
