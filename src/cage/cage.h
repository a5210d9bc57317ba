/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walls that a program builds around itself before it touches what strangers sent: no new
 * privileges and no old ones, no stray descriptors, Landlock for files and ports, seccomp for
 * system calls. There is no way back out. Who starts a caged program and talks to it:
 * cage/helper.h.
 */
#ifndef CAGE_CAGE_H
#define CAGE_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum cage_verdict {
	CAGE_ALLOW,
	CAGE_REFUSE, /* the call answers EPERM */
	CAGE_KILL,   /* the process ends with SIGSYS */
	CAGE_ABSENT, /* the call answers ENOSYS: libraries then take their older way */
};

/* One system call whose verdict hangs on an argument: (argument & mask) == value. Several rows of
 * one call add up; with mask 0 the row holds always. */
struct cage_call {
	const char *name;
	enum cage_verdict verdict;
	unsigned argument;
	uint64_t mask, value;
};

/* Lists end with NULL. Names of calls that this architecture doesn't have are skipped. */
struct cage {
	const char *const *allowed; /* calls, with any arguments */
	const char *const *deadly;  /* calls that end the process; may be NULL */
	const struct cage_call *calls;
	size_t call_count;
	enum cage_verdict others; /* of any other call: CAGE_REFUSE or CAGE_KILL */
	const char *const
		*readable_paths; /* files and folders; missing ones are skipped; may be NULL */
	/* Folders in which files are read, written, made and removed; each must be there; may be
	 * NULL. */
	const char *const *writable_paths;
	bool keeps_open;	       /* descriptors above standard error stay */
	bool binds;		       /* listening on TCP stays possible */
	bool connects;		       /* outgoing TCP stays possible (Landlock 4 and later) */
	const uint16_t *connect_ports; /* to these ports only, up to 0; NULL: to all */
};

/* Descriptors above standard error are closed, unless it keeps_open. Landlock holds for this thread
 * and those that it starts: enter before there are others. Fails closed: after -1 the caller must
 * end. Sets *landlock_version to what the kernel has; 0: none, and then only seccomp holds. */
MUST_CHECK int cage_enter(const struct cage *cage, int *landlock_version, struct err *err);
/* Later, once these calls were needed for the last time: they answer EPERM from now on, in every
 * thread. The cage must allow "seccomp". */
MUST_CHECK int cage_refuse(const char *const *calls, struct err *err);

#endif
