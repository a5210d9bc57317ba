/* SPDX-License-Identifier: Apache-2.0 */
/* What people wrote, as HTML and XML. What no markup may hold (control characters, bytes that are
 * no UTF-8) becomes U+FFFD. */
#ifndef SERVER_PUBLIC_TEXT_H
#define SERVER_PUBLIC_TEXT_H

#include "base/buf.h"
#include "core/model.h"

/* Between tags and inside of quotes alike. */
void public_text_escape(struct bytes text, struct buf *out);
/* With its formatting; elements are always closed in the order of their nesting, whatever the
 * entities say. Links lead to http, https, tg, mailto and tel alone. */
void public_text_html(
	struct bytes text, const struct entity *entities, size_t count, struct buf *out);
/* Its beginning, escaped: `limit` bytes at most, and nothing from the first spoiler on. */
void public_text_excerpt(struct bytes text, const struct entity *entities, size_t count,
	size_t limit, struct buf *out);

#endif
