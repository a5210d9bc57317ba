/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how settings are read and checked; inih splits the lines. Does not know any setting. */
#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SPACES " \t\r\n\v\f" /* what inih takes for the continuation of the line before */

struct config_reader {
	const struct config_row *rows;
	const char *path;
	FILE *file;
	void *out;
	struct err *err;
	int line;
	bool failed;
};

static int parse_int(const struct config_row *row, const char *text, void *at, struct err *err)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return err_set(err, EINVAL, "%s is not a whole number", row->name);
	if (value < row->min || value > row->max)
		return err_set(err, ERANGE, "%s must be between %lld and %lld", row->name, row->min,
			row->max);
	*(int64_t *)at = value;
	return 0;
}

static int parse_bool(const struct config_row *row, const char *text, void *at, struct err *err)
{
	static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(bool *)at = i & 1;
			return 0;
		}
	}
	return err_set(err, EINVAL, "%s must be yes or no", row->name);
}

static int parse_text(const struct config_row *row, const char *text, void *at, struct err *err)
{
	size_t size = strlen(text) + 1;

	if (size > CONFIG_TEXT_MAX)
		return err_set(
			err, ERANGE, "%s is longer than %d bytes", row->name, CONFIG_TEXT_MAX - 1);
	memcpy(at, text, size);
	return 0;
}

static int parse_value(const struct config_row *row, const char *text, void *out, struct err *err)
{
	void *at = (char *)out + row->offset;

	switch (row->kind) {
	case CONFIG_INT:
		return parse_int(row, text, at, err);
	case CONFIG_BOOL:
		return parse_bool(row, text, at, err);
	case CONFIG_TEXT:
		return parse_text(row, text, at, err);
	case CONFIG_GONE:
		return err_set(err, EINVAL, "there is no %s any more: %s", row->name, row->help);
	}
	abort(); /* a row with a kind that does not exist is our bug */
}

int config_defaults(const struct config_row *rows, void *out, struct err *err)
{
	for (const struct config_row *row = rows; row->name; row++) {
		if (row->kind != CONFIG_GONE && parse_value(row, row->default_text, out, err) < 0)
			return -1;
	}
	return 0;
}

/* Keeps the first failure. */
static void reader_fail(struct config_reader *r, int code, const char *text)
{
	if (r->failed)
		return;
	r->failed = true;
	err_set(r->err, code, "%s line %d: %.150s", r->path, r->line, text);
}

/* inih's source of lines: counts them, and refuses what inih would silently split or join. */
static char *read_line(char *line, int size, void *ctx)
{
	struct config_reader *r = ctx;
	size_t length;

	if (r->failed || !fgets(line, size, r->file))
		return NULL;
	r->line++;
	length = strlen(line);
	if (length && line[length - 1] != '\n' && !feof(r->file))
		reader_fail(r, ERANGE, "the line is too long");
	else if (strspn(line, SPACES) > 0 && line[strspn(line, SPACES)])
		reader_fail(r, EINVAL, "a setting starts at the beginning of its line");
	return r->failed ? NULL : line;
}

static int take_value(void *ctx, const char *section, const char *name, const char *value)
{
	struct config_reader *r = ctx;
	struct err err;

	for (const struct config_row *row = r->rows; row->name; row++) {
		if (strcmp(row->section, section) != 0 || strcmp(row->name, name) != 0)
			continue;
		if (parse_value(row, value ? value : "", r->out, &err) == 0)
			return 1;
		reader_fail(r, err.code, err.text);
		return 0;
	}
	err_set(&err, EINVAL, "there is no setting %.60s in [%.60s]", name, section);
	reader_fail(r, err.code, err.text);
	return 0;
}

int config_load(const struct config_row *rows, const char *path, void *out, struct err *err)
{
	struct config_reader r = {.rows = rows, .path = path, .out = out, .err = err};
	int bad_line;

	r.file = fopen(path, "re");
	if (!r.file)
		return err_errno(err, "%s", path);
	bad_line = ini_parse_stream(read_line, &r, take_value, &r);
	if (!r.failed && ferror(r.file)) {
		r.failed = true;
		err_errno(err, "%s", path);
	}
	fclose(r.file);
	/* inih goes on behind a line that it can't read: the first error is the one to tell */
	if (bad_line && (!r.failed || bad_line < r.line))
		return err_set(err, EINVAL, "%s line %d: not a setting", path, bad_line);
	return r.failed ? -1 : 0;
}

/* Comment lines of at most this many columns: the reader, and people, want short ones. */
#define HELP_COLUMNS 100

static void write_help(const char *text, FILE *out)
{
	int column = fprintf(out, ";");

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		int size = (int)strcspn(text, " ");

		if (column + 1 + size > HELP_COLUMNS)
			column = fprintf(out, "\n;") - 1;
		column += fprintf(out, " %.*s", size, text);
		text += size;
	}
}

void config_write_template(const struct config_row *rows, FILE *out)
{
	const char *section = "";

	fputs("; A line is `name = value`. Lines that start with a semicolon are comments.\n", out);
	for (const struct config_row *row = rows; row->name; row++) {
		if (row->kind == CONFIG_GONE)
			continue;
		if (strcmp(section, row->section) != 0)
			fprintf(out, "\n[%s]\n", row->section);
		section = row->section;
		write_help(row->help, out);
		if (row->kind == CONFIG_INT)
			fprintf(out, " (%lld to %lld)", row->min, row->max);
		fprintf(out, "\n%s = %s\n", row->name, row->default_text);
	}
}
