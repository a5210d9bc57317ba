/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tables beside `cases` say because of events: one row here each. case_append() and
 * cases_rebuild() bring every event to every projection, in the order of the chain, so that all of
 * them can be made again from `case_events` to the same bytes. Nothing else writes such a table.
 */
#ifndef DESK_PROJECTIONS_H
#define DESK_PROJECTIONS_H

#include <jansson.h>

#include "store/square_desk_cases.h"

/* Raised when a projection is new, or reads events otherwise than before: a desk that finds an
 * older number in its database makes all of them again as it starts. */
#define PROJECTIONS_VERSION 2

struct projection {
	/* Takes everything back to before the first event. */
	void (*clear)(struct db *db);
	/* The case as it is after the event. data is the event's, borrowed. Must follow from these
	 * alone: no clock, no randomness, no table that is not a projection (notices, evidence and
	 * what the messenger writes come and go). */
	void (*apply)(struct db *db, struct arena *arena, const struct desk_case *after,
		const struct desk_event *event, const json_t *data);
};

void projections_clear(struct db *db);
void projections_apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *event);

#endif
