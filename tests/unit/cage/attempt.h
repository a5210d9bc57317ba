/* SPDX-License-Identifier: Apache-2.0 */
/* Runs something in a child that has entered a cage, and says how that ended. */
#ifndef UNIT_CAGE_ATTEMPT_H
#define UNIT_CAGE_ATTEMPT_H

#include <errno.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"

#define ATTEMPT_WORKED 0
#define ATTEMPT_NOT_CAGED 250 /* the cage couldn't be entered */

/* 0: it worked; 1 to 249: the errno; 1000 + n: killed by signal n. */
static int attempt(int (*enter)(struct err *err), int (*what)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (enter(NULL) < 0)
			_exit(ATTEMPT_NOT_CAGED);
		errno = 0;
		_exit(what() >= 0 ? ATTEMPT_WORKED : errno);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int landlock_version(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

#endif
