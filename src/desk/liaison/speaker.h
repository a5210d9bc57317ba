/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends what the outbox holds for chats (OUTBOX_BOT), one after the other, by the courier. Each
 * message carries its request number, so that one which was sent before a crash is not sent again.
 * All on the loop's thread.
 */
#ifndef DESK_SPEAKER_H
#define DESK_SPEAKER_H

#include "desk/liaison/courier.h"
#include "desk/desk.h"
#include "desk/letters/outbox.h"

/* What to do about an item, by what the messenger answered. */
enum speaker_verdict {
	SPEAKER_SENT,
	SPEAKER_LATER,
	SPEAKER_REFUSED,
	SPEAKER_ANEW, /* there is nothing to edit: as a new message */
};

struct speaker {
	struct desk *desk;
	struct courier *courier;
	struct arena arena;
	struct desk_outgoing row; /* under way */
	bool busy;
};

void speaker_init(struct speaker *speaker, struct desk *desk, struct courier *courier);
void speaker_release(struct speaker *speaker);
/* Starts with the next item unless one is under way; goes on by itself while there are more. After
 * each transaction that may have put one, and every second. */
void speaker_look(struct speaker *speaker);

/* Pure. result: the message's number; after_s: what a 429 asks for. */
enum speaker_verdict speaker_judge(
	const struct courier_answer *answer, bool edits, int64_t *result, int64_t *after_s);

#endif
