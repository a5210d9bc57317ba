/* SPDX-License-Identifier: Apache-2.0 */
/* What this process needs before it plays many clients: its signals, its descriptors, its log. */
#include <sys/resource.h>

#include "base/log.h"
#include "bench/bench.h"

volatile sig_atomic_t bench_interrupted;

static void on_interrupt(int number)
{
	bench_interrupted = 1;
}

/* As many descriptors as the system lets us have: one per session. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

void bench_prepare(void)
{
	signal(SIGINT, on_interrupt);
	signal(SIGTERM, on_interrupt);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_WARN);
	raise_limits();
}
