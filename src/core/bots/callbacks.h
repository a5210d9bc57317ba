/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buttons that are pressed: the bot that wrote the message is told, and what it answers goes to
 * whoever pressed, who waits for it. https://core.telegram.org/api/bots/buttons#pressing-buttons
 */
#ifndef CORE_CALLBACKS_H
#define CORE_CALLBACKS_H

#include "core/call.h"

#define CALLBACK_WAIT_S 10    /* how long a client waits */
#define CALLBACK_LIFE_S 60    /* how long the bot may answer: a later answer reaches nobody */
#define CALLBACK_TEXT_MAX 200 /* characters, as the Bot API has it */

struct callback_answer {
	struct bytes text, url; /* absent: none */
	bool alert;		/* the text is shown in a window of its own */
	int32_t cache_s;	/* clients may give the same answer again so long */
};

/* call->user pressed the button with these data under the message. call->awaits is set: the answer
 * comes with EFFECT_CALLBACK. Faults MESSAGE_ID_INVALID, DATA_INVALID, BOT_RESPONSE_TIMEOUT where
 * no bot can hear it, and those of who may see the message. */
MUST_CHECK int callback_ask(struct call *call, struct peer in, int32_t id, struct bytes data);
/* call->user, a bot, answers. Faults QUERY_ID_INVALID, MESSAGE_TOO_LONG, URL_INVALID. */
MUST_CHECK int callback_answer(
	struct call *call, int64_t query, const struct callback_answer *answer);

#endif
