/* SPDX-License-Identifier: Apache-2.0 */
/* All that lontar-media does with a file: decode, hash, make a thumbnail. Pure; no I/O. */
#ifndef MEDIA_INSPECT_H
#define MEDIA_INSPECT_H

#include "media/protocol.h"

/* Fills *out; out->thumbnail is a view into thumbnail, which is replaced. wanted: enum
 * media_wanted, or-ed. pixels_max: MEDIA_PIXELS_MAX but in tests. */
void media_inspect(struct bytes file, unsigned wanted, uint64_t pixels_max, struct buf *thumbnail,
	struct media_info *out);

#endif
