/* SPDX-License-Identifier: Apache-2.0 */
/* What a bot can be asked for: commands that clients offer behind "/" and in the bot's menu, by
 * where one writes and in which language. https://core.telegram.org/api/bots/commands */
#ifndef CORE_BOT_COMMANDS_H
#define CORE_BOT_COMMANDS_H

#include "core/call.h"
#include "store/home_bot_commands.h"

#define BOT_COMMANDS_MAX 100	  /* of one list, as the Bot API has it */
#define BOT_COMMAND_NAME_MAX 32	  /* a-z, 0-9, "_" */
#define BOT_COMMAND_ABOUT_MAX 256 /* characters */

/* Stored: new ones go to the end. */
enum bot_place { BOT_EVERYWHERE, BOT_IN_PRIVATE, BOT_IN_GROUPS };

struct bot_commands {
	struct home_bot_command *at;
	size_t count;
};

/* Of call->user, a bot. language: two letters, or empty for everybody else's; no commands: there is
 * no such list. Clients see it when they next hear of the bot. Faults BOT_COMMAND_INVALID,
 * BOT_COMMAND_DESCRIPTION_INVALID, LANG_CODE_INVALID. */
MUST_CHECK int bot_commands_set(struct call *call, enum bot_place place, struct bytes language,
	const struct bot_commands *commands);
/* Just this list. */
void bot_commands_get(struct call *call, int64_t bot, enum bot_place place, struct bytes language,
	struct bot_commands *out);
/* What call->user is offered there: of the lists of the place, then of those for everywhere, the
 * one in his language, else the one for everybody. */
void bot_commands_for(
	struct call *call, int64_t bot, enum bot_place place, struct bot_commands *out);

#endif
