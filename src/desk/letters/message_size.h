/* SPDX-License-Identifier: Apache-2.0 */
/* What fits one message of the messenger, which refuses what is longer. Pure; texts are UTF-8. */
#ifndef DESK_MESSAGE_SIZE_H
#define DESK_MESSAGE_SIZE_H

#include "base/arena.h"
#include "base/bytes.h"

#define MESSAGE_UNITS_MAX 4096 /* of UTF-16 */

/* The longest beginning with at most so many units of UTF-16, whole characters. A view. */
struct bytes message_begin(struct bytes text, size_t units);
/* The next message of a text, taken off the rest: up to the end of a paragraph, a line, a word. A
 * view; absent when nothing is left. */
struct bytes message_piece(struct bytes *rest);
/* The text itself, or its beginning and an ellipsis, in at most so many units. */
char *message_shorten(struct arena *arena, const char *text, size_t units);

#endif
