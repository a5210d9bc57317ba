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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "fetch/client.h"
#include "net/listener.h"
#include "server/certificate.h"
#include "server/kept.h"
#include "server/gateway.h"
#include "server/programs.h"
#include "server/public_addresses.h"
#include "server/sealed.h"

#define RESTART_PAUSE_MIN_MS 100
#define RESTART_PAUSE_MAX_MS 5000
/* A child that ran this long was healthy: its next pause begins small again. */
#define RESTART_HEALTHY_MS 30000
#define STOP_PATIENCE_MS 10000
#define CHILD_ARGS_MAX 24
#define CHILDREN 4
#define KEEP_MAX (4 + NET_THREADS_MAX)
#define LISTEN_FDS_TEXT (12 * NET_THREADS_MAX)
#define CHILD(text, whose, starter)                                                                \
	{.name = (text),                                                                           \
		.user = (whose),                                                                   \
		.start = (starter),                                                                \
		.ready_fd = -1,                                                                    \
		.pause_ms = RESTART_PAUSE_MIN_MS}

enum child_state { CHILD_DOWN, CHILD_STARTING, CHILD_UP };

struct supervisor;

struct child {
	const char *name;
	enum user_of user;
	void (*start)(struct supervisor *s);
	enum child_state state;
	pid_t pid;
	int ready_fd;
	int port;
	int64_t started_ms, start_at_ms;
	int pause_ms;
	bool hup_due; /* to be sent once it is up */
};

struct supervisor {
	const struct installation *in;
	const struct supervisor_options *options;
	struct users users;
	struct child keeper, messenger, desk;
	struct child relay; /* only if strangers are to be passed on to a site */
	int relay_pair[2];  /* the messenger's end and the relay's, kept for the next of each */
	char site[PROXY_SITE_AT_SIZE];
	int signal_fd;
	int tls_fd; /* the certificate (net/tls_shared.h), for messenger and desk; -1: none */
	bool on_terminal;
	/* The messenger's sockets: while it is started again, newcomers wait in them. */
	int listen_fds[NET_THREADS_MAX], listen_count;
	uint16_t listen_port;
	int kept_fd; /* handed to each messenger; not mapped here. -1: there is none */
	bool stopping, announced;
	int64_t stop_deadline_ms;
	struct child *children[CHILDREN];
	struct programs programs;
};

static int64_t now_ms(void)
{
	return clock_monotonic_us(&clock_system) / 1000;
}

