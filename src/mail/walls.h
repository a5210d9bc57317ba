/* SPDX-License-Identifier: Apache-2.0 */
/* The cage of lontar-mail: its pipes, its memory, and nothing else. */
#ifndef MAIL_WALLS_H
#define MAIL_WALLS_H

#include "base/err.h"

/* Bounds on time, memory and files, then the cage. For the main program, before it reads anything.
 * -1: it must end. */
MUST_CHECK int mail_walls_enter(struct err *err);

#endif
