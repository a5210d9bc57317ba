/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wall as the kernel sees it: after sandbox_enter() this process reaches two folders, one port
 * to listen on and one to call, starts no program, and reads no other process. For good.
 */
#ifndef DESK_SANDBOX_H
#define DESK_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct sandbox {
	const char *square_folder, *desk_folder; /* must exist */
	uint16_t listen_port, messenger_port;
};

/* Closes all descriptors above standard error but these; -1: none. */
void sandbox_close_others(const int *keep_fds, size_t count);

/* Before any thread is started. *walled: whether the kernel has Landlock; without it only another
 * uid keeps the home away. */
MUST_CHECK int sandbox_enter(const struct sandbox *sandbox, bool *walled, struct err *err);

/* -1 with the reason when this process can read the home database. */
MUST_CHECK int sandbox_check_wall(const char *data_dir, bool walled, struct err *err);

#endif
