/* SPDX-License-Identifier: Apache-2.0 */
/* Polls as TL, in the newest form and in those that older layers have. No store.
 * https://core.telegram.org/constructor/poll */
#ifndef API_ENCODE_POLL_H
#define API_ENCODE_POLL_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;

/* messageMediaPoll; NULL poll (gone with its maker): messageMediaUnsupported. */
struct tl_object *encode_media_poll(struct arena *arena, const struct poll *poll);
/* updateMessagePoll; NULL when there is nothing to tell. */
struct tl_object *encode_poll_update(struct arena *arena, const struct update *update);

#endif
