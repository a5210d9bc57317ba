/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of messages and posts with its formatting: what is accepted from a client, what the
 * messenger finds by itself, and the bytes that are stored. Pure but for the fault. Offsets and
 * lengths are UTF-16 code units, https://core.telegram.org/api/entities.
 */
#ifndef CORE_ENTITIES_H
#define CORE_ENTITIES_H

#include "core/call.h"

#define MESSAGE_UNITS_MAX 4096 /* config.message_length_max */
#define CAPTION_UNITS_MAX 1024 /* config.caption_length_max: of what carries something */
#define ENTITIES_MAX 100       /* of a message, the rest is dropped: as stock clients expect */
#define ENTITY_URL_MAX 2048    /* bytes of TEXT_URL's argument */
#define ENTITY_LANGUAGE_MAX 64 /* bytes of PRE's argument */

/*
 * Makes draft->text, entities and entity_count what may be stored: trims (moving and clipping the
 * entities with it), turns control characters into spaces, sorts, drops what is empty or would cut
 * a character or a nested code block, and adds what entities_find finds. What a client says about
 * URLs, mentions, hashtags, commands and e-mails is not taken over: it is found anew. New memory
 * comes from call->arena.
 * Text beside draft->media may be empty. Faults: MESSAGE_EMPTY, MESSAGE_TOO_LONG,
 * MEDIA_CAPTION_TOO_LONG, ENTITY_BOUNDS_INVALID; text that is not UTF-8 is STRING_INVALID.
 */
MUST_CHECK int entities_accept(struct call *call, struct message *draft);

/*
 * Appends to entities[*count], up to ENTITIES_MAX: URLs, e-mail addresses, @mentions, #hashtags,
 * $CASHTAGS and /commands in the text, none of which overlaps a CODE, PRE, TEXT_URL or MENTION_NAME
 * that is there already, or another found one. The text is valid UTF-8. Keeps the order.
 */
void entities_find(struct bytes text, struct entity *entities, size_t *count);

/* Sorted as clients send them: by offset, the longer first. */
void entities_sort(struct entity *entities, size_t count);

#endif
