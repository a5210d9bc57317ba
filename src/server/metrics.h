/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of the messenger process, one row each, shown as Prometheus text. Thread-safe; they
 * count things, never people. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdint.h>

#include "base/buf.h"

enum metric {
	METRIC_CONNECTIONS, /* accepted */
	METRIC_TLS,
	METRIC_DOOR_TIMEOUTS,
	METRIC_VEILED,
	METRIC_STRANGERS,
	METRIC_CALLS,
	METRIC_CALLS_REFUSED,
	METRIC_CALLS_UNSERVED,
	METRIC_CALLS_REPEATED,
	METRIC_CALLS_READ_AGAIN,
	METRIC_UPDATES,
	METRIC_COMMITS,
	METRIC_COMMIT_JOBS,
	METRIC_COMMIT_US,
	METRIC_KEYS_MADE,
	METRIC_HANDSHAKES_SHED,
	METRIC_HANDSHAKES_WAITING,
	METRIC_HANDSHAKES_OPEN,
	METRIC_KEY_PAIRS,
	METRIC_TEMP_KEYS,
	METRIC_LETTERS_SENT,
	METRIC_LETTERS_AGAIN,
	METRIC_LETTERS_LOST,
	METRIC_MESSAGES_DAMAGED,
	METRIC_FILES_BYTES,
	METRIC_COUNT
};

void metric_add(enum metric metric, int64_t n);
/* Of a gauge. */
void metric_set(enum metric metric, int64_t value);
/* https://prometheus.io/docs/instrumenting/exposition_formats/ */
void metrics_write(struct buf *out);

#endif
