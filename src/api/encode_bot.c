/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode_bot.h"

#include "core/bots/bot_ears.h"
#include "tl/schema.h"

static struct tl_objects encode_commands(struct call *call, const struct bot_commands *commands)
{
	struct tl_objects out = tl_objects_new(call->arena, (uint32_t)commands->count);

	for (size_t i = 0; i < commands->count; i++) {
		struct tl_botCommand *command = TL_NEW(call->arena, botCommand);

		command->command = commands->at[i].name;
		command->description = commands->at[i].about;
		out.at[i] = &command->o;
	}
	return out;
}

/* Telegram Desktop takes a bot without it for a person. */
struct tl_object *encode_bot_info(struct call *call, int64_t bot, enum bot_place place)
{
	struct tl_botInfo *info = TL_NEW(call->arena, botInfo);
	struct bot_commands commands;

	info->has_user_id = true;
	info->user_id = bot;
	bot_commands_for(call, bot, place, &commands);
	if (commands.count)
		info->commands = encode_commands(call, &commands);
	return &info->o;
}

struct tl_objects encode_bot_infos(struct call *call, const int64_t *users, size_t count)
{
	struct tl_objects out = tl_objects_new(call->arena, (uint32_t)count);

	out.count = 0;
	for (size_t i = 0; i < count; i++)
		if (bot_joins_groups(users[i]))
			out.at[out.count++] = encode_bot_info(call, users[i], BOT_IN_GROUPS);
	return out;
}
