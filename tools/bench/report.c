/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON from the same rows. */
#include "bench/report.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "bench/version.h"
#include "crypto/aes.h"

/* Columns of the longest bar of a drawn histogram. */
#define BAR_WIDTH 40

struct machine {
	char cpu[128], kernel[160];
	long cores;
};

static const struct {
	const char *name;
	double share;
} percentiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99_9", 0.999}, {"max", 1}};

void report_init(struct report *report, const char *scenario)
{
	memset(report, 0, sizeof(*report));
	report->scenario = scenario;
}

void report_setting(struct report *report, const char *name, int64_t value)
{
	assert(report->setting_count < REPORT_ROWS_MAX);
	report->settings[report->setting_count++] = (struct report_setting){name, value};
}

void report_value(
	struct report *report, const char *name, double value, const char *unit, const char *aim)
{
	struct report_value *row;

	assert(report->value_count < REPORT_ROWS_MAX);
	row = &report->values[report->value_count++];
	*row = (struct report_value){.unit = unit, .value = value, .aim = aim};
	snprintf(row->name, sizeof(row->name), "%s", name);
}

void report_histogram(struct report *report, const char *name, const struct histogram *histogram)
{
	assert(report->histogram_count < REPORT_HISTOGRAMS_MAX);
	report->histograms[report->histogram_count++] = (struct report_histogram){name, *histogram};
}

void report_note(struct report *report, const char *format, ...)
{
	size_t used = strlen(report->note);
	va_list args;

	if (used && used + 2 < sizeof(report->note)) {
		memcpy(report->note + used, "; ", 3);
		used += 2;
	}
	va_start(args, format);
	vsnprintf(report->note + used, sizeof(report->note) - used, format, args);
	va_end(args);
}

static void read_machine(struct machine *machine)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	struct utsname name;
	char line[256];

	snprintf(machine->cpu, sizeof(machine->cpu), "unknown processor");
	while (file && fgets(line, sizeof(line), file)) {
		char *value = strstr(line, ": ");

		if (strncmp(line, "model name", 10) != 0 || !value)
			continue;
		value[strcspn(value, "\n")] = 0;
		snprintf(machine->cpu, sizeof(machine->cpu), "%.127s", value + 2);
		break;
	}
	if (file)
		fclose(file);
	machine->cores = sysconf(_SC_NPROCESSORS_ONLN);
	uname(&name);
	snprintf(machine->kernel, sizeof(machine->kernel), "%s %s", name.sysname, name.release);
}

/* ---- Text ---- */

static void print_bars(const struct histogram *histogram)
{
	uint64_t most = 0;

	for (int64_t from = 1; from <= histogram->max_us; from *= 2) {
		uint64_t n = histogram_between(histogram, from, from * 2);

		most = n > most ? n : most;
	}
	for (int64_t from = 1; from <= histogram->max_us; from *= 2) {
		uint64_t n = histogram_between(histogram, from, from * 2);

		if (n == 0)
			continue;
		printf("      %10.3f ms  %9llu  ", (double)from / 1000, (unsigned long long)n);
		for (uint64_t i = 0; i < n * BAR_WIDTH / most; i++)
			putchar('#');
		putchar('\n');
	}
}

static void print_histogram(const struct report_histogram *row)
{
	printf("\n  %s (%llu measured)\n    ", row->name, (unsigned long long)row->histogram.count);
	for (size_t i = 0; i < ARRAY_LEN(percentiles); i++)
		printf("  %s %.3f ms", percentiles[i].name,
			(double)histogram_percentile_us(&row->histogram, percentiles[i].share) /
				1000);
	putchar('\n');
	print_bars(&row->histogram);
}

static void print_text(const struct report *report, const struct machine *machine, const char *date)
{
	printf("%s\n", report->scenario);
	printf("  date      %s\n  commit    %s\n", date, BENCH_COMMIT);
	printf("  machine   %s, %ld cores, %s, %s\n", machine->cpu, machine->cores, machine->kernel,
		aes_implementation());
	printf("  settings ");
	for (unsigned i = 0; i < report->setting_count; i++)
		printf(" %s=%lld", report->settings[i].name, (long long)report->settings[i].value);
	printf("\n\n");
	for (unsigned i = 0; i < report->value_count; i++) {
		const struct report_value *row = &report->values[i];

		printf("  %-44s %12.*f %-5s", row->name, row->value < 100 ? 2 : 0, row->value,
			row->unit);
		if (row->aim)
			printf("  (aim: %s)", row->aim);
		putchar('\n');
	}
	for (unsigned i = 0; i < report->histogram_count; i++)
		print_histogram(&report->histograms[i]);
	if (report->note[0])
		printf("\n  note: %s\n", report->note);
	putchar('\n');
}

/* ---- JSON ---- */

/* Names are ours and /proc's: nothing beyond quotes and control characters to escape. */
static void put_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", (unsigned)*text);
		else
			putchar(*text);
	}
	putchar('"');
}

static void put_field(const char *name, const char *text)
{
	put_string(name);
	putchar(':');
	put_string(text);
}

static void put_values(const struct report *report)
{
	printf(",\"settings\":{");
	for (unsigned i = 0; i < report->setting_count; i++) {
		printf("%s", i ? "," : "");
		put_string(report->settings[i].name);
		printf(":%lld", (long long)report->settings[i].value);
	}
	printf("},\"values\":[");
	for (unsigned i = 0; i < report->value_count; i++) {
		const struct report_value *row = &report->values[i];

		printf("%s{", i ? "," : "");
		put_field("name", row->name);
		printf(",\"value\":%.6g,", row->value);
		put_field("unit", row->unit);
		if (row->aim) {
			putchar(',');
			put_field("aim", row->aim);
		}
		putchar('}');
	}
	putchar(']');
}

static void put_histograms(const struct report *report)
{
	printf(",\"latencies_us\":[");
	for (unsigned i = 0; i < report->histogram_count; i++) {
		const struct report_histogram *row = &report->histograms[i];

		printf("%s{", i ? "," : "");
		put_field("name", row->name);
		printf(",\"count\":%llu", (unsigned long long)row->histogram.count);
		for (size_t p = 0; p < ARRAY_LEN(percentiles); p++)
			printf(",\"%s\":%lld", percentiles[p].name,
				(long long)histogram_percentile_us(
					&row->histogram, percentiles[p].share));
		putchar('}');
	}
	putchar(']');
}

static void print_json(const struct report *report, const struct machine *machine, const char *date)
{
	putchar('{');
	put_field("scenario", report->scenario);
	putchar(',');
	put_field("date", date);
	putchar(',');
	put_field("commit", BENCH_COMMIT);
	printf(",\"machine\":{");
	put_field("cpu", machine->cpu);
	printf(",\"cores\":%ld,", machine->cores);
	put_field("kernel", machine->kernel);
	putchar(',');
	put_field("aes", aes_implementation());
	putchar('}');
	put_values(report);
	put_histograms(report);
	putchar(',');
	put_field("note", report->note);
	printf("}\n");
}

void report_print(const struct report *report, bool json)
{
	struct machine machine;
	struct arena arena;
	const char *date;

	arena_init(&arena);
	date = text_rfc3339(&arena, clock_unix_s(&clock_system));
	read_machine(&machine);
	if (json)
		print_json(report, &machine, date);
	else
		print_text(report, &machine, date);
	fflush(stdout);
	arena_release(&arena);
}
