/* SPDX-License-Identifier: Apache-2.0 */
/* For the files of src/bot: the chat that a request is about. */
#ifndef BOT_CHATS_H
#define BOT_CHATS_H

#include "bot/params.h"
#include "core/call.h"

/* "chat_id": a number, or "@name" of what is public. What the bot has not met is not there. Faults
 * CHAT_NOT_FOUND, BOT_NOT_STARTED, CHAT_UPGRADED_X: a group that is now the supergroup X. */
MUST_CHECK int bot_chat_of(struct call *call, struct params *params, struct peer *out);

#endif
