/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bot hears in a group: what is said to it. That is commands without a name, and those with
 * its own; what names it; answers to what it wrote; and of what the service says what is about it:
 * that it came or went, that the group became another one. An admin hears all; of a channel a bot
 * is never less than an admin. Of the rest there is no copy and no note for it, and it is not told
 * of it in any other way.
 * https://core.telegram.org/bots/features#privacy-mode, which lets it hear all of the service
 *
 * Bots of the Bot API come into groups. Those that log in over MTProto don't: they would get the
 * whole sequence of a supergroup.
 */
#ifndef CORE_BOT_EARS_H
#define CORE_BOT_EARS_H

#include "core/bots/bot_updates.h"

static inline bool bot_joins_groups(int64_t bot)
{
	return bot_is_polled(bot);
}

#define BOTS_PER_GROUP_MAX 1 /* there is one that comes into groups */

/* Those that are in a supergroup or channel. Returns their number. */
size_t bots_in_channel(struct call *call, int64_t channel, int64_t bots[BOTS_PER_GROUP_MAX]);

/* Whether it is said to a bot that is no admin. replied: who wrote what it answers; 0: nobody. */
bool bot_hears(struct call *call, int64_t bot, const struct message *message, int64_t replied);

#endif