static void child_start(const struct supervisor *s, struct child *child, const char *const args[],
	const int keep[KEEP_MAX], int fds[2])
{
	pid_t pid = program_start(&s->users, child->user, child->name, args, keep, KEEP_MAX);

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

static void put_listen_fds(const struct supervisor *s, char out[LISTEN_FDS_TEXT])
{
	size_t at = 0;

	out[0] = 0;
	for (int i = 0; i < s->listen_count; i++)
		at += (size_t)snprintf(
			out + at, LISTEN_FDS_TEXT - at, "%s%d", i ? "," : "", s->listen_fds[i]);
}

static void start_keeper(struct supervisor *s)
{
	char fd[16], peer[16];
	const char *args[CHILD_ARGS_MAX] = {
		s->programs.keeper, "--data", s->in->dir, "--ready-fd", fd, NULL};
	int fds[2];

	if (!child_pipe(&s->keeper, fds))
		return;
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	if (s->users.apart) {
		snprintf(peer, sizeof(peer), "%u", (unsigned)s->users.of[USER_MESSENGER].uid);
		args[5] = "--peer";
		args[6] = peer;
	}
	child_start(s, &s->keeper, args, (int[KEEP_MAX]){0}, fds);
}

/* -1: whoever needs a lontar-fetch starts it by itself. */
static int fetch_starter(const struct supervisor *s)
{
	const char *inside = s->in->settings.inside,
		   *args[FETCH_ARGS_MAX + 2] = {s->programs.fetch};

	fetch_args(&(struct fetch_policy){.named = *inside ? inside : NULL}, args + 1);
	return program_starter(&s->users, USER_FETCH, args);
}

static void close_own(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void start_messenger(struct supervisor *s)
{
	const int fetch_fd = gateway_is_used(&s->in->settings) ? fetch_starter(s) : -1;
	char port[16], fetch[16], fd[16], kept[16], relay[16], tls[16], listen_fds[LISTEN_FDS_TEXT];
	int keep[KEEP_MAX] = {s->kept_fd, s->relay_pair[0], s->tls_fd, fetch_fd};
	const char *args[CHILD_ARGS_MAX] = {s->programs.self, "messenger", "--data", s->in->dir,
		"--port", port, "--ready-fd", fd, "--kept-fd", kept, "--relay-fd", relay,
		"--tls-fd", tls, "--listen", s->options->listen, "--listen-fds", listen_fds,
		"--fetch-fd", fetch, NULL};
	int fds[2];

	if (!child_pipe(&s->messenger, fds))
		goto out;
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	snprintf(port, sizeof(port), "%d", s->listen_port);
	snprintf(kept, sizeof(kept), "%d", s->kept_fd);
	snprintf(relay, sizeof(relay), "%d", s->relay_pair[0]);
	snprintf(tls, sizeof(tls), "%d", s->tls_fd);
	if (s->options->codes) {
		args[20] = "--codes";
		args[21] = s->options->codes;
	}
	snprintf(fetch, sizeof(fetch), "%d", fetch_fd);
	put_listen_fds(s, listen_fds);
	memcpy(keep + 4, s->listen_fds, sizeof(s->listen_fds));
	child_start(s, &s->messenger, args, keep, fds);
out:
	close_own(fetch_fd);
}

/* Then the desk, which calls the messenger there, must look like one. */
static bool loopback_is_proxy(const struct supervisor *s)
{
	struct address_ranges proxies;
	struct address loopback;

	return address_ranges_parse(&proxies, s->in->settings.trusted_proxies, NULL) == 0 &&
	       address_parse(&loopback, "127.0.0.1", 0, NULL) == 0 &&
	       address_in_ranges(&loopback, &proxies);
}

static void start_desk(struct supervisor *s)
{
	const int fetch_fd = fetch_starter(s);
	const int mail_fd =
		program_starter(&s->users, USER_MAIL, (const char *[]){s->programs.mail, NULL});
	char port[16], messenger_port[16], fd[16], tls[16], fetch[16], mail[16];
	const char *args[CHILD_ARGS_MAX] = {s->programs.desk, "--data", s->in->dir, "--port", port,
		"--messenger-port", messenger_port, "--ready-fd", fd, "--listen",
		s->options->listen, "--log-level", s->in->settings.log_level, "--fetch",
		s->in->settings.inside, "--fetch-fd", fetch, "--mail-fd", mail, NULL};
	int fds[2], count = 19; /* of args so far */

	snprintf(fetch, sizeof(fetch), "%d", fetch_fd);
	snprintf(mail, sizeof(mail), "%d", mail_fd);
	if (!child_pipe(&s->desk, fds))
		goto out;
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	snprintf(port, sizeof(port), "%d", s->desk.port ? s->desk.port : s->options->desk_port);
	snprintf(messenger_port, sizeof(messenger_port), "%d", s->messenger.port);
	if (s->tls_fd >= 0) {
		snprintf(tls, sizeof(tls), "%d", s->tls_fd);
		args[count++] = "--tls-fd";
		args[count++] = tls;
	}
	if (loopback_is_proxy(s))
		args[count++] = "--proxy-header";
	child_start(s, &s->desk, args, (int[KEEP_MAX]){s->tls_fd, fetch_fd, mail_fd}, fds);
out:
	close_own(fetch_fd);
	close_own(mail_fd);
}

static void start_relay(struct supervisor *s)
{
	const struct settings *settings = &s->in->settings;
	char fd[16], most[16], per_address[16], own[OWN_ADDRESSES_SIZE];
	const char *args[CHILD_ARGS_MAX] = {s->programs.fetch, "--relay", s->site, "--own", own,
		"--relay-fd", fd, "--strangers", most, "--strangers-per-address", per_address,
		NULL};
	int fds[2];

	if (!child_pipe(&s->relay, fds))
		return;
	snprintf(fd, sizeof(fd), "%d", s->relay_pair[1]);
	snprintf(most, sizeof(most), "%d", (int)settings->strangers_max);
	snprintf(per_address, sizeof(per_address), "%d", (int)settings->address_strangers_max);
	own_addresses_put(settings, s->options->listen, (uint16_t)s->messenger.port, own);
	if (!settings->proxy_site_address[0])
		args[11] = "--public-only";
	child_start(s, &s->relay, args, (int[KEEP_MAX]){s->relay_pair[1]}, fds);
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
	if (child->hup_due)
		kill(child->pid, SIGHUP);
	child->hup_due = false;
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
	/* Custodians have opened the vault: now the messenger can serve. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == SEALED_EXIT_OPENED) {
		child->start_at_ms = now;
		return;
	}
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
		for (size_t i = 0; i < CHILDREN; i++)
			if (pid == s->children[i]->pid)
				child_ended(s->children[i], status, s->stopping);
		/* From behind its walls the messenger finds no other keeper. */
		if (s->keeper.state == CHILD_DOWN && s->messenger.pid)
			kill(s->messenger.pid, SIGTERM);
	}
}

static void children_signal(struct supervisor *s, int number)
{
	for (size_t i = 0; i < CHILDREN; i++)
		if (s->children[i]->pid && (s->children[i] != &s->keeper || number == SIGKILL))
			kill(s->children[i]->pid, number);
}

/* The others may need it to their end. */
static bool keeper_is_last(const struct supervisor *s)
{
	return s->keeper.pid && !s->messenger.pid && !s->desk.pid && !s->relay.pid;
}

static bool children_run(const struct supervisor *s)
{
	return s->keeper.pid || s->messenger.pid || s->desk.pid || s->relay.pid;
}

/* Down, and not for want of something that another child has first. */
static bool child_waits(const struct supervisor *s, const struct child *child)
{
	/* It must be there to be asked. */
	if (child == &s->messenger && s->keeper.state != CHILD_UP)
		return false;
	/* Both need the messenger's port. */
	if ((child == &s->desk || child == &s->relay) && !s->messenger.port)
		return false;
	if (child == &s->relay && s->relay_pair[1] < 0)
		return false;
	return child->state == CHILD_DOWN;
}

/* Of a child that is starting, which may have read the old one. */
static void child_hang_up(struct child *child)
{
	if (child->state == CHILD_UP)
		kill(child->pid, SIGHUP);
	child->hup_due = child->state == CHILD_STARTING;
}

static void reload(struct supervisor *s)
{
	struct err err;

	if (s->tls_fd < 0) {
		log_info("hang_up", "no certificate is configured: nothing to read again");
		return;
	}
	if (certificate_share(s->in, &s->tls_fd, &err) < 0) {
		log_error("certificate_kept", "the old certificate stays: %s", err.text);
		return;
	}
	child_hang_up(&s->messenger);
	child_hang_up(&s->desk);
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void read_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		reap(s);
	} else if (info.ssi_signo == SIGHUP && (!s->on_terminal || has_terminal())) {
		/* Not that the terminal was closed, which ends us with it. */
		reload(s);
	} else if (!s->stopping) {
		log_info("stopping", "signal %u", info.ssi_signo);
		s->stopping = true;
		s->stop_deadline_ms = now_ms() + STOP_PATIENCE_MS;
		children_signal(s, SIGTERM);
	}
	if (s->stopping && keeper_is_last(s))
		kill(s->keeper.pid, SIGTERM);
}

