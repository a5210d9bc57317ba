/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 checks, UTF-16 lengths (the unit of message entities), hex and base64url. Pure functions.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/bytes.h"

bool text_is_utf8(struct bytes text);
/* Code units that the text has in UTF-16; the text is valid UTF-8. */
size_t text_utf16_length(struct bytes text);
/* Without white space and control characters at both ends (ASCII and U+00A0). A view. */
struct bytes text_trim(struct bytes text);
/* The next line without its end, taken off the rest; absent when there is none that ends. A view.
 */
struct bytes text_line_next(struct bytes *rest);
/* ASCII only: usernames, categories, country codes. */
char *text_lower(struct arena *arena, struct bytes text);
char *text_hex(struct arena *arena, struct bytes data);
/* -1 unless text is exactly 2 * size hex digits. */
int text_unhex(struct bytes text, uint8_t *out, size_t size) MUST_CHECK;
char *text_base64(struct arena *arena, struct bytes data);    /* RFC 4648 section 4, padded */
char *text_base64url(struct arena *arena, struct bytes data); /* RFC 4648 section 5, no padding */
int text_unbase64(
	struct arena *arena, struct bytes text, struct bytes *out) MUST_CHECK; /* either alphabet */
/* "2026-11-22T10:00:00Z" */
char *text_rfc3339(struct arena *arena, int64_t unix_s);

#endif
