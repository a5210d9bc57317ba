/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the events of a case amount to, as a pure fold: the row in `cases` can always be made again
 * from `case_events`.
 *
 *              notice             decide
 *   (opened) --------> open ------------------> decided
 *                      |  ^                        |
 *         claim/release+--+ <-- notice while a  ---+
 *                               restriction holds
 *
 *   kind      data
 *   opened    channel, post, name, salt, previous
 *   noticed   notice, reopens, and when it counts: category, lane, clock, due, priority
 *   claimed   until, evidence (hash of what was frozen)
 *   released
 *   decided   action, countries, facts, ground, order (0: none)
 *   reversed  facts, ground, order
 *   executed  order, at, ms, outcome
 */
#ifndef DESK_CASE_STATE_H
#define DESK_CASE_STATE_H

#include <jansson.h>

#include "base/err.h"
#include "store/square_desk_cases.h"

/* state is all zero before the first event. Its bytes go to the arena. */
MUST_CHECK int case_state_apply(struct desk_case *state, const struct desk_event *event,
	struct arena *arena, struct err *err);
/* The hash that event must carry after one whose hash was `previous` (32 zero bytes before the
 * first). */
void case_event_hash(
	struct bytes previous, const struct desk_event *event, uint8_t out[DESK_HASH_SIZE]);

/* Appends an event to the case: writes it, applies it to *c, stores *c. Takes data over. */
void case_append(struct db *db, struct arena *arena, struct desk_case *c, const char *kind,
	int64_t actor, int64_t now_s, json_t *data);

/* Checks every chain of events and makes all rows of cases again. */
MUST_CHECK int cases_rebuild(struct db *db, struct err *err);

bool case_is_open(const struct desk_case *c);
bool case_is_claimed(const struct desk_case *c, int64_t now_s);

#endif
