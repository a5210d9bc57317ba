/* SPDX-License-Identifier: Apache-2.0 */
/* What a bot's clients offer: commands with what each does, by place and language. Nobody's secret:
 * in clear. core/bots/bot_commands.h has the rules. */
#ifndef STORE_HOME_BOT_COMMANDS_H
#define STORE_HOME_BOT_COMMANDS_H

#include "base/arena.h"
#include "store/db.h"

struct home_bot_command {
	struct bytes name, about;
};

/* In the place of those that were there; clients see by the version that they are new ones. */
void home_bot_commands_set(struct db *db, int64_t bot, int place, struct bytes language,
	const struct home_bot_command *commands, size_t count);
/* In their order; in the arena. Returns their number, at most limit. */
size_t home_bot_commands_list(struct db *db, struct arena *arena, int64_t bot, int place,
	struct bytes language, size_t limit, struct home_bot_command **out);

#endif
