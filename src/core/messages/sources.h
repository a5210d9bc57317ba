/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as material for new ones: what is answered from another chat, and what is forwarded.
 * Whoever takes a message further tells where it comes from as far as its author allows.
 * https://core.telegram.org/api/forwarding
 */
#ifndef CORE_SOURCES_H
#define CORE_SOURCES_H

#include "core/messages/messages.h"

#define FORWARDS_MAX 100     /* messages in one call */
#define QUOTE_UNITS_MAX 1024 /* quote_length_max of the app configuration */

/* Those of ids that stand in the chat and that call->user may see, in the order asked. */
MUST_CHECK int source_messages(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct message_list *out);
/* Fault CHAT_FORWARDS_RESTRICTED: it may not leave its chat. */
MUST_CHECK int source_may_leave(struct call *call, const struct message *message);
/* Who is named when the message goes elsewhere: its first author, or only his name when he wants it
 * so; of a private channel only the title, but for oneself. In call->arena. */
struct forward *source_origin(struct call *call, const struct message *message, bool for_oneself);

/*
 * What draft->reply_to and draft->reply say, checked against the message that is answered: the
 * quote stands in it (its formatting is taken from there), and one of another chat may leave it and
 * is named. What is answered in the same chat and isn't there (any more) makes a plain message.
 * Faults QUOTE_TEXT_INVALID, REPLY_MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED.
 */
MUST_CHECK int reply_settle(struct call *call, struct peer to, struct message *draft);
/* A quote that a client may give, whatever it stands in. */
bool quote_fits(struct bytes quote);
/* Another one's copy of a message that answers something of another chat: where that stands is said
 * only of a public channel. False: it answers nothing of another chat, and copy->reply_to is the
 * caller's to fill. */
bool reply_for_others(struct call *call, struct message *copy);

struct forwarding {
	struct peer from, to;
	struct peer as; /* in whose name; PEER_NONE: nobody says (core/channels/send_as.h) */
	const int32_t *ids;
	const int64_t *random_ids; /* as many */
	size_t count;
	int64_t send_at_s; /* 0: now */
	bool silent, noforwards;
	bool drop_author, drop_captions; /* captions only of what carries something */
};

/* Forwards to any chat, in the order asked; ids that are not there are passed over. answer: what
 * message_send answers, for one after the other. Faults MESSAGE_IDS_EMPTY,
 * MESSAGE_IDS_TOO_MANY, RANDOM_ID_DUPLICATE, MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED,
 * SCHEDULE_DATE_INVALID and those of sending. */
int messages_forward(
	struct call *call, const struct forwarding *forwarding, struct update_set *answer);

#endif
