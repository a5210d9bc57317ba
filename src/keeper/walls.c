/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The socket that is there may accept; new ones can't be made. */
#include "keeper/walls.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "base/bytes.h"
#include "cage/cage.h"
#include "crypto/roots.h"

#define STACK_ROOM (128 << 10)

static const char *const allowed[] = {"read", "write", "recvfrom", "sendto", "accept4", "close",
	"getsockopt", "poll", "ppoll", "brk", "munmap", "madvise", "mlock", "munlock", "futex",
	"clock_gettime", "getrandom", "gettimeofday", "rt_sigreturn", "rt_sigprocmask",
	"restart_syscall", "exit", "exit_group", "getpid", "gettid",
#ifdef __SANITIZE_ADDRESS__
	"sched_yield", "sigaltstack", "mremap",
#endif
	NULL};

static const struct cage_call calls[] = {
	{"mmap", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"mprotect", CAGE_ALLOW, 2, PROT_EXEC, 0},
	/* abort(): refused its signal, it ends by a forbidden instruction, and so still as a crash.
	 */
	{"rt_sigaction", CAGE_REFUSE, 0, 0, 0},
	{"tgkill", CAGE_REFUSE, 0, 0, 0},
#ifdef __SANITIZE_ADDRESS__
	{"prctl", CAGE_REFUSE, 0, 0, 0},
#endif
};

/* Secrets lie in memory of their own, locked by secret_alloc; copies pass over the stack. Not
 * mlockall: once the limit is reached, the stack could grow no more. */
static void lock_stack(void)
{
	uint8_t room[STACK_ROOM];

	bytes_wipe(room, sizeof(room));
	if (mlock(room, sizeof(room)) < 0)
		secret_not_locked(errno);
}

int keeper_walls_raise(struct err *err)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, "can't keep debuggers and core files away");
	lock_stack();
	return 0;
}

int keeper_walls_close(struct err *err)
{
	static const struct cage cage = {.allowed = allowed,
		.calls = calls,
		.call_count = ARRAY_LEN(calls),
		.others = CAGE_KILL};
	int landlock_version;

	tzset(); /* the log's clock reads a file when it is first used */
	return cage_enter(&cage, &landlock_version, err);
}
