/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://docs.kernel.org/userspace-api/landlock.html */
#include "desk/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/filter.h"

/* ---- Landlock ---- */

/* Later than the headers of Debian 12; the kernel says by its version what it knows. */
#define LL_REFER (1ULL << 13)	  /* version 2 */
#define LL_TRUNCATE (1ULL << 14)  /* version 3 */
#define LL_IOCTL_DEV (1ULL << 15) /* version 5 */
#define LL_BIND_TCP (1ULL << 0)	  /* version 4 */
#define LL_CONNECT_TCP (1ULL << 1)
#define LL_SCOPE_ALL 3ULL /* version 6: abstract sockets, signals */
#define LL_RULE_NET_PORT 2

struct ll_ruleset {
	uint64_t fs, net, scoped;
};

struct ll_net_port {
	uint64_t access, port;
};

static const uint64_t file_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
				    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				    LANDLOCK_ACCESS_FS_REMOVE_DIR;
static const uint64_t all_rights_v1 = (1ULL << 13) - 1;

static int allow_folder(int ruleset, const char *folder, uint64_t rights, struct err *err)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};
	int rc;

	rule.parent_fd = open(folder, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return err_errno(err, "can't open the folder %s", folder);
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (rc < 0)
		err_errno(err, "can't allow the folder %s", folder);
	close(rule.parent_fd);
	return rc;
}

static int allow_port(int ruleset, uint64_t access, uint16_t port, struct err *err)
{
	struct ll_net_port rule = {.access = access, .port = port};

	if (syscall(SYS_landlock_add_rule, ruleset, LL_RULE_NET_PORT, &rule, 0) < 0)
		return err_errno(err, "can't allow a port");
	return 0;
}

static int landlock(const struct sandbox *sandbox, int version, struct err *err)
{
	struct ll_ruleset attr = {.fs = all_rights_v1};
	uint64_t rights = file_rights;
	size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	int ruleset, rc = -1;

	if (version >= 2)
		attr.fs |= LL_REFER;
	if (version >= 3) {
		attr.fs |= LL_TRUNCATE;
		rights |= LL_TRUNCATE;
	}
	if (version >= 4)
		attr.net = LL_BIND_TCP | LL_CONNECT_TCP;
	if (version >= 5)
		attr.fs |= LL_IOCTL_DEV;
	if (version >= 6)
		attr.scoped = LL_SCOPE_ALL;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (ruleset < 0)
		return err_errno(err, "can't make the Landlock rules");
	if (allow_folder(ruleset, sandbox->square_folder, rights, err) < 0 ||
		allow_folder(ruleset, sandbox->desk_folder, rights, err) < 0)
		goto out;
	if (version >= 4 &&
		(allow_port(ruleset, LL_BIND_TCP, sandbox->listen_port, err) < 0 ||
			allow_port(ruleset, LL_CONNECT_TCP, sandbox->messenger_port, err) < 0))
		goto out;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		err_errno(err, "can't enforce the Landlock rules");
	else
		rc = 0;
out:
	close(ruleset);
	return rc;
}

/* ---- seccomp ---- */

/* What a server with SQLite and threads needs; the rest answers EPERM. */
static const char *const calls[] = {"read", "write", "readv", "writev", "pread64", "pwrite64",
	"close", "open", "openat", "stat", "fstat", "lstat", "newfstatat", "statx", "access",
	"faccessat", "faccessat2", "lseek", "readlink", "readlinkat", "getcwd", "getdents64",
	"mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2",
	"ftruncate", "fallocate", "fsync", "fdatasync", "fcntl", "fchmod", "fchown", "umask",
	"ioctl", "mmap", "munmap", "mlock", "munlock", "mremap", "mprotect", "madvise", "brk",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2",
	"pipe2", "poll", "ppoll", "select", "pselect6", "connect", "bind", "listen", "accept",
	"accept4", "getsockname", "getpeername", "setsockopt", "getsockopt", "sendto", "recvfrom",
	"sendmsg", "recvmsg", "shutdown", "socketpair", "nanosleep", "clock_nanosleep",
	"clock_gettime", "clock_getres", "gettimeofday", "time", "futex", "set_robust_list", "rseq",
	"set_tid_address", "exit", "exit_group", "gettid", "getpid", "getppid", "getuid", "geteuid",
	"getgid", "getegid", "getrandom", "uname", "sysinfo", "sched_yield", "sched_getaffinity",
	"getrlimit", "getrusage", "membarrier"};

static int allow_calls(scmp_filter_ctx filter)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(calls); i++) {
		int number = seccomp_syscall_resolve_name(calls[i]);

		/* Some are of one architecture only. */
		if (number >= 0)
			rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
	}
	return rc;
}

/* Those that are fine with some arguments only. */
static int allow_calls_with_arguments(scmp_filter_ctx filter)
{
	static const uint64_t clone_thread = 0x00010000;
	int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		SCMP_A0(SCMP_CMP_MASKED_EQ, clone_thread, clone_thread));

	/* clone3 hides its flags in memory: glibc falls back to clone when there is none. */
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_INET));
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			SCMP_A0(SCMP_CMP_EQ, AF_INET6));
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
			SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	if (rc == 0) /* reading limits, not setting them */
		rc = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
	return rc;
}

static int filter_calls(struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!filter)
		return err_set(err, ENOMEM, "can't make the seccomp filter");
	rc = allow_calls(filter);
	if (rc == 0)
		rc = allow_calls_with_arguments(filter);
	return cage_filter_load(filter, rc, err);
}

/* ---- The wall ---- */

void sandbox_close_others(const int *keep_fds, size_t count)
{
	int from = STDERR_FILENO + 1, next;

	do {
		next = -1;
		for (size_t i = 0; i < count; i++)
			if (keep_fds[i] >= from && (next < 0 || keep_fds[i] < next))
				next = keep_fds[i];
		if (next != from)
			close_range((unsigned)from, next < 0 ? ~0U : (unsigned)next - 1, 0);
		from = next + 1;
	} while (next >= 0);
}

int sandbox_enter(const struct sandbox *sandbox, bool *walled, struct err *err)
{
	int version =
		(int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, "can't give up privileges");
	*walled = version >= 1;
	if (*walled && landlock(sandbox, version, err) < 0)
		return -1;
	if (!*walled)
		log_warn("no_landlock", "this kernel has no Landlock: only another uid keeps the "
					"desk from the home");
	return filter_calls(err);
}

int sandbox_check_wall(const char *data_dir, bool walled, struct err *err)
{
	static const char *const names[] = {"home/home.db", "home.db", "root.key"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[4096];
		int size = snprintf(path, sizeof(path), "%s/%s", data_dir, names[i]), fd;

		if (size < 0 || (size_t)size >= sizeof(path))
			return err_set(err, ENAMETOOLONG, "a path is too long");
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		close(fd);
		return err_set(err, EPERM,
			"the desk can read %s, which is of the home, and so does not start. %s",
			path,
			walled ? "The data directory must keep the home outside of square/ and "
				 "desk/."
			       : "This kernel has no Landlock: run lontar-desk as another user, "
				 "who "
				 "may read square/ and desk/ only.");
	}
	return 0;
}
