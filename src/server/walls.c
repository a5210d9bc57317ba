/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/walls.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/cage.h"

#define INT_BITS 0xffffffffu
#define ALL_BITS UINT64_MAX
#define PATHS_MAX 24

/* A server with SQLite and threads. */
static const char *const allowed[] = {"read", "write", "readv", "writev", "pread64", "pwrite64",
	"close", "open", "openat", "stat", "fstat", "lstat", "newfstatat", "statx", "access",
	"faccessat", "faccessat2", "lseek", "readlink", "readlinkat", "getcwd", "getdents64",
	"mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2",
	"ftruncate", "fallocate", "fsync", "fdatasync", "fcntl", "fchmod", "fchown", "umask",
	"munmap", "mlock", "mlock2", "munlock", "mremap", "madvise", "brk", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2",
	"pipe2", "poll", "ppoll", "bind", "listen", "accept", "accept4", "getsockname",
	"getpeername", "setsockopt", "getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg",
	"sendmmsg", "recvmmsg", "shutdown", "socketpair", "nanosleep", "clock_nanosleep",
	"clock_gettime", "clock_getres", "gettimeofday", "time", "futex", "set_robust_list", "rseq",
	"set_tid_address", "exit", "exit_group", "gettid", "getpid", "getppid", "getuid", "geteuid",
	"getgid", "getegid", "getrandom", "uname", "sysinfo", "sched_yield", "sched_getaffinity",
	"sched_setscheduler", "setpriority", "getpriority", "getrlimit", "getrusage", "membarrier",
	"seccomp", NULL};

/* What only an intruder would try. */
static const char *const deadly[] = {"execve", "execveat", "fork", "vfork", "ptrace",
	"process_vm_readv", "process_vm_writev", "kill", "bpf", "io_uring_setup",
	"open_by_handle_at", "mount", "unshare", "setns", "keyctl", "perf_event_open",
	"userfaultfd", "setuid", "setgid", "setresuid", "setresgid", "chroot", "init_module",
	"finit_module", NULL};

static const struct cage_call calls[] = {
	{"socket", CAGE_ALLOW, 0, INT_BITS, AF_INET}, {"socket", CAGE_ALLOW, 0, INT_BITS, AF_INET6},
	{"mmap", CAGE_ALLOW, 2, PROT_EXEC, 0}, {"mprotect", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"clone", CAGE_ALLOW, 0, CLONE_THREAD, CLONE_THREAD},
	{"clone3", CAGE_ABSENT, 0, 0, 0},	   /* hides its flags in memory */
	{"prlimit64", CAGE_ALLOW, 2, ALL_BITS, 0}, /* reading limits, not setting them */
	{"prctl", CAGE_ALLOW, 0, INT_BITS, PR_SET_NAME},
	{"prctl", CAGE_ALLOW, 0, INT_BITS, PR_SET_NO_NEW_PRIVS}, /* libseccomp, the second time */
};

/* Once everything listens. */
static const char *const not_later[] = {"socket", "bind", "listen", "connect", "seccomp", NULL};

/* What libraries look at. */
static const char *const system_paths[] = {"/dev/null", "/dev/urandom", "/etc/localtime",
	"/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf", "/sys/devices/system/cpu/online",
	"/proc/sys/vm/overcommit_memory",
#ifdef __SANITIZE_ADDRESS__
	"/proc/self", "/usr",
#endif
	NULL};

struct paths {
	const char *at[PATHS_MAX + 1];
	size_t count;
	char own[4][OPERATOR_PATH_MAX]; /* named by settings */
	size_t own_count;
};

static void path_add(struct paths *paths, const char *path)
{
	if (paths->count < PATHS_MAX)
		paths->at[paths->count++] = path;
}

static void path_add_setting(struct paths *paths, const struct installation *in, const char *name)
{
	char *path = paths->own[paths->own_count];

	if (!*name)
		return;
	paths->own_count++;
	installation_file(in, name, path);
	path_add(paths, path);
}

static void readable(struct paths *paths, const struct installation *in)
{
	for (size_t i = 0; system_paths[i]; i++)
		path_add(paths, system_paths[i]);
	path_add(paths, in->server_key);
	path_add(paths, in->service_token);
	path_add_setting(paths, in, "lang");
	path_add_setting(paths, in, in->settings.geoip);
	/* Without a supervisor it reads them itself, also on SIGHUP. */
	path_add_setting(paths, in, in->settings.certificate);
	path_add_setting(paths, in, in->settings.certificate_key);
}

int messenger_walls_enter(const struct installation *in, struct err *err)
{
	const char *const folders[] = {in->home_dir, in->square_dir, NULL};
	struct cage_call with_own[ARRAY_LEN(calls) + 1];
	struct paths paths = {0};
	const struct cage cage = {.allowed = allowed,
		.deadly = deadly,
		.calls = with_own,
		.call_count = ARRAY_LEN(with_own),
		.others = CAGE_REFUSE,
		.readable_paths = paths.at,
		.writable_paths = folders,
		.keeps_open = true,
		.binds = true};
	int landlock_version;

	memcpy(with_own, calls, sizeof(calls));
	/* abort() signals its own process, and looks like what it is. */
	with_own[ARRAY_LEN(calls)] =
		(struct cage_call){"tgkill", CAGE_ALLOW, 0, INT_BITS, (uint64_t)getpid()};
	readable(&paths, in);
	if (cage_enter(&cage, &landlock_version, err) < 0)
		return -1;
	if (landlock_version == 0)
		log_warn("no_landlock", "this kernel has no Landlock: the messenger can open what "
					"its user can");
	return 0;
}

int messenger_walls_close(struct err *err)
{
	return cage_refuse(not_later, err);
}
