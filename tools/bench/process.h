/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel says about a process, the server's above all: processor time and memory. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"

/* User and system time of all its threads; -1 when there is no such process. */
int64_t process_cpu_us(pid_t pid);
/* The part of it that was spent at idle priority: work that waits until nobody else has any. */
int64_t process_idle_cpu_us(pid_t pid);

struct process_memory {
	int64_t rss_kib, pss_kib;
	int64_t anonymous_kib; /* heap and stacks: no code, no mapped files */
};

MUST_CHECK int process_memory(pid_t pid, struct process_memory *out, struct err *err);

/* The most that it had resident since process_forget_peak(), in KiB; -1 when there is none. */
int64_t process_peak_kib(pid_t pid);
void process_forget_peak(pid_t pid);

/* A child of parent whose first argument is this word; 0: none. */
pid_t process_child(pid_t parent, const char *word);

/* Processor time over a stretch of wall time. pid 0: only our own is measured. */
struct meter {
	pid_t pid;
	int64_t wall_us, server_us, own_us; /* readings at the start, differences after the stop */
	int64_t idle_us; /* the server's at idle priority, which is not in server_us */
};

void meter_start(struct meter *meter, pid_t pid);
void meter_stop(struct meter *meter);
/* For a stretch that is measured in pieces: both are stopped. */
void meter_add(struct meter *sum, const struct meter *piece);

int64_t now_us(void); /* monotonic */

#endif
