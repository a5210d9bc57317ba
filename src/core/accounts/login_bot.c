/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the door for bots. Does not own which bots there are: core/bots/bots.c does. */
#include "core/accounts/login_bot.h"

#include "core/bots/bots.h"
#include "core/accounts/login.h"
#include "core/accounts/network_budget.h"

int login_bot(struct call *call, struct bytes token, int64_t *bot)
{
	*bot = 0;
	if (network_budget_check(call, "bots", LOGIN_BOT_WRONG_PER_NETWORK_HOUR) < 0)
		return -1;
	*bot = bot_by_token(call, token);
	if (*bot)
		return login_as(call, *bot, false);
	if (network_budget_take(call, "bots", LOGIN_BOT_WRONG_PER_NETWORK_HOUR) < 0)
		return -1;
	call->keep_writes = true;
	return rpc_error(call, 400, "ACCESS_TOKEN_INVALID");
}
