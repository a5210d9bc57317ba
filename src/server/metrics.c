/* SPDX-License-Identifier: Apache-2.0 */
/* The table of counters and their text. */
#include "server/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>

static const struct {
	const char *name, *help;
} rows[METRIC_COUNT] = {
	[METRIC_CONNECTIONS] = {"lontar_connections_total", "MTProto connections accepted"},
	[METRIC_TLS] = {"lontar_tls_handshakes_total", "TLS handshakes begun"},
	[METRIC_DOOR_TIMEOUTS] = {"lontar_hello_timeouts_total",
		"connections closed because they did not say in time what they speak"},
	[METRIC_CALLS] = {"lontar_calls_total", "calls answered, refusals included"},
	[METRIC_CALLS_REPEATED] = {"lontar_calls_repeated_total",
		"calls that had run before, answered from what was stored"},
	[METRIC_CALLS_REFUSED] = {"lontar_calls_refused_total", "calls answered with an error"},
	[METRIC_UPDATES] = {"lontar_updates_total", "updates queued for a session"},
	[METRIC_COMMITS] = {"lontar_commits_total", "commits of the write executor, one sync each"},
	[METRIC_COMMIT_JOBS] = {"lontar_commit_jobs_total", "calls in those commits"},
	[METRIC_COMMIT_US] = {"lontar_commit_microseconds_total",
		"time of those commits, running the calls included"},
	[METRIC_KEYS_MADE] = {"lontar_keys_made_total", "authorization keys made"},
};

static _Atomic int64_t values[METRIC_COUNT];

void metric_add(enum metric metric, int64_t n)
{
	atomic_fetch_add_explicit(&values[metric], n, memory_order_relaxed);
}

void metrics_write(struct buf *out)
{
	for (int i = 0; i < METRIC_COUNT; i++)
		buf_printf(out, "# HELP %s %s\n# TYPE %s counter\n%s %" PRId64 "\n", rows[i].name,
			rows[i].help, rows[i].name, rows[i].name,
			atomic_load_explicit(&values[i], memory_order_relaxed));
}
