/* SPDX-License-Identifier: Apache-2.0 */
/* Text in the encodings that mails come in, to UTF-8. */
#ifndef MAIL_CHARSETS_H
#define MAIL_CHARSETS_H

#include "base/buf.h"
#include "base/err.h"

/* Loads the encodings that are known, which are files of the C library: before the cage. */
MUST_CHECK int charsets_begin(struct err *err);
/* Appends text to out; what is wrong in it becomes U+FFFD. name: NULL or empty for US-ASCII. -1: no
 * such encoding is known. */
MUST_CHECK int charset_to_utf8(const char *name, struct bytes text, struct buf *out);

#endif
