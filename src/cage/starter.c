/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. Each question brings the answer's own socket along, so that threads that ask at
 * once can't take one another's answers.
 *
 *   question   u8 which, and a descriptor to answer on
 *   answer     u8 1 and the helper's pipe, or u8 0 and why not
 *
 * The answer's socket is the helper's leash: it stays open, and when who asked closes it, the
 * helper is killed. One that hangs would not see that its pipe was closed.
 */
#include "cage/starter.h"

#include <errno.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "cage/filter.h"

struct packet {
	uint8_t bytes[sizeof(((struct err *)0)->text) + 1];
	size_t size;
	int fd; /* -1: none came along */
};

static int packet_send(int to, struct bytes text, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {(void *)(uintptr_t)text.data, text.size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n;

	if (fd >= 0) {
		struct cmsghdr *head;

		message.msg_control = room;
		message.msg_controllen = sizeof(room);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &fd, sizeof(int));
	}
	do {
		n = sendmsg(to, &message, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)text.size ? 0 : -1;
}

/* 1: a packet; 0: the other side is gone; -1. */
static int packet_receive(int from, struct packet *out)
{
	char room[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {out->bytes, sizeof(out->bytes)};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room)};
	ssize_t n;

	out->fd = -1;
	do {
		n = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	out->size = n > 0 ? (size_t)n : 0;
	for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); n > 0 && head;
		head = CMSG_NXTHDR(&message, head)) {
		if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
			head->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(&out->fd, CMSG_DATA(head), sizeof(int));
	}
	return n > 0 ? 1 : n == 0 ? 0 : -1;
}

/* ---- The starter's side ---- */

struct held {
	int leash, process; /* leash -1: let go of, and killed */
};

struct serving {
	const char *folder;
	const struct starter_program *programs;
	size_t programs_count, count;
	struct held held[STARTER_HELPERS_MAX];
};

static int start(
	struct serving *s, const struct packet *asked, struct helper *helper, struct err *err)
{
	if (asked->size != 1 || asked->bytes[0] >= s->programs_count)
		return err_set(err, EINVAL, "there is no such program");
	if (s->count == STARTER_HELPERS_MAX)
		return err_set(err, 0, "too many helpers run");
	return helper_start(helper, s->folder, s->programs[asked->bytes[0]].name,
		s->programs[asked->bytes[0]].args, err);
}

static void answer(struct serving *s, const struct packet *asked)
{
	uint8_t refusal[sizeof(asked->bytes)] = {0};
	struct helper helper;
	struct err err = {0};

	if (start(s, asked, &helper, &err) < 0) {
		memcpy(refusal + 1, err.text, strnlen(err.text, sizeof(err.text)));
		(void)packet_send(
			asked->fd, bytes_of(refusal, 1 + strnlen(err.text, sizeof(err.text))), -1);
		close(asked->fd);
		return;
	}
	/* Who asked may be gone: then the leash is let go of. */
	s->held[s->count++] = (struct held){asked->fd, pidfd_open(helper.pid, 0)};
	(void)packet_send(asked->fd, BYTES_LITERAL("\1"), helper.fd);
	close(helper.fd);
}

static void close_held(struct held *h)
{
	if (h->leash >= 0)
		close(h->leash);
	if (h->process >= 0)
		close(h->process);
}

/* looked: what poll() found of each, two by two. */
static void look_after(struct serving *s, const struct pollfd *looked)
{
	size_t kept = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	for (size_t i = 0; i < s->count; i++) {
		struct held *h = &s->held[i];

		if (looked[2 * i].revents && h->leash >= 0) {
			if (h->process >= 0)
				pidfd_send_signal(h->process, SIGKILL, NULL, 0);
			close(h->leash);
			h->leash = -1;
		}
		if (looked[2 * i + 1].revents || (h->process < 0 && h->leash < 0))
			close_held(h);
		else
			s->held[kept++] = *h;
	}
	s->count = kept;
}

