/* SPDX-License-Identifier: Apache-2.0 */
/* InputMedia. https://core.telegram.org/type/InputMedia */
#ifndef API_MEDIA_INPUT_H
#define API_MEDIA_INPUT_H

#include "core/messages/media.h"

struct tl_object;

/* What goes out with a new message into draft->media, checked; a link for a preview leaves it
 * without any. Files are not served. Faults MEDIA_EMPTY, MEDIA_INVALID, EMOTICON_INVALID,
 * WEBPAGE_NOT_FOUND. */
MUST_CHECK int media_from_input(
	struct call *call, const struct tl_object *input, struct message *draft);
/* inputMediaGeoLive of an edit. False: it is none. */
bool media_move_from_input(
	struct arena *arena, const struct tl_object *input, struct media_move *out);

#endif
