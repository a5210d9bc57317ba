/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The children and their states. A child tells its port through the pipe that --ready-fd names:
 *
 *   DOWN --start--> STARTING --"port=N"--> UP
 *     ^                |                    |
 *     +--- exit, then a pause that grows ---+
 */
#include "server/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/kept.h"

#define RESTART_PAUSE_MIN_MS 100
#define RESTART_PAUSE_MAX_MS 5000
/* A child that ran this long was healthy: its next pause begins small again. */
#define RESTART_HEALTHY_MS 30000
#define STOP_PATIENCE_MS 10000
#define CHILD_ARGS_MAX 20

enum child_state { CHILD_DOWN, CHILD_STARTING, CHILD_UP };

struct supervisor;

struct child {
	const char *name;
	enum child_state state;
	pid_t pid;
	int ready_fd;
	int port;
	int64_t started_ms, start_at_ms;
	int pause_ms;
};

struct supervisor {
	const struct installation *in;
	const struct supervisor_options *options;
	struct child messenger, desk;
	int signal_fd;
	int kept_fd; /* handed to each messenger; not mapped here. -1: there is none */
	bool stopping, announced;
	int64_t stop_deadline_ms;
	char self[PATH_LEN], desk_program[PATH_LEN];
};

static int64_t now_ms(void)
{
	return clock_monotonic_us(&clock_system) / 1000;
}

/* The programs lie beside one another, in the build folder as well as once installed. */
static int find_programs(struct supervisor *s)
{
	ssize_t size = readlink("/proc/self/exe", s->self, sizeof(s->self) - 1);
	char *slash;

	if (size < 0)
		return -1;
	s->self[size] = 0;
	slash = strrchr(s->self, '/');
	if (!slash || (size_t)(slash - s->self) + sizeof("/lontar-desk") > sizeof(s->desk_program))
		return -1;
	snprintf(s->desk_program, sizeof(s->desk_program), "%.*s/lontar-desk",
		(int)(slash - s->self), s->self);
	return 0;
}

/* kept_fd: of the supervisor's descriptors the child keeps this one too; -1: none. */
static void child_exec(const char *program, const char *const args[], int kept_fd, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* No child outlives the supervisor: two messengers on one store would be wrong. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	if (kept_fd >= 0)
		fcntl(kept_fd, F_SETFD, 0);
	execv(program, (char *const *)(uintptr_t)args);
	fprintf(stderr, "can't start %s: %s\n", program, strerror(errno));
	_exit(127);
}

static void child_start(
	struct child *child, const char *program, const char *const args[], int kept_fd, int fds[2])
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		child_exec(program, args, kept_fd, parent);
	close(fds[1]);
	if (pid < 0) {
		log_error("fork_failed", "%s: %s", child->name, strerror(errno));
		close(fds[0]);
		child->start_at_ms = now_ms() + RESTART_PAUSE_MAX_MS;
		return;
	}
	child->pid = pid;
	child->ready_fd = fds[0];
	child->state = CHILD_STARTING;
	child->started_ms = now_ms();
	log_info("child_started", "%s pid %d", child->name, (int)pid);
}

/* Not started for want of descriptors: again later, not at once. */
static bool child_pipe(struct child *child, int fds[2])
{
	if (pipe(fds) == 0) {
		fcntl(fds[0], F_SETFD, FD_CLOEXEC);
		return true;
	}
	log_error("pipe_failed", "%s: %s", child->name, strerror(errno));
	child->start_at_ms = now_ms() + RESTART_PAUSE_MAX_MS;
	return false;
}

static void start_messenger(struct supervisor *s)
{
	char port[16], fd[16], kept[16];
	const char *args[CHILD_ARGS_MAX] = {s->self, "messenger", "--data", s->in->dir, "--port",
		port, "--ready-fd", fd, "--kept-fd", kept, "--listen", s->options->listen, NULL};
	int fds[2];

	if (!child_pipe(&s->messenger, fds))
		return;
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	snprintf(
		port, sizeof(port), "%d", s->messenger.port ? s->messenger.port : s->options->port);
	snprintf(kept, sizeof(kept), "%d", s->kept_fd);
	if (s->options->codes) {
		args[12] = "--codes";
		args[13] = s->options->codes;
	}
	child_start(&s->messenger, s->self, args, s->kept_fd, fds);
}

static void start_desk(struct supervisor *s)
{
	char port[16], messenger_port[16], fd[16];
	const char *args[CHILD_ARGS_MAX] = {s->desk_program, "--data", s->in->dir, "--port", port,
		"--messenger-port", messenger_port, "--ready-fd", fd, "--listen",
		s->options->listen, "--log-level", s->in->settings.log_level, NULL};
	int fds[2];

	if (!child_pipe(&s->desk, fds))
		return;
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	snprintf(port, sizeof(port), "%d", s->desk.port ? s->desk.port : s->options->desk_port);
	snprintf(messenger_port, sizeof(messenger_port), "%d", s->messenger.port);
	child_start(&s->desk, s->desk_program, args, -1, fds);
}

static void announce(struct supervisor *s)
{
	if (s->announced || s->messenger.state != CHILD_UP || s->desk.state != CHILD_UP)
		return;
	s->announced = true;
	printf("ready port=%d desk=%d\n", s->messenger.port, s->desk.port);
	fflush(stdout);
}

