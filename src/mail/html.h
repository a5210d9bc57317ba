/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody reads of an HTML mail, as plain text. Not a browser: tags are dropped, those that
 * begin a line break it, scripts and styles are left out, entities become characters. Pure. */
#ifndef MAIL_HTML_H
#define MAIL_HTML_H

#include "base/buf.h"

/* html is UTF-8. Appends to out; what is too much for it sets out->failed. */
void html_to_text(struct bytes html, struct buf *out);

#endif