static void start_what_is_due(struct supervisor *s)
{
	int64_t now = now_ms();

	if (s->stopping)
		return;
	for (size_t i = 0; i < CHILDREN; i++)
		if (child_waits(s, s->children[i]) && now >= s->children[i]->start_at_ms)
			s->children[i]->start(s);
}

static int wait_ms(const struct supervisor *s)
{
	int64_t now = now_ms(), until = now + 60000;

	if (s->stopping)
		until = s->stop_deadline_ms;
	for (size_t i = 0; !s->stopping && i < CHILDREN; i++)
		if (child_waits(s, s->children[i]) && s->children[i]->start_at_ms < until)
			until = s->children[i]->start_at_ms;
	return until > now ? (int)(until - now) : 0;
}

static void supervisor_round(struct supervisor *s)
{
	struct pollfd fds[1 + CHILDREN] = {{.fd = s->signal_fd, .events = POLLIN}};

	start_what_is_due(s);
	for (size_t i = 0; i < CHILDREN; i++)
		fds[1 + i] = (struct pollfd){.fd = s->children[i]->ready_fd, .events = POLLIN};
	if (poll(fds, 1 + CHILDREN, wait_ms(s)) <= 0)
		return;
	for (size_t i = 0; i < CHILDREN; i++)
		if (fds[1 + i].revents)
			child_read_ready(s->children[i]);
	if (fds[0].revents)
		read_signals(s);
	announce(s);
}

