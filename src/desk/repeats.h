/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request that changes something may be sent again by whoever did not hear the answer: with the
 * same `Idempotency-Key` it is answered as it was the first time, and nothing happens twice.
 * Answers are kept for a day, sealed, beside what they are about and in its transaction.
 */
#ifndef DESK_REPEATS_H
#define DESK_REPEATS_H

#include "desk/desk.h"

/* The key of this request; empty: it has none. false: it is malformed, and the reply says so. */
bool repeat_key(struct ask *ask, struct bytes *key, struct reply *reply);
/* True: the reply is there, that of the first time or a refusal because another request had this
 * key. false: it is the first. */
bool repeat_find(struct ask *ask, struct bytes key, struct reply *reply);
/* After the request was carried out, or refused for what it says (422). */
void repeat_keep(struct ask *ask, struct bytes key, const struct reply *reply);

#endif
