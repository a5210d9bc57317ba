/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walls around the messenger: files of its own folders alone, no program started, nothing
 * connected to, and once it listens, no new socket at all. What must go out goes through a
 * lontar-fetch that somebody else starts (cage/starter.h).
 */
#ifndef SERVER_WALLS_H
#define SERVER_WALLS_H

#include "server/installation.h"

/* Before the first thread and before the vault is opened. For an installation that exists. */
MUST_CHECK int messenger_walls_enter(const struct installation *in, struct err *err);
/* Once it listens, for all threads. */
MUST_CHECK int messenger_walls_close(struct err *err);

#endif
