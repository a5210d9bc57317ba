/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object per line on standard error:
 * {"t":"…","level":"info","event":"conn_open","text":"…"}. Thread-safe, one write per line. The
 * rule that nobody may break: no message text, no name, no phone number, no code, no key, no token
 * in a log line, at any level. Identifiers of accounts are allowed.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* "debug", "info", "warn", "error"; false and nothing changed for any other word. */
bool log_set_level_by_name(const char *name);
/* event: a fixed snake_case word that can be counted; the formatted text says the details. */
void log_write(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);

#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)

#endif
