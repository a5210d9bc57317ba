/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few values of bytes as one, for sealed columns that hold several: a count, then size and bytes
 * of each. Absent and empty stay different. Fields may be added at the end: older rows give them as
 * absent.
 */
#ifndef STORE_FIELDS_H
#define STORE_FIELDS_H

#include "base/arena.h"

#define FIELDS_MAX 16

/* In the arena. count is at most FIELDS_MAX. */
struct bytes fields_pack(struct arena *arena, const struct bytes *fields, size_t count);
/* Views of packed. -1: not what fields_pack makes. */
MUST_CHECK int fields_unpack(struct bytes packed, struct bytes *fields, size_t count);

#endif
