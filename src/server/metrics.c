/* SPDX-License-Identifier: Apache-2.0 */
/* The table of counters and their text. */
#include "server/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "store/home_messages.h"

static const struct {
	const char *name, *help;
	bool gauge; /* goes down too */
} rows[METRIC_COUNT] = {
	[METRIC_CONNECTIONS] = {"lontar_connections_total", "MTProto connections accepted"},
	[METRIC_TLS] = {"lontar_tls_handshakes_total", "TLS handshakes begun"},
	[METRIC_DOOR_TIMEOUTS] = {"lontar_hello_timeouts_total",
		"connections closed because they did not say in time what they speak"},
	[METRIC_VEILED] = {"lontar_veiled_total", "connections in fake TLS with a secret"},
	[METRIC_STRANGERS] = {"lontar_strangers_total",
		"connections without a secret where one is needed, passed on to the masked site"},
	[METRIC_CALLS] = {"lontar_calls_total", "calls answered, refusals included"},
	[METRIC_CALLS_REPEATED] = {"lontar_calls_repeated_total",
		"calls that had run before, answered from what was stored"},
	[METRIC_CALLS_READ_AGAIN] = {"lontar_calls_read_again_total",
		"answers read once more because the account was told something newer meanwhile"},
	[METRIC_CALLS_REFUSED] = {"lontar_calls_refused_total", "calls answered with an error"},
	[METRIC_CALLS_UNSERVED] = {"lontar_calls_unserved_total",
		"of these, calls of methods that are not served; the log names them at level "
		"debug"},
	[METRIC_UPDATES] = {"lontar_updates_total", "updates queued for a session"},
	[METRIC_COMMITS] = {"lontar_commits_total", "commits of the write executor, one sync each"},
	[METRIC_COMMIT_JOBS] = {"lontar_commit_jobs_total", "calls in those commits"},
	[METRIC_COMMIT_US] = {"lontar_commit_microseconds_total",
		"time of those commits, running the calls included"},
	[METRIC_KEYS_MADE] = {"lontar_keys_made_total", "authorization keys made"},
	[METRIC_HANDSHAKES_SHED] = {"lontar_handshakes_shed_total",
		"steps of key creation turned away because too many waited"},
	[METRIC_HANDSHAKES_WAITING] = {"lontar_handshakes_waiting",
		"steps of key creation that wait for a processor", true},
	[METRIC_HANDSHAKES_OPEN] = {"lontar_handshakes_open",
		"key creations under way, or done less than ten minutes ago", true},
	[METRIC_KEY_PAIRS] = {"lontar_key_pairs", "Diffie-Hellman pairs made ahead", true},
	[METRIC_TEMP_KEYS] = {"lontar_temporary_keys", "temporary authorization keys", true},
	[METRIC_LETTERS_SENT] = {"lontar_letters_sent_total",
		"codes and letters that the webhook or the mail server took"},
	[METRIC_LETTERS_AGAIN] = {"lontar_letters_again_total",
		"tries of these that failed and will be repeated"},
	[METRIC_LETTERS_LOST] = {"lontar_letters_lost_total",
		"codes and letters that were given up"},
	[METRIC_MESSAGES_DAMAGED] = {"lontar_messages_damaged_total",
		"times that a stored message could not be read and was left out"},
	[METRIC_FILES_BYTES] = {"lontar_files_bytes", "files of secret chats, in bytes", true},
};

static _Atomic int64_t values[METRIC_COUNT];

void metric_add(enum metric metric, int64_t n)
{
	atomic_fetch_add_explicit(&values[metric], n, memory_order_relaxed);
}

void metric_set(enum metric metric, int64_t value)
{
	atomic_store_explicit(&values[metric], value, memory_order_relaxed);
}

void metrics_write(struct buf *out)
{
	metric_set(METRIC_MESSAGES_DAMAGED, home_messages_damaged());
	for (int i = 0; i < METRIC_COUNT; i++)
		buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", rows[i].name,
			rows[i].help, rows[i].name, rows[i].gauge ? "gauge" : "counter",
			rows[i].name, atomic_load_explicit(&values[i], memory_order_relaxed));
}
