/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "cage/filter.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#define FILTER_MAX_S 10 /* it takes milliseconds */

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

/* libseccomp 2.5 goes round for ever where it gets no memory, and a program that neither starts nor
 * ends would be waited for. Its timer is let through, so that it can be stopped behind the filter.
 */
int cage_filter_load(void *filter, int rc, struct err *err)
{
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setitimer), 1,
			SCMP_A0(SCMP_CMP_EQ, ITIMER_REAL));
	if (rc == -EACCES) /* a filter that lets through what it doesn't name */
		rc = 0;
	if (rc == 0) {
		end_in(FILTER_MAX_S);
		rc = seccomp_load(filter);
		end_in(0);
	}
	seccomp_release(filter);
	return rc == 0 ? 0 : err_set(err, -rc, "can't load the seccomp filter: %s", strerror(-rc));
}
