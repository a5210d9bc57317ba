/* SPDX-License-Identifier: Apache-2.0 */
/* parse_mode HTML: https://core.telegram.org/bots/api#html-style */
#ifndef BOT_HTML_H
#define BOT_HTML_H

#include "base/arena.h"
#include "base/attr.h"
#include "core/model.h"

#define HTML_SIZE_MAX 65536 /* bytes of a marked text */

/* Text and entities into the arena; entities past what a message keeps are dropped, and a reference
 * to no character stays as it is. -1: larger than HTML_SIZE_MAX, too many tags inside of each
 * other, or one that is malformed, not known, not closed, or closed in the wrong order. html is
 * valid UTF-8. */
MUST_CHECK int html_parse(struct arena *arena, struct bytes html, struct message *out);

#endif
