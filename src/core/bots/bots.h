/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts of bots: made by the operator, with a public name that ends in "bot" and without a
 * number; whoever has the token logs in to them (core/accounts/login_bot.h). A bot answers those
 * who wrote to it: it begins no conversation (core/accounts/strangers.h). Which of them come into
 * groups is said in core/bots/bot_ears.h, which methods one may call in the method table
 * (api/dispatch.h). https://core.telegram.org/api/bots
 */
#ifndef CORE_BOTS_H
#define CORE_BOTS_H

#include "core/call.h"

#define BOT_TOKEN_SIZE 64 /* "ID:secret" and a NUL */

/* Whether the account is a bot's. */
bool bot_is(struct call *call, int64_t user);

/* For the operator. The token is told this once, a keyed hash of it is kept; the caller wipes it.
 * Faults USERNAME_INVALID, USERNAME_OCCUPIED, FIRSTNAME_INVALID. */
MUST_CHECK int bot_add(struct call *call, struct bytes username, struct bytes name, int64_t *id,
	char token[BOT_TOKEN_SIZE]);
/* Who bears the name; 0: no bot does. */
int64_t bot_by_name(struct call *call, struct bytes username);
/* Another token. The one before works no longer, and who logged in by it is logged out by upkeep.
 */
void bot_renew_token(struct call *call, int64_t bot, char token[BOT_TOKEN_SIZE]);
/* The same, and there is none until another is made. */
void bot_revoke_token(struct call *call, int64_t bot);
/* 0: it is nobody's. */
int64_t bot_by_token(struct call *call, struct bytes token);

#endif
