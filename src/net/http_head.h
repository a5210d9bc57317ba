/* SPDX-License-Identifier: Apache-2.0 */
/* Request line and headers, for http_parse.c. Pure functions over a head that is whole. */
#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

#include "net/http_parse.h"

/* head: to the empty line, inclusive, every LF after a CR. Fills request and the parser's body
 * framing. 0, or the status to refuse with. */
MUST_CHECK int http_head_parse(struct http_parser *parser, struct bytes head);

/* "Name: value" without CRLF. */
bool http_header_parse(struct bytes line, struct http_header *header);
/* Visible characters, space, tab and bytes over 0x7f: what a field value may hold. */
bool http_is_field_text(struct bytes text);
/* A name in the sense of RFC 9110 5.6.2. */
bool http_is_token(struct bytes text);
/* Same letters, any case (ASCII). */
bool http_equal_nocase(struct bytes a, const char *b);

#endif
