/* SPDX-License-Identifier: Apache-2.0 */
/* updates.State: seq stays 0, as nothing is counted by it. */
#ifndef API_ENCODE_STATE_H
#define API_ENCODE_STATE_H

#include "core/messages/box.h"
#include "tl/schema.h"

void fill_state(struct tl_updates_state *out, const struct box_state *state, int64_t now_s);
struct tl_object *encode_state(struct arena *arena, const struct box_state *state, int64_t now_s);

#endif
