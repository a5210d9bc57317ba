/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "cage/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define FILTER_MAX_S 10 /* it takes milliseconds */

struct program {
	struct sock_filter at[BPF_MAXINSNS];
	size_t size; /* in bytes */
};

/* The process ends unless it is told otherwise in time. */
static void end_in(int seconds)
{
	const struct itimerval in = {.it_value = {.tv_sec = seconds}};
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t alarm;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	if (seconds) {
		sigaction(SIGALRM, &plain, NULL);
		sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	}
	setitimer(ITIMER_REAL, &in, NULL);
}

/* What libseccomp makes of the rules. A pipe, as a caged process may have no other file. */
static int make(scmp_filter_ctx filter, struct program *out)
{
	int ends[2], rc;
	ssize_t size = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	rc = seccomp_export_bpf(filter, ends[1]);
	if (rc == 0) {
		size = read(ends[0], out->at, sizeof(out->at));
		rc = size > 0 ? 0 : -EIO;
	}
	close(ends[0]);
	close(ends[1]);
	out->size = rc == 0 ? (size_t)size : 0;
	return rc;
}

static int load(struct program *program)
{
	const struct sock_fprog counted = {
		(unsigned short)(program->size / sizeof(program->at[0])), program->at};
	long rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	/* Every thread, should a library have started one already. */
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &counted);
	return rc < 0 ? -errno : rc > 0 ? -EBUSY : 0;
}

/* libseccomp 2.5 may leave a rule out where it gets no memory, and say nothing: so the program is
 * made twice, and loaded if it is the same. */
static int make_and_load(scmp_filter_ctx filter)
{
	struct program program, again;
	int rc = make(filter, &program);

	if (rc == 0)
		rc = make(filter, &again);
	if (rc == 0 &&
		(program.size != again.size || memcmp(program.at, again.at, program.size) != 0))
		rc = -ENOMEM;
	return rc == 0 ? load(&program) : rc;
}

/* libseccomp 2.5 goes round for ever where it gets no memory, too, and a program that neither
 * starts nor ends would be waited for. Its timer is let through, so that it can be stopped behind
 * the filter. */
int cage_filter_load(void *filter, int rc, struct err *err)
{
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setitimer), 1,
			SCMP_A0(SCMP_CMP_EQ, ITIMER_REAL));
	if (rc == -EACCES) /* a filter that lets through what it doesn't name */
		rc = 0;
	if (rc == 0) {
		end_in(FILTER_MAX_S);
		rc = make_and_load(filter);
		end_in(0);
	}
	seccomp_release(filter);
	return rc == 0 ? 0 : err_set(err, -rc, "can't load the seccomp filter: %s", strerror(-rc));
}
