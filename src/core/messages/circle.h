/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boxes that one conversation lives in: the own one, and those of everybody else in it who has
 * an own copy of each message. Two for a private chat, one for Saved Messages and for the service,
 * one per member for a basic group. Lives in the call's arena.
 */
#ifndef CORE_CIRCLE_H
#define CORE_CIRCLE_H

#include "core/messages/box.h"

struct circle {
	struct peer chat;	/* as call->user sees it */
	struct home_box *boxes; /* ascending by owner: the order in which they are locked */
	size_t count;
	struct home_box *own; /* of call->user, one of boxes */
};

/* Opens them. Whoever is not in the group (any more) has a circle of one: the copies that are left.
 * Says nothing about rights. Faults PEER_ID_INVALID, CHAT_ID_INVALID. */
MUST_CHECK int circle_open(struct call *call, struct peer chat, struct circle *out);
/* The same, with nobody but the caller. */
MUST_CHECK int circle_open_alone(struct call *call, struct peer chat, struct circle *out);
/* The same, and who is blocked by the other of a private chat is alone: nothing that he does there
 * reaches the other, and he isn't told. */
MUST_CHECK int circle_open_reaching(struct call *call, struct peer chat, struct circle *out);
/* What one account may write, change or delete of other people's copies in groups, in a minute: a
 * writer in a full group can't keep everybody else waiting. What is begun with room left is done
 * whole. */
#define COPIES_PER_MINUTE 30000
/* Charges the caller for so many copies; up to two are free, and so is what the clock does. Fault
 * FLOOD_WAIT_X. */
MUST_CHECK int circle_charge(struct call *call, size_t copies);
/* One who gets no copy of this; never the caller himself. */
void circle_leave_out(struct circle *circle, int64_t owner);
/* Moves all boxes on, in order. */
void circle_advance(struct circle *circle, int32_t pts, int32_t ids);
/* The chat as the owner of a box sees it. */
struct peer circle_peer(const struct call *call, const struct circle *circle, int64_t owner);

#endif
