/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of a log line. Does not own where standard error goes, nor what may be said
 * (log.h). */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define LOG_TEXT_MAX 1024		      /* longer texts are cut */
#define LOG_LINE_MAX (6 * LOG_TEXT_MAX + 256) /* a control character takes six bytes */

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static atomic_int least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
	atomic_store_explicit(&least_level, (int)least, memory_order_relaxed);
}

bool log_set_level_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (strcmp(name, level_names[i]) != 0)
			continue;
		log_set_level((enum log_level)i);
		return true;
	}
	return false;
}

static size_t put_escaped(char *out, const char *text)
{
	bool utf8 =
		text_is_utf8(bytes_from_str(text)); /* a cut or foreign text must still be JSON */
	char *at = out;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			at += snprintf(at, 7, "\\u%04x", c);
		} else {
			*at++ = c >= 0x80 && !utf8 ? '?' : (char)c;
		}
	}
	return (size_t)(at - out);
}

static size_t put_head(char *out, size_t size, enum log_level level, const char *event)
{
	struct timespec now = {0};
	struct tm tm = {0};
	int used;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	used = snprintf(out, size,
		"{\"t\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\",\"level\":\"%s\",\"event\":\"%."
		"64s\",\"text\":"
		"\"",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		now.tv_nsec / 1000000, level_names[level], event);
	return used < 0 ? 0 : (size_t)used;
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
	char text[LOG_TEXT_MAX], line[LOG_LINE_MAX];
	size_t used;
	va_list args;

	if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
		return;
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	used = put_head(line, 256, level, event);
	used += put_escaped(line + used, text);
	memcpy(line + used, "\"}\n", 3);
	/* Nobody can be told when standard error is gone; going on is right. */
	if (write(STDERR_FILENO, line, used + 3) < 0)
		return;
}