static void serve(int fd, struct serving *s)
{
	struct pollfd looked[1 + 2 * STARTER_HELPERS_MAX];
	struct packet asked;

	for (;;) {
		looked[0] = (struct pollfd){.fd = fd, .events = POLLIN};
		for (size_t i = 0; i < s->count; i++) {
			looked[1 + 2 * i] = (struct pollfd){.fd = s->held[i].leash};
			looked[2 + 2 * i] =
				(struct pollfd){.fd = s->held[i].process, .events = POLLIN};
		}
		if (poll(looked, 1 + 2 * s->count, -1) < 0)
			continue;
		look_after(s, looked + 1);
		if (!looked[0].revents)
			continue;
		if (packet_receive(fd, &asked) <= 0)
			return;
		if (asked.fd >= 0)
			answer(s, &asked);
	}
}

/* It must start programs that have walls of their own to build, so only this can be taken from all
 * of them: to look into other processes, to change what the machine is, and ways around paths. */
static bool give_up_calls(void)
{
	static const char *const never[] = {"ptrace", "process_vm_readv", "process_vm_writev",
		"process_madvise", "pidfd_getfd", "kcmp", "perf_event_open", "bpf", "userfaultfd",
		"open_by_handle_at", "name_to_handle_at", "mount", "umount2", "pivot_root",
		"chroot", "move_mount", "open_tree", "fsopen", "unshare", "setns", "init_module",
		"finit_module", "delete_module", "kexec_load", "kexec_file_load", "keyctl",
		"add_key", "request_key", "swapon", "reboot", "quotactl", "io_uring_setup"};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = 0;

	if (!filter)
		return false;
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(never); i++) {
		int number = seccomp_syscall_resolve_name(never[i]);

		if (number >= 0)
			rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, number, 0);
	}
	return cage_filter_load(filter, rc, NULL) == 0;
}

/* It holds nothing of what was open before, and nobody looks into it, which may be a fork. */
void starter_serve(int fd, const char *folder, const struct starter_program *programs, size_t count)
{
	struct serving serving = {.folder = folder, .programs = programs, .programs_count = count};
	const struct rlimit no_core = {0};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_IGN); /* the terminal's is for the whole group */
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* a number that is not reaped is nobody else's */
	prctl(PR_SET_NAME, "lontar-starter");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
		setrlimit(RLIMIT_CORE, &no_core) < 0 || !give_up_calls() ||
		dup2(fd, STDERR_FILENO + 1) < 0)
		_exit(1);
	close_range(STDERR_FILENO + 2, ~0U, 0);
	serve(STDERR_FILENO + 1, &serving);
	_exit(0);
}

/* ---- The other side ---- */

int starter_begin(struct starter *starter, const char *folder,
	const struct starter_program *programs, size_t count, struct err *err)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	starter->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_errno(err, "can't make a pipe to the starter");
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		starter_serve(fds[1], folder, programs, count);
	}
	close(fds[1]);
	if (pid < 0) {
		err_errno(err, "can't start the starter");
		close(fds[0]);
		return -1;
	}
	starter->fd = fds[0];
	return 0;
}

int starter_ask(struct starter *starter, uint8_t which, struct helper *out, struct err *err)
{
	struct packet packet;
	int fds[2], rc = -1;

	*out = (struct helper){.fd = -1};
	if (starter->fd < 0)
		return err_set(err, 0, "there is no starter");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_errno(err, "can't ask the starter");
	if (packet_send(starter->fd, bytes_of(&which, 1), fds[1]) == 0) {
		close(fds[1]); /* so that its end is seen, should it die meanwhile */
		fds[1] = -1;
		rc = packet_receive(fds[0], &packet);
	}
	if (rc <= 0)
		rc = err_set(err, EPIPE, "the starter is gone");
	else if (packet.bytes[0] == 1 && packet.fd >= 0)
		rc = 0;
	else
		rc = err_set(err, 0, "%.*s", (int)(packet.size - 1), (char *)packet.bytes + 1);
	if (fds[1] >= 0)
		close(fds[1]);
	if (rc == 0)
		*out = (struct helper){.fd = packet.fd, .leash = fds[0]};
	else
		close(fds[0]);
	return rc;
}

void starter_end(struct starter *starter)
{
	if (starter->fd >= 0)
		close(starter->fd);
	starter->fd = -1;
}
