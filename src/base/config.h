/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings as table rows over one INI file: a setting is one row (section, name, kind, place in the
 * caller's struct, default, bounds, help). Unknown names and values out of bounds are errors with
 * the line's number. Rows end with a row whose name is NULL.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

enum config_kind {
	CONFIG_INT,  /* int64_t */
	CONFIG_BOOL, /* bool; yes/no, true/false, 1/0 */
	CONFIG_TEXT, /* char[CONFIG_TEXT_MAX] */
	CONFIG_GONE, /* nowhere: an error; the help says what to write instead */
};

#define CONFIG_TEXT_MAX 256

struct config_row {
	const char *section, *name;
	enum config_kind kind;
	size_t offset;		  /* offsetof in the caller's struct */
	const char *default_text; /* parsed as if it stood in the file */
	long long min, max;	  /* CONFIG_INT only */
	const char *help;	  /* one sentence, with the unit and the reason for the bounds */
};

MUST_CHECK int config_defaults(const struct config_row *rows, void *out, struct err *err);
/* Values of the file over what *out holds. */
MUST_CHECK int config_load(
	const struct config_row *rows, const char *path, void *out, struct err *err);
/* A commented file with every row at its default. */
void config_write_template(const struct config_row *rows, FILE *out);

#endif
