/* SPDX-License-Identifier: Apache-2.0 */
/* The cage of lontar-media: its pipes, its memory, and nothing else. */
#ifndef MEDIA_WALLS_H
#define MEDIA_WALLS_H

#include "base/err.h"

/* Bounds on time, memory and files, then the cage; a system call that decoding doesn't need ends
 * the process. For the main program, before it reads anything. -1: it must end. */
MUST_CHECK int media_walls_enter(struct err *err);

#endif