/* The child wrote its port, or closed the pipe because it is gone. */
static void child_read_ready(struct child *child)
{
	char line[64];
	ssize_t size = read(child->ready_fd, line, sizeof(line) - 1);
	int port = 0;

	if (size > 0) {
		line[size] = 0;
		if (strncmp(line, "port=", 5) == 0)
			port = (int)strtol(line + 5, NULL, 10);
	}
	close(child->ready_fd);
	child->ready_fd = -1;
	if (port <= 0)
		return;
	child->port = port;
	child->state = CHILD_UP;
	log_info("child_ready", "%s port %d", child->name, port);
}

static void child_ended(struct child *child, int status, bool expected)
{
	int64_t now = now_ms();

	if (now - child->started_ms > RESTART_HEALTHY_MS)
		child->pause_ms = RESTART_PAUSE_MIN_MS;
	child->pid = 0;
	child->state = CHILD_DOWN;
	child->start_at_ms = now + child->pause_ms;
	if (child->ready_fd >= 0)
		close(child->ready_fd);
	child->ready_fd = -1;
	if (expected)
		return;
	if (WIFSIGNALED(status))
		log_error("child_ended", "%s: signal %d; starting it again in %d ms", child->name,
			WTERMSIG(status), child->pause_ms);
	else
		log_error("child_ended", "%s: status %d; starting it again in %d ms", child->name,
			WEXITSTATUS(status), child->pause_ms);
	child->pause_ms *= 2;
	if (child->pause_ms > RESTART_PAUSE_MAX_MS)
		child->pause_ms = RESTART_PAUSE_MAX_MS;
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == s->messenger.pid)
			child_ended(&s->messenger, status, s->stopping);
		else if (pid == s->desk.pid)
			child_ended(&s->desk, status, s->stopping);
	}
}

static void children_signal(struct supervisor *s, int number)
{
	if (s->messenger.pid)
		kill(s->messenger.pid, number);
	if (s->desk.pid)
		kill(s->desk.pid, number);
}

static void read_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		reap(s);
	} else if (!s->stopping) {
		log_info("stopping", "signal %u", info.ssi_signo);
		s->stopping = true;
		s->stop_deadline_ms = now_ms() + STOP_PATIENCE_MS;
		children_signal(s, SIGTERM);
	}
}

static void start_what_is_due(struct supervisor *s)
{
	int64_t now = now_ms();

	if (s->stopping)
		return;
	if (s->messenger.state == CHILD_DOWN && now >= s->messenger.start_at_ms)
		start_messenger(s);
	/* The desk's first start waits for the messenger's port. */
	if (s->desk.state == CHILD_DOWN && s->messenger.port && now >= s->desk.start_at_ms)
		start_desk(s);
}

static int wait_ms(const struct supervisor *s)
{
	int64_t now = now_ms(), until = now + 60000;

	if (s->stopping)
		until = s->stop_deadline_ms;
	if (!s->stopping && s->messenger.state == CHILD_DOWN && s->messenger.start_at_ms < until)
		until = s->messenger.start_at_ms;
	if (!s->stopping && s->desk.state == CHILD_DOWN && s->messenger.port &&
		s->desk.start_at_ms < until)
		until = s->desk.start_at_ms;
	return until > now ? (int)(until - now) : 0;
}

static void supervisor_round(struct supervisor *s)
{
	struct pollfd fds[3] = {{.fd = s->signal_fd, .events = POLLIN},
		{.fd = s->messenger.ready_fd, .events = POLLIN},
		{.fd = s->desk.ready_fd, .events = POLLIN}};

	start_what_is_due(s);
	fds[1].fd = s->messenger.ready_fd;
	fds[2].fd = s->desk.ready_fd;
	if (poll(fds, 3, wait_ms(s)) <= 0)
		return;
	if (fds[1].revents)
		child_read_ready(&s->messenger);
	if (fds[2].revents)
		child_read_ready(&s->desk);
	if (fds[0].revents)
		read_signals(s);
	announce(s);
}

int supervisor_run(const struct installation *in, const struct supervisor_options *options)
{
	struct supervisor s = {
		.in = in,
		.options = options,
		.messenger = {.name = "messenger",
			.ready_fd = -1,
			.pause_ms = RESTART_PAUSE_MIN_MS},
		.desk = {.name = "desk", .ready_fd = -1, .pause_ms = RESTART_PAUSE_MIN_MS},
	};
	struct err err = {0};
	sigset_t mask;

	if (find_programs(&s) < 0) {
		fprintf(stderr, "can't find my own programs\n");
		return 1;
	}
	s.kept_fd = kept_make(&err);
	if (s.kept_fd < 0)
		log_warn("kept_missing", "temporary keys will not outlive the messenger: %s",
			err.text);
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	s.signal_fd = signalfd(-1, &mask, SFD_CLOEXEC);
	while (!s.stopping || s.messenger.pid || s.desk.pid) {
		supervisor_round(&s);
		if (s.stopping && now_ms() >= s.stop_deadline_ms) {
			log_error("stop_forced", "children did not end in time");
			children_signal(&s, SIGKILL);
			s.stop_deadline_ms = now_ms() + STOP_PATIENCE_MS;
		}
	}
	close(s.signal_fd);
	if (s.kept_fd >= 0)
		close(s.kept_fd);
	return 0;
}
