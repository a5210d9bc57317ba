/* SPDX-License-Identifier: Apache-2.0 */
/* Small JPEG copies of pictures. */
#ifndef MEDIA_THUMBNAIL_H
#define MEDIA_THUMBNAIL_H

#include "base/buf.h"
#include "media/picture.h"

/* Appends a JPEG file whose longer side is at most side_max (the picture's own size when that is
 * smaller). -1 when it can't be made. */
MUST_CHECK int thumbnail_append(const struct picture *picture, uint32_t side_max, struct buf *out,
	uint32_t *width, uint32_t *height);

#endif
