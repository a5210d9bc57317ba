/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message carries that needs no file: contacts, places, places of somebody on the way,
 * venues and dice. Polls are core/messages/polls.h. https://core.telegram.org/api/live-location,
 * https://core.telegram.org/api/dice
 */
#ifndef CORE_MEDIA_H
#define CORE_MEDIA_H

#include "core/call.h"
#include "store/home_boxes.h"

#define LIVE_PERIOD_MIN_S 60
#define LIVE_PERIOD_MAX_S 86400
#define LIVE_PERIOD_FOREVER 0x7fffffff
#define PROXIMITY_MAX_M 100000
#define ACCURACY_MAX_M 1500
#define CONTACT_CARD_MAX 8192 /* bytes of a vCard */
#define MEDIA_TEXT_MAX 256    /* bytes of the other texts */

/* Checks what a client sends, and adds what it may not say: the value of a die. Faults
 * MEDIA_INVALID, EMOTICON_INVALID. */
MUST_CHECK int media_accept(struct call *call, struct media *media);

/* *media as the owner of the box may see it in this chat: of a poll what he may know of it, of a
 * contact who it is if he has saved the number himself, or if it is his own: nobody learns from a
 * card who has a number. What depends on him is in a copy, in the box's arena. */
struct media *media_for(const struct home_box *box, struct peer in, struct media *media);

/* Whether somebody is still on the way, for a message sent at sent_s. */
bool media_is_live(const struct media *media, int64_t sent_s, int64_t now_s);

/* What an edit says of who is on the way: where, for how long, or that he has arrived. */
struct media_move {
	struct place *place; /* NULL: where he was */
	bool stopped;
	int32_t period_s; /* 0: as it was */
	int32_t heading, proximity_m;
};

/* *media, of a message sent at sent_s, after the move, in call->arena. Faults MEDIA_PREV_INVALID,
 * MEDIA_INVALID, MESSAGE_NOT_MODIFIED (it is over). */
MUST_CHECK int media_move(
	struct call *call, const struct media_move *move, int64_t sent_s, struct media **media);

#endif
