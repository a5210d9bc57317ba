/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the desk says to somebody outside. It is written in the transaction of what it is about, and
 * sent afterwards: in order per address, again after growing delays and over restarts, until it is
 * said, refused for good, or too old. Who sends a way takes its items with outbox_next() and
 * settles each one; a sender that dies in between finds the item again, with the same `request`
 * number, by which the receiver (or the letter's Message-ID) tells a repetition from a second one.
 * What was said is dropped when it is settled, and to which address; that it was, a month later (at
 * once if it was about no case). The chat is kept as long, for replies to what was said there.
 */
#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include "store/square_desk_outbox.h"

enum outbox_way {
	OUTBOX_BOT,  /* desk/liaison/liaison.h sends */
	OUTBOX_MAIL, /* by errands, desk/mail/mail_out.h */
	OUTBOX_WAYS
};

/* Absent texts are empty ones. What is given must be valid UTF-8. */
struct outbox_item {
	enum outbox_way way;
	int64_t case_id; /* it is about; 0: none */
	struct bytes text;
	/* OUTBOX_BOT: */
	int64_t chat;	       /* as the Bot API has it */
	struct bytes keyboard; /* reply_markup as JSON; empty: none */
	int64_t edits;	       /* the message whose text this becomes; 0: a new message */
	int64_t answers;       /* the callback query that it answers; 0: none */
	/* OUTBOX_MAIL: */
	struct bytes to;      /* address */
	struct bytes subject; /* of mail; BOT that answers: what is shown to who pressed */
	struct bytes headers; /* more of them */
};

/* Returns the item's number; of a text that is longer than a message, which becomes several, that
 * of the last. */
int64_t outbox_put(struct db *db, int64_t now_s, const struct outbox_item *item);

/* The next of this way that is due; row->address is the chat or the address, row->extra
 * the keyboard or the headers. */
bool outbox_next(struct db *db, struct arena *arena, enum outbox_way way, int64_t now_s,
	struct desk_outgoing *row);
/* Each in a transaction. result: the message's number at the receiver, or 0. */
void outbox_sent(struct db *db, const struct desk_outgoing *row, int64_t now_s, int64_t result);
/* For good: blocked, no such address. why is for the log: no addresses. */
void outbox_refused(struct db *db, const struct desk_outgoing *row, int64_t now_s, const char *why);
/* Not now. after_s: what the receiver asked for; 0: nothing. */
void outbox_later(struct db *db, const struct desk_outgoing *row, int64_t now_s, int64_t after_s,
	const char *why);
/* Forgets what was settled a month ago. */
void outbox_keep(struct db *db, int64_t now_s);

#endif
