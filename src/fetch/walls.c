/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/walls.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/log.h"
#include "cage/cage.h"

#define MEMORY_MAX ((size_t)1 << 30)
#define FILES_MAX 64
#define DOMAIN_PORT 53
#define ALL_BITS UINT64_MAX
#define INT_BITS 0xffffffffu
#define OPEN_TO_CHANGE (O_ACCMODE | O_CREAT | O_TRUNC)

/* What resolves names and checks certificates, of Debian and of Red Hat's kind. Not /etc/ssl as a
 * whole: keys lie in there too. */
static const char *const readable_paths[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/host.conf",
	"/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols",
	"/run/systemd/resolve", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/usr/lib/ssl/certs",
	"/usr/lib/ssl/openssl.cnf", "/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted",
	NULL};

static const char *const allowed[] = {"read", "write", "readv", "writev", "pread64", "close",
	"stat", "fstat", "lstat", "newfstatat", "statx", "access", "lseek", "fcntl", "getdents64",
	"brk", "munmap", "mremap", "madvise", "futex", "set_robust_list", "rseq", "membarrier",
	"sched_yield", "sched_getaffinity", "exit", "exit_group", "gettid", "getpid", "getuid",
	"geteuid", "getgid", "getegid", "uname", "sysinfo", "getrandom", "clock_gettime",
	"clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep", "restart_syscall",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "poll", "ppoll", "select",
	"pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe2",
	"socketpair", "connect", "getsockname", "getpeername", "setsockopt", "getsockopt", "sendto",
	"recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "shutdown", "getrlimit", NULL};

/* What only an intruder would try. The rest is refused, and libraries bear that. */
static const char *const deadly[] = {"execve", "execveat", "fork", "vfork", "ptrace",
	"process_vm_readv", "process_vm_writev", "kill", "bpf", "io_uring_setup",
	"open_by_handle_at", "mount", "unshare", "setns", "keyctl", "perf_event_open",
	"userfaultfd", NULL};

static const struct cage_call calls[] = {
	{"socket", CAGE_ALLOW, 0, INT_BITS, AF_INET},
	{"socket", CAGE_ALLOW, 0, INT_BITS, AF_INET6},
	{"open", CAGE_ALLOW, 1, OPEN_TO_CHANGE, O_RDONLY},
	{"openat", CAGE_ALLOW, 2, OPEN_TO_CHANGE, O_RDONLY},
	{"mmap", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"mprotect", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"ioctl", CAGE_ALLOW, 1, INT_BITS, FIONREAD}, /* the resolver */
	{"ioctl", CAGE_ALLOW, 1, INT_BITS, FIONBIO},
	{"clone", CAGE_ALLOW, 0, CLONE_THREAD, CLONE_THREAD},
	{"clone3", CAGE_ABSENT, 0, 0, 0},	   /* hides its flags in memory */
	{"prlimit64", CAGE_ALLOW, 2, ALL_BITS, 0}, /* reading limits, not setting them */
	{"prctl", CAGE_ALLOW, 0, INT_BITS, PR_SET_NAME},
};

static int limit(int what, size_t most, struct err *err)
{
	struct rlimit value = {.rlim_cur = most, .rlim_max = most};

	return setrlimit((__rlimit_resource_t)what, &value) == 0
		       ? 0
		       : err_errno(err, "can't bound what fetching may use");
}

static int enter(const uint16_t *ports, size_t files, struct err *err)
{
	const struct cage cage = {.allowed = allowed,
		.deadly = deadly,
		.calls = calls,
		.call_count = ARRAY_LEN(calls),
		.others = CAGE_REFUSE,
		.readable_paths = readable_paths,
		.connects = true,
		.connect_ports = ports};
	int landlock_version;

	/* No bound on file sizes: nothing can be opened for writing anyway, and standard error may
	 * be a file, at which the first word to the log would end the process. */
	if (limit(RLIMIT_CORE, 0, err) < 0 || limit(RLIMIT_NOFILE, files, err) < 0)
		return -1;
#ifndef __SANITIZE_ADDRESS__ /* its shadow is terabytes of address space */
	if (limit(RLIMIT_AS, MEMORY_MAX, err) < 0)
		return -1;
#endif
	if (cage_enter(&cage, &landlock_version, err) < 0)
		return -1;
	if (landlock_version == 0)
		log_warn("no_landlock", "this kernel has no Landlock: lontar-fetch can read what "
					"its user can");
	return 0;
}

int fetch_walls_enter(struct err *err)
{
	return enter(NULL, FILES_MAX, err);
}

int fetch_walls_enter_relay(uint16_t port, size_t files, struct err *err)
{
	const uint16_t ports[] = {port, DOMAIN_PORT, 0};
	struct rlimit most;

	/* With fewer, the last strangers find no descriptor and are closed. */
	if (getrlimit(RLIMIT_NOFILE, &most) == 0 && files > most.rlim_max)
		files = most.rlim_max;
	return enter(ports, files, err);
}
