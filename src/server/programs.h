/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programs of an installation and how the supervisor starts them. They lie beside one another,
 * in the build folder as well as once installed.
 */
#ifndef SERVER_PROGRAMS_H
#define SERVER_PROGRAMS_H

#include "server/installation.h"
#include "server/users.h"

struct programs {
	char self[PATH_LEN], desk[PATH_LEN], fetch[PATH_LEN], keeper[PATH_LEN], mail[PATH_LEN];
};

/* -1: their paths are too long, or /proc is missing. */
MUST_CHECK int programs_find(struct programs *out);
/* args[0] is the program. In a process that is killed when this one ends, as its user. keep: of the
 * descriptors here it keeps these; those not above 0 are none. name: for who reads the log. The
 * process, or -1 with errno. */
MUST_CHECK pid_t program_start(const struct users *users, enum user_of who, const char *name,
	const char *const args[], const int *keep, size_t keep_count);
/* What starts helpers (cage/starter.h) as a user of their own, for a child of ours that may not
 * become another: args[0] with "--starter-fd N" behind the other args. It ends when the descriptor
 * is closed everywhere. -1: there is none; the child makes its own, as the user that it is. */
MUST_CHECK int program_starter(
	const struct users *users, enum user_of who, const char *const args[]);

#endif
