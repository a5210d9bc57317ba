/* SPDX-License-Identifier: Apache-2.0 */
/* Reads /proc. */
#include "bench/process.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

/* A file of /proc as text; its size, or -1. */
static ssize_t read_proc(pid_t pid, const char *name, char *out, size_t size)
{
	char path[128];
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	got = fread(out, 1, size - 1, file);
	fclose(file);
	out[got] = 0;
	return (ssize_t)got;
}

int64_t process_cpu_us(pid_t pid)
{
	char text[1024], *at;
	unsigned long long user, kernel;

	if (read_proc(pid, "stat", text, sizeof(text)) < 0)
		return -1;
	/* The second field is the name in brackets and may hold anything, so count from its end. */
	at = strrchr(text, ')');
	if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
			   &kernel) != 2)
		return -1;
	return (int64_t)(user + kernel) * (1000000 / sysconf(_SC_CLK_TCK));
}

static int64_t thread_cpu_us(pid_t thread)
{
	char text[256];

	return read_proc(thread, "schedstat", text, sizeof(text)) > 0
		       ? strtoll(text, NULL, 10) / 1000
		       : 0;
}

int64_t process_idle_cpu_us(pid_t pid)
{
	struct dirent *entry;
	int64_t sum_us = 0;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread > 0 && sched_getscheduler(thread) == SCHED_IDLE)
			sum_us += thread_cpu_us(thread);
	}
	if (threads)
		closedir(threads);
	return sum_us;
}

static int64_t kib_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

int process_memory(pid_t pid, struct process_memory *out, struct err *err)
{
	char text[4096];

	if (read_proc(pid, "smaps_rollup", text, sizeof(text)) < 0)
		return err_errno(err, "can't read the memory of process %d", (int)pid);
	out->rss_kib = kib_of(text, "\nRss:");
	out->pss_kib = kib_of(text, "\nPss:");
	out->anonymous_kib = kib_of(text, "\nAnonymous:");
	if (out->rss_kib < 0 || out->pss_kib < 0 || out->anonymous_kib < 0)
		return err_set(err, 0, "smaps_rollup lacks a line");
	return 0;
}

int64_t process_peak_kib(pid_t pid)
{
	char text[4096];

	return read_proc(pid, "status", text, sizeof(text)) < 0 ? -1 : kib_of(text, "\nVmHWM:");
}

void process_forget_peak(pid_t pid)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", (int)pid);
	file = fopen(path, "we");
	if (!file)
		return;
	fputs("5", file); /* proc(5): the high-water mark begins again */
	fclose(file);
}

pid_t process_child(pid_t parent, const char *word)
{
	char name[64], children[1024], args[1024], *at = children;

	snprintf(name, sizeof(name), "task/%d/children", (int)parent);
	if (read_proc(parent, name, children, sizeof(children)) < 0)
		return 0;
	for (;;) {
		char *end;
		long pid = strtol(at, &end, 10);

		if (end == at)
			return 0;
		at = end;
		if (read_proc((pid_t)pid, "cmdline", args, sizeof(args) - 1) > 0 &&
			strcmp(args + strlen(args) + 1, word) == 0)
			return (pid_t)pid;
	}
}

int64_t now_us(void)
{
	return clock_monotonic_us(&clock_system);
}

static int64_t own_cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

void meter_start(struct meter *meter, pid_t pid)
{
	meter->pid = pid;
	meter->own_us = own_cpu_us();
	meter->idle_us = pid ? process_idle_cpu_us(pid) : 0;
	meter->server_us = pid ? process_cpu_us(pid) : 0;
	meter->wall_us = now_us();
}

void meter_stop(struct meter *meter)
{
	meter->wall_us = now_us() - meter->wall_us;
	meter->own_us = own_cpu_us() - meter->own_us;
	meter->server_us = meter->pid ? process_cpu_us(meter->pid) - meter->server_us : 0;
	meter->idle_us = meter->pid ? process_idle_cpu_us(meter->pid) - meter->idle_us : 0;
	meter->server_us -= meter->idle_us;
}

void meter_add(struct meter *sum, const struct meter *piece)
{
	sum->pid = piece->pid;
	sum->wall_us += piece->wall_us;
	sum->server_us += piece->server_us;
	sum->idle_us += piece->idle_us;
	sum->own_us += piece->own_us;
}
