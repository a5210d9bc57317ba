/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the text of operating errors. Long texts are cut: they are for operators, not for programs.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	err->code = code;
	va_start(args, format);
	if (vsnprintf(err->text, sizeof(err->text), format, args) < 0)
		err->text[0] = '\0';
	va_end(args);
	return -1;
}

int err_errno(struct err *err, const char *format, ...)
{
	int code = errno; /* before anything here changes it */
	char reason[64];
	size_t used;
	va_list args;

	if (!err)
		return -1;
	err->code = code;
	va_start(args, format);
	if (vsnprintf(err->text, sizeof(err->text), format, args) < 0)
		err->text[0] = '\0';
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s",
		strerror_r(code, reason, sizeof(reason)));
	errno = code;
	return -1;
}
