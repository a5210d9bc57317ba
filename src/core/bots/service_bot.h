/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service bot, SERVICE_BOT: the account through which the desk talks to people who write to it,
 * one in each installation, found by its public name. Its token lies beside the desk; nobody logs
 * in to it over MTProto. Letters of the service itself come from SERVICE_USER instead, to whom
 * stock clients let nobody write.
 */
#ifndef CORE_SERVICE_BOT_H
#define CORE_SERVICE_BOT_H

#include "core/call.h"

#define SERVICE_BOT 1000000 /* below USER_FIRST_ID: nobody else's */
#define SERVICE_BOT_USERNAME "lontar_bot"

/* Makes the account where there is none yet. Somebody else may have the name: then it has none. At
 * start, in a write transaction; call->user is nobody. */
void service_bot_make(struct call *call);

#endif
