/* SPDX-License-Identifier: Apache-2.0 */
/* A yearly report as JSON, as CSV (a line per figure) and as a page. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "desk/figures/pages.h"
#include "desk/figures/yearly.h"

static const char *const formats[YEARLY_FORMATS] = {
	[YEARLY_JSON] = "json", [YEARLY_CSV] = "csv", [YEARLY_HTML] = "html"};

enum yearly_format yearly_format_by_name(const char *name)
{
	int format = 0;

	while (format < YEARLY_FORMATS && strcmp(name, formats[format]) != 0)
		format++;
	return (enum yearly_format)format;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* What is not known is empty. */
static void put_value(
	struct buf *out, const json_t *value, void (*put_text)(struct buf *, const char *))
{
	if (json_is_string(value))
		put_text(out, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		buf_printf(out, "%.2f", json_real_value(value));
	else if (json_is_boolean(value))
		buf_append_str(out, json_is_true(value) ? "yes" : "no");
}

/* RFC 4180. */
static void put_quoted(struct buf *out, const char *text)
{
	buf_append_str(out, "\"");
	for (; *text; text++) {
		if (*text == '"')
			buf_append_str(out, "\"");
		buf_append(out, text, 1);
	}
	buf_append_str(out, "\"");
}

static void put_csv_table(struct buf *out, const json_t *table)
{
	const json_t *columns = json_object_get(table, "columns");
	json_t *row, *value;
	size_t at, line;

	json_array_foreach(json_object_get(table, "rows"), line, row)
	{
		json_array_foreach(row, at, value)
		{
			buf_printf(out, "%s,", text_of(table, "id"));
			put_quoted(out, text_of(table, "article"));
			buf_printf(out, ",%zu,%s,", line + 1,
				json_string_value(json_array_get(columns, at)));
			put_value(out, value, put_quoted);
			buf_append_str(out, "\r\n");
		}
	}
}

static void put_html_table(struct buf *out, const json_t *table)
{
	json_t *row, *value;
	size_t at, line;

	buf_printf(out, "<h2 id=\"%s\">%s</h2>\n<p>Article %s</p>\n", text_of(table, "id"),
		text_of(table, "title"), text_of(table, "article"));
	if (*text_of(table, "note"))
		buf_printf(out, "<p>%s</p>\n", text_of(table, "note"));
	if (json_array_size(json_object_get(table, "rows")) == 0)
		return;
	buf_append_str(out, "<table><thead><tr>");
	json_array_foreach(json_object_get(table, "columns"), at, value)
		buf_printf(out, "<th>%s", json_string_value(value));
	buf_append_str(out, "</thead>\n");
	json_array_foreach(json_object_get(table, "rows"), line, row)
	{
		buf_append_str(out, "<tr>");
		json_array_foreach(row, at, value)
		{
			buf_append_str(out, "<td>");
			put_value(out, value, page_escape);
		}
		buf_append_str(out, "\n");
	}
	buf_append_str(out, "</table>\n");
}

static void put_page(struct buf *out, const json_t *report)
{
	json_t *table;
	size_t at;

	buf_printf(out,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>Report for %lld</title>\n<link rel=\"stylesheet\" "
		"href=\"/square/style.css\">\n</head>\n<body>\n<h1>Report for %lld</h1>\n"
		"<p>%s. From %s to %s.</p>\n",
		(long long)json_integer_value(json_object_get(report, "year")),
		(long long)json_integer_value(json_object_get(report, "year")),
		text_of(report, "law"), text_of(report, "from"), text_of(report, "to"));
	json_array_foreach(json_object_get(report, "tables"), at, table) put_html_table(out, table);
	buf_append_str(out, "</body>\n</html>\n");
}

static void put_csv(struct buf *out, const json_t *report)
{
	json_t *table;
	size_t at;

	buf_append_str(out, "table,article,line,column,value\r\n");
	json_array_foreach(json_object_get(report, "tables"), at, table) put_csv_table(out, table);
}

char *yearly_text(struct db *db, const struct sop *sop, enum yearly_kind kind, int year,
	enum yearly_format format)
{
	json_t *report = yearly_report(db, sop, kind, year);
	char *text = NULL;
	struct buf out;

	buf_init(&out, 0);
	if (format == YEARLY_JSON)
		text = json_dumps(report, JSON_INDENT(1) | JSON_REAL_PRECISION(4));
	else if (format == YEARLY_CSV)
		put_csv(&out, report);
	else
		put_page(&out, report);
	if (!text)
		text = mem_strndup(buf_data(&out), buf_size(&out));
	buf_release(&out);
	json_decref(report);
	return text;
}
