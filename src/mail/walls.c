/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "mail/walls.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "cage/cage.h"
#include "mail/inspect.h"

static const char *const allowed[] = {"read", "write", "brk", "munmap", "mremap", "madvise",
	"futex", "clock_gettime", "gettimeofday", "getrandom", "rt_sigreturn", "restart_syscall",
	"exit", "exit_group", "getpid", "gettid", "rt_sigprocmask", "sched_yield", "sigaltstack",
	NULL};

/* What only an intruder would try. The rest is refused, and libraries bear that: a time zone or an
 * encoding that is a file is not found. */
static const char *const deadly[] = {"execve", "execveat", "fork", "vfork", "clone", "clone3",
	"ptrace", "process_vm_readv", "process_vm_writev", "kill", "socket", "connect", "bpf",
	"io_uring_setup", "open_by_handle_at", "mount", "unshare", "setns", "keyctl",
	"perf_event_open", "userfaultfd", NULL};

static const struct cage_call calls[] = {
	{"mmap", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"mprotect", CAGE_ALLOW, 2, PROT_EXEC, 0},
};

static int limit(int what, size_t most, struct err *err)
{
	struct rlimit value = {.rlim_cur = most, .rlim_max = most};

	return setrlimit((__rlimit_resource_t)what, &value) == 0
		       ? 0
		       : err_errno(err, "can't bound what reading a mail may use");
}

static int limit_all(struct err *err)
{
	alarm(60); /* of a clock that runs while others work; unhandled, it ends the process */
	/* No bound on the size of files: standard error may be one, and nothing else is open. */
	if (limit(RLIMIT_CPU, MAIL_SECONDS_MAX, err) < 0 || limit(RLIMIT_CORE, 0, err) < 0)
		return -1;
#ifndef __SANITIZE_ADDRESS__ /* its shadow is terabytes of address space */
	if (limit(RLIMIT_AS, MAIL_MEMORY_MAX, err) < 0)
		return -1;
#endif
	return 0;
}

/* What libraries do once, they do now, while they can still read their files. */
static int warm_up(struct err *err)
{
	static const char own[] =
		"From: =?iso-8859-1?q?Desk?= <desk@example.org>\r\n"
		"Date: Sun, 22 Nov 2026 10:00:00 +0700\r\nMessage-ID: <a@example.org>\r\n"
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n=e9\r\n"
		"--b\r\nContent-Type: image/png; name=a.png\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";
	const struct mail_server server = {BYTES_LITERAL("mx.example.org"), 1};
	struct arena arena;
	struct mail mail;
	int rc = mail_inspect_begin(err);

	if (rc < 0)
		return rc;
	arena_init(&arena);
	mail_inspect(bytes_from_str(own), &server, &arena, &mail);
	if (mail.result != MAIL_OK || mail.file_count != 1)
		rc = err_set(err, 0, "a mail of our own can't be read");
	arena_release(&arena);
	return rc;
}

int mail_walls_enter(struct err *err)
{
	static const struct cage cage = {.allowed = allowed,
		.deadly = deadly,
		.calls = calls,
		.call_count = ARRAY_LEN(calls),
		.others = CAGE_REFUSE};
	int landlock_version;

	/* Without Landlock the calls that it guards are not in the list either. */
	if (limit_all(err) < 0 || warm_up(err) < 0 || cage_enter(&cage, &landlock_version, err) < 0)
		return -1;
	return 0;
}
