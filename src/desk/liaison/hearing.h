/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hears what people write to the service bot: a long poll on the courier's third line. The number
 * of the last update is stored in the transaction of what the update caused, and the messenger
 * drops an update only when the next question names a later one: each is taken once, also over
 * crashes of either side. All on the loop's thread.
 */
#ifndef DESK_HEARING_H
#define DESK_HEARING_H

#include "desk/liaison/courier.h"
#include "desk/liaison/dialogue.h"

struct hearing {
	struct desk *desk;
	struct courier *courier;
	bool asking;
	size_t menus;	  /* that clients were told to offer, at each start: desk/liaison/menu.h */
	int64_t again_ms; /* after a failure: not before then, on the monotonic clock */
	struct dialogue_help help;
	/* After updates were taken: there may be something to say. */
	void (*heard)(void *ctx);
	void *ctx;
};

/* Asks unless it does; goes on by itself while it is answered. About every second. */
void hearing_look(struct hearing *hearing);

/* Takes the updates of an answer in. -1: it is none. For tests and fuzzing as well. */
MUST_CHECK int hearing_take(struct hearing *hearing, struct bytes answer);

#endif
