/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules refuse, as the Bot API says it. */
#ifndef BOT_FAULTS_H
#define BOT_FAULTS_H

#include <jansson.h>

#include "core/call.h"

/* The whole answer, with "parameters" where the bot is to wait; *status is that of HTTP. */
json_t *bot_json_fault(const struct fault *fault, int *status);

#endif