/* Both ends stay here, so that what is on its way outlives either child. */
static int make_relay_pair(struct supervisor *s, struct err *err)
{
	struct proxy_settings proxy;

	s->relay_pair[0] = s->relay_pair[1] = -1;
	if (proxy_settings_read(&proxy, &s->in->settings, err) < 0)
		return -1;
	memcpy(s->site, proxy.site_at, sizeof(s->site));
	bytes_wipe(&proxy, sizeof(proxy));
	if (s->site[0] && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s->relay_pair) < 0)
		return err_errno(err, "no pair for the relay");
	return 0;
}

/* One socket for each of the messenger's threads, all on one port. */
static int bind_all(struct supervisor *s, struct err *err)
{
	const char *host = s->options->listen;

	s->listen_port = (uint16_t)s->options->port;
	if (s->listen_port && listener_check_free(host, s->listen_port, err) < 0)
		return -1;
	while (s->listen_count < settings_net_threads(&s->in->settings)) {
		int fd = listener_bind(host, &s->listen_port, err);

		if (fd < 0)
			return -1;
		s->listen_fds[s->listen_count++] = fd;
	}
	return 0;
}

static void close_kept(struct supervisor *s)
{
	int fds[] = {s->kept_fd, s->relay_pair[0], s->relay_pair[1], s->tls_fd};

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (int i = 0; i < s->listen_count; i++)
		close(s->listen_fds[i]);
}

int supervisor_run(const struct installation *in, const struct supervisor_options *options)
{
	struct supervisor s = {
		.in = in,
		.options = options,
		.keeper = CHILD("keeper", USER_KEEPER, start_keeper),
		.messenger = CHILD("messenger", USER_MESSENGER, start_messenger),
		.desk = CHILD("desk", USER_DESK, start_desk),
		.relay = CHILD("relay", USER_FETCH, start_relay),
		.tls_fd = -1,
		.on_terminal = has_terminal(),
		.children = {&s.keeper, &s.messenger, &s.desk, &s.relay},
	};
	struct err err = {0};
	sigset_t mask;

	if (programs_find(&s.programs) < 0) {
		fprintf(stderr, "can't find my own programs\n");
		return 1;
	}
	/* Without it no other child could ever serve. */
	if (access(s.programs.keeper, X_OK) < 0) {
		fprintf(stderr, "lontar serve: can't start %s: %s\n", s.programs.keeper,
			strerror(errno));
		return 1;
	}
	users_find(&s.users);
	users_tell(&s.users);
	if (users_own(&s.users, in, &err) < 0 || make_relay_pair(&s, &err) < 0) {
		fprintf(stderr, "lontar serve: %s\n", err.text);
		return 1;
	}
	if (certificate_is_configured(in) && certificate_share(in, &s.tls_fd, &err) < 0) {
		fprintf(stderr, "lontar serve: [tls]: %s\n", err.text);
		return 1;
	}
	if (bind_all(&s, &err) < 0) {
		fprintf(stderr, "lontar serve: %s\n", err.text);
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
	while (!s.stopping || children_run(&s)) {
		supervisor_round(&s);
		if (s.stopping && now_ms() >= s.stop_deadline_ms) {
			log_error("stop_forced", "children did not end in time");
			children_signal(&s, SIGKILL);
			s.stop_deadline_ms = now_ms() + STOP_PATIENCE_MS;
		}
	}
	close(s.signal_fd);
	close_kept(&s);
	return 0;
}
