/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For who wants to know about an image: a lontar-media of its own per call decodes it, so that a
 * hostile file costs one process and nothing else. Blocking, up to MEDIA_SECONDS_MAX and a bit; not
 * for a network thread. Any thread.
 */
#ifndef MEDIA_CLIENT_H
#define MEDIA_CLIENT_H

#include "media/protocol.h"

/* wanted: enum media_wanted, or-ed. folder: where lontar-media lies; NULL: beside this program.
 * answer is replaced and *out points into it. 0 with out->result also for files that can't be
 * decoded, broke the decoder or took too long; -1 when lontar-media itself can't be used. */
MUST_CHECK int media_ask(const char *folder, struct bytes file, unsigned wanted, struct buf *answer,
	struct media_info *out, struct err *err);

#endif
