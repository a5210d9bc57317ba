/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result of one scenario: how it was set, what was measured, on what machine and from what
 * commit. Printed at the end as text for people or as one JSON object per scenario for programs.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "bench/histogram.h"

#define REPORT_ROWS_MAX 64
#define REPORT_HISTOGRAMS_MAX 8
#define REPORT_NOTE_MAX 512
#define REPORT_NAME_MAX 64

struct report_setting {
	const char *name;
	int64_t value;
};

struct report_value {
	char name[REPORT_NAME_MAX];
	const char *unit;
	double value;
	const char *aim; /* as docs state it, or NULL */
};

struct report_histogram {
	const char *name;
	struct histogram histogram;
};

struct report {
	const char *scenario;
	struct report_setting settings[REPORT_ROWS_MAX];
	struct report_value values[REPORT_ROWS_MAX];
	struct report_histogram histograms[REPORT_HISTOGRAMS_MAX];
	unsigned setting_count, value_count, histogram_count;
	char note[REPORT_NOTE_MAX]; /* what the reader must know to judge the figures; may be "" */
};

/* Texts passed in are constants, but for names of values; these and histograms are copied. A report
 * is large: not for the stack. */
void report_init(struct report *report, const char *scenario);
void report_setting(struct report *report, const char *name, int64_t value);
void report_value(
	struct report *report, const char *name, double value, const char *unit, const char *aim);
void report_histogram(struct report *report, const char *name, const struct histogram *histogram);
void report_note(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);

/* To standard output. */
void report_print(const struct report *report, bool json);

#endif
