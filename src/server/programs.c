/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#define STARTER_ARGS_MAX 12

static int put(char out[PATH_LEN], const char *folder, const char *name)
{
	return snprintf(out, PATH_LEN, "%s/%s", folder, name) < PATH_LEN ? 0 : -1;
}

int programs_find(struct programs *out)
{
	char self[PATH_LEN];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (size < 0)
		return -1;
	self[size] = 0;
	memcpy(out->self, self, (size_t)size + 1);
	slash = strrchr(self, '/');
	if (!slash)
		return -1;
	*slash = 0;
	return put(out->desk, self, "lontar-desk") < 0 ||
			       put(out->fetch, self, "lontar-fetch") < 0 ||
			       put(out->keeper, self, "lontar-keeper") < 0 ||
			       put(out->mail, self, "lontar-mail") < 0
		       ? -1
		       : 0;
}

static void become(const struct users *users, enum user_of who, const char *name,
	const char *const args[], const int *keep, size_t keep_count, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (users_become(users, who) < 0) {
		fprintf(stderr, "can't become the user of %s: %s\n", name, strerror(errno));
		_exit(126);
	}
	/* After that, which undoes it. */
	/* No child outlives the supervisor: two messengers on one store would be wrong. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (size_t i = 0; i < keep_count; i++)
		if (keep[i] > 0)
			fcntl(keep[i], F_SETFD, 0);
	execv(args[0], (char *const *)(uintptr_t)args);
	fprintf(stderr, "can't start %s: %s\n", args[0], strerror(errno));
	_exit(127);
}

pid_t program_start(const struct users *users, enum user_of who, const char *name,
	const char *const args[], const int *keep, size_t keep_count)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		become(users, who, name, args, keep, keep_count, parent);
	return pid;
}

int program_starter(const struct users *users, enum user_of who, const char *const args[])
{
	const char *all[STARTER_ARGS_MAX + 3];
	size_t count = 0;
	int fds[2], failed;
	char fd[16];

	if (!users->apart || access(args[0], X_OK) < 0)
		return -1;
	while (count < STARTER_ARGS_MAX && args[count]) {
		all[count] = args[count];
		count++;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		log_error("starter_missing", "%s: %s", args[0], strerror(errno));
		return -1;
	}
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	all[count] = "--starter-fd";
	all[count + 1] = fd;
	all[count + 2] = NULL;
	failed = program_start(users, who, "a starter", all, &fds[1], 1) < 0;
	if (failed)
		log_error("starter_missing", "%s: %s", args[0], strerror(errno));
	close(fds[1]);
	if (failed)
		close(fds[0]);
	return failed ? -1 : fds[0];
}
