/* SPDX-License-Identifier: Apache-2.0 */
/* Basic groups as TL. What is made is the newest form. No store: also for the network threads. */
#ifndef API_ENCODE_CHAT_H
#define API_ENCODE_CHAT_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;

/* `chat`; for who was removed from it `chatForbidden`. */
struct tl_object *encode_chat(struct arena *arena, const struct chat_view *view);
/* chatParticipants. */
struct tl_object *encode_chat_members(struct arena *arena, int64_t chat,
	const struct chat_member *members, size_t count, int32_t version);

/* The kinds UPDATE_CHAT and UPDATE_CHAT_... */
struct tl_object *encode_chat_update(struct arena *arena, const struct update *update);

#endif
