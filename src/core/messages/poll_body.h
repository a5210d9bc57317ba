/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored form of a poll: what is asked (body, never changed), and how it stands (tally).
 */
#ifndef CORE_POLL_BODY_H
#define CORE_POLL_BODY_H

#include "base/arena.h"
#include "core/model.h"

#define POLL_RECENT_MAX 3 /* voters that are named with the counts */

/* In the arena. */
struct bytes poll_body_encode(struct arena *arena, const struct poll *poll);
/* Fills what body_encode stores, copying into the arena. -1: not what encode makes. */
MUST_CHECK int poll_body_decode(struct arena *arena, struct bytes body, struct poll *poll);

/* voters of the poll and of its options, recent. */
struct bytes poll_tally_encode(struct arena *arena, const struct poll *poll);
/* Of a poll whose body was decoded. */
MUST_CHECK int poll_tally_decode(struct arena *arena, struct bytes tally, struct poll *poll);

/* A deep copy into the arena; NULL gives NULL. */
struct poll *poll_copy(struct arena *arena, const struct poll *poll);

#endif
