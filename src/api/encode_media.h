/* SPDX-License-Identifier: Apache-2.0 */
/* What a message carries besides its text, as TL: media, what it answers, where it comes from, who
 * reacted. The newest form. No store. */
#ifndef API_ENCODE_MEDIA_H
#define API_ENCODE_MEDIA_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;
struct tl_objects;

/* NULL: none. */
struct tl_object *encode_media(struct arena *arena, const struct media *media);
struct tl_object *encode_forward(struct arena *arena, const struct forward *forward);
struct tl_object *encode_reply_header(struct arena *arena, const struct message *message);
struct tl_object *encode_reactions(struct arena *arena, const struct message *message);
/* messagePeerReaction. */
struct tl_object *encode_reaction_of(
	struct arena *arena, const struct reaction *reaction, int64_t viewer);
/* Vector<MessageEntity>; absent when there are none. */
struct tl_objects encode_entities(struct arena *arena, const struct entity *entities, size_t count);

#endif
