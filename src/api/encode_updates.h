/* SPDX-License-Identifier: Apache-2.0 */
/* A struct update_set as TL: the same for the answer to a call, for the live push and for a
 * difference. No store. */
#ifndef API_ENCODE_UPDATES_H
#define API_ENCODE_UPDATES_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;
struct tl_objects;

/* One Update; set is where names and the time are looked up. NULL: nothing to tell. */
struct tl_object *encode_update(
	struct arena *arena, const struct update *update, const struct update_set *set);
/* Vector<Update> of the set's updates from an index on; what can't be told is left out. */
struct tl_objects encode_update_list(
	struct arena *arena, const struct update_set *set, size_t from);
/* The full `updates` with seq 0: the pts of each update is what counts. */
struct tl_object *encode_updates(struct arena *arena, const struct update_set *set);

#endif
