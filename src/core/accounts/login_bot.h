/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in as a bot, by its token: https://core.telegram.org/method/auth.importBotAuthorization
 */
#ifndef CORE_LOGIN_BOT_H
#define CORE_LOGIN_BOT_H

#include "core/call.h"

#define LOGIN_BOT_WRONG_PER_NETWORK_HOUR 100

/* token: "ID:secret". The same refusal for all that is wrong. Faults ACCESS_TOKEN_INVALID,
 * FLOOD_WAIT_X. */
MUST_CHECK int login_bot(struct call *call, struct bytes token, int64_t *bot);

#endif
