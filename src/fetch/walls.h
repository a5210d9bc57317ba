/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cage of lontar-fetch: connections out, names resolved, certificates read; no other file, no
 * local socket, no listening, no other program.
 */
#ifndef FETCH_WALLS_H
#define FETCH_WALLS_H

#include "base/err.h"

/* For the main program, before it reads a request. -1: it must end. */
MUST_CHECK int fetch_walls_enter(struct err *err);

#endif
