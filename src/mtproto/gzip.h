/* SPDX-License-Identifier: Apache-2.0 */
/* gzip_packed: bounded inflation of what clients send, deflation of large answers. Thread-safe per
 * object. */
#ifndef MTPROTO_GZIP_H
#define MTPROTO_GZIP_H

#include "base/buf.h"

/* What may come packed may come as it is, too: the longest packet that the transport takes. */
#define GZIP_INFLATED_MAX ((size_t)2 << 20)

/* The longest size that inflation may give is GZIP_INFLATED_MAX. Takes gzip and zlib streams: a
 * widespread client library sends the latter. -1: damaged, too long, or followed by something else.
 */
int gzip_inflate(struct bytes packed, struct buf *out) MUST_CHECK;

/* Appends the packed form to *out if it is at least a tenth shorter. False: nothing was appended.
 */
bool gzip_deflate(struct bytes plain, struct buf *out);

#endif
