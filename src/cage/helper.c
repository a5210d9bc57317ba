/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. The pipe is a socket pair, so that writing to a helper that died is an error here
 * and never a SIGPIPE, whatever the caller does with that signal.
 */
#include "cage/helper.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- Starting ---- */

static int program_path(const char *folder, const char *name, char out[PATH_MAX], struct err *err)
{
	char self[PATH_MAX];
	ssize_t self_size;
	char *slash;
	int size;

	if (!folder) {
		self_size = readlink("/proc/self/exe", self, sizeof(self) - 1);
		if (self_size < 0)
			return err_errno(err, "can't find the folder of the programs");
		self[self_size] = 0;
		slash = strrchr(self, '/');
		if (slash)
			*slash = 0;
		folder = self;
	}
	size = snprintf(out, PATH_MAX, "%s/%s", folder, name);
	return size < PATH_MAX ? 0 : err_set(err, ENAMETOOLONG, "the programs' path is too long");
}

/* Signals as a fresh program expects them, and only these three descriptors. */
static int spawn(pid_t *pid, const char *path, char *const *args, int fd)
{
	static char *const no_environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	rc = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (rc == 0)
		rc = posix_spawn(pid, path, &actions, &attr, args, no_environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

int helper_start(struct helper *helper, const char *folder, const char *name,
	const char *const *args, struct err *err)
{
	const char *argv[HELPER_ARGS_MAX + 2] = {name};
	char path[PATH_MAX];
	int fds[2], rc;

	*helper = (struct helper){.fd = -1};
	for (size_t i = 0; args && args[i] && i < HELPER_ARGS_MAX; i++)
		argv[i + 1] = args[i];
	if (program_path(folder, name, path, err) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_errno(err, "can't make a pipe to %s", name);
	rc = spawn(&helper->pid, path, (char *const *)(uintptr_t)argv, fds[1]);
	close(fds[1]);
	if (rc != 0) {
		close(fds[0]);
		helper->pid = 0;
		return err_set(err, rc, "can't start %s: %s", path, strerror(rc));
	}
	helper->fd = fds[0];
	return 0;
}

/* ---- Talking ---- */

static int wait_for(const struct helper *helper, short what, int64_t deadline_ms, struct err *err)
{
	struct pollfd poll_fd = {.fd = helper->fd, .events = what};
	int rc;

	do {
		int64_t left = deadline_ms - clock_monotonic_us(&clock_system) / 1000;

		rc = left <= 0 ? 0 : poll(&poll_fd, 1, (int)left);
	} while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return err_errno(err, "can't wait for a helper program");
	return rc > 0 ? 0 : err_set(err, ETIMEDOUT, "a helper program did not answer in time");
}

static int send_all(
	const struct helper *helper, struct bytes data, int64_t deadline_ms, struct err *err)
{
	while (data.size > 0) {
		ssize_t n = send(helper->fd, data.data, data.size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (wait_for(helper, POLLOUT, deadline_ms, err) < 0)
				return -1;
			continue;
		}
		if (n < 0)
			return err_set(err, EPIPE, "a helper program ended before the request");
		data = bytes_of(data.data + n, data.size - (size_t)n);
	}
	return 0;
}

static int receive_all(const struct helper *helper, uint8_t *out, size_t size, int64_t deadline_ms,
	struct err *err)
{
	while (size > 0) {
		ssize_t n = recv(helper->fd, out, size, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (wait_for(helper, POLLIN, deadline_ms, err) < 0)
				return -1;
			continue;
		}
		if (n <= 0)
			return err_set(err, EPIPE, "a helper program ended without an answer");
		out += n;
		size -= (size_t)n;
	}
	return 0;
}

int helper_exchange(struct helper *helper, struct bytes request, int timeout_ms, struct buf *answer,
	struct err *err)
{
	int64_t deadline_ms = clock_monotonic_us(&clock_system) / 1000 + timeout_ms;
	uint8_t head[4], *body;

	buf_clear(answer);
	store_u32le(head, (uint32_t)request.size);
	if (send_all(helper, bytes_of(head, sizeof(head)), deadline_ms, err) < 0 ||
		send_all(helper, request, deadline_ms, err) < 0 ||
		receive_all(helper, head, sizeof(head), deadline_ms, err) < 0)
		return -1;
	if (load_u32le(head) == 0)
		return 0;
	body = buf_extend(answer, load_u32le(head));
	if (!body)
		return err_set(err, EMSGSIZE, "a helper program's answer is too long");
	return receive_all(helper, body, load_u32le(head), deadline_ms, err);
}

void helper_interrupt(struct helper *helper)
{
	shutdown(helper->fd, SHUT_RDWR);
}

int helper_stop(struct helper *helper)
{
	int status = -1;

	if (helper->pid <= 0) { /* a starter's child */
		if (helper->fd > STDERR_FILENO)
			close(helper->fd);
		if (helper->leash > STDERR_FILENO)
			close(helper->leash);
		*helper = (struct helper){.fd = -1};
		return -1;
	}
	close(helper->fd);
	kill(helper->pid, SIGKILL);
	while (waitpid(helper->pid, &status, 0) < 0 && errno == EINTR)
		;
	*helper = (struct helper){.fd = -1};
	return status;
}
