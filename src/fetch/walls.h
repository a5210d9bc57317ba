/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cage of lontar-fetch: connections out, names resolved, certificates read; no other file, no
 * local socket, no listening, no other program.
 */
#ifndef FETCH_WALLS_H
#define FETCH_WALLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* For the main program, before it reads a request. -1: it must end. */
MUST_CHECK int fetch_walls_enter(struct err *err);
/* The same for the relay, which connects to one port only (and to name servers) and has more
 * connections. */
MUST_CHECK int fetch_walls_enter_relay(uint16_t port, size_t files, struct err *err);

#endif
