/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored form of what is in a message: text, formatting, what it answers, where it was
 * forwarded from, what it carries. Sealed in the home, in clear in the square. Who reacted is
 * stored beside it, as it changes by itself.
 */
#ifndef CORE_MESSAGE_BODY_H
#define CORE_MESSAGE_BODY_H

#include "base/arena.h"
#include "core/model.h"

#define REACTIONS_STORED_MAX 1000

/* In the arena. */
struct bytes message_body_encode(struct arena *arena, const struct message *message);
/* Fills the same fields of *message, copying into the arena. -1: not what encode makes. */
MUST_CHECK int message_body_decode(struct arena *arena, struct bytes body, struct message *message);

/* Absent when there are none. */
struct bytes message_reactions_encode(struct arena *arena, const struct message *message);
/* Absent: none. -1: not what encode makes. */
MUST_CHECK int message_reactions_decode(
	struct arena *arena, struct bytes stored, struct message *message);

/* A deep copy into the arena. */
struct message *message_copy(struct arena *arena, const struct message *message);

#endif
