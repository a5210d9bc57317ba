/* SPDX-License-Identifier: Apache-2.0 */
/* What the requests that send have in common: options beside the message, and the way of a draft to
 * a chat of any kind. */
#ifndef API_SENDING_H
#define API_SENDING_H

#include "core/call.h"

struct tl_object;

struct sending {
	bool scheduled;
	int32_t schedule_date;
	bool clear_draft;
	bool repeats, shortcut, suggested_post, effect;
	const struct tl_object *send_as;
};

/* Of messages.sendMessage and messages.sendMedia. */
#define SENDING_OF(req)                                                                            \
	((struct sending){.scheduled = (req)->has_schedule_date,                                   \
		.schedule_date = (req)->schedule_date,                                             \
		.repeats = (req)->schedule_repeat_period != 0,                                     \
		.clear_draft = (req)->clear_draft,                                                 \
		.shortcut = (req)->quick_reply_shortcut != NULL,                                   \
		.suggested_post = (req)->suggested_post != NULL,                                   \
		.effect = (req)->has_effect,                                                       \
		.send_as = (req)->send_as})

/* What would change the meaning of the message and is not served is refused, never ignored. */
MUST_CHECK int sending_check(struct call *call, const struct sending *sending);
/* In whose name it is to be written there, as core/channels/send_as.h takes it; PEER_NONE: nobody
 * says. */
MUST_CHECK int sending_as(
	struct call *call, const struct tl_object *send_as, struct peer to, struct peer *out);
/* Puts the draft into the chat. */
MUST_CHECK int sending_send(struct call *call, const struct sending *sending, struct peer to,
	struct message *draft, struct update_set *answer);

#endif
