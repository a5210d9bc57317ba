/* SPDX-License-Identifier: Apache-2.0 */
/* The public figures as JSON and CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "desk/figures/figures.h"
#include "desk/lanes/form.h"
#include "desk/people/shifts.h"

/* ---- Staff ---- */

#define LANGUAGES_MAX 64

json_t *figures_staff(struct db *db)
{
	struct {
		struct bytes language;
		int64_t people;
	} found[LANGUAGES_MAX];
	struct query q = desk_metrics_staff(db);
	json_t *list = json_array();
	struct arena arena;
	int count = 0;

	arena_init(&arena);
	while (query_next(&q)) {
		struct bytes languages = query_bytes(&q, &arena, 0), language;

		while ((language = list_next(&languages)).data) {
			int i = 0;

			while (i < count && !bytes_equal(found[i].language, language))
				i++;
			if (i == LANGUAGES_MAX)
				continue;
			if (i == count) {
				found[count].language = language;
				found[count++].people = 0;
			}
			found[i].people++;
		}
	}
	query_end(&q);
	for (int i = 0; i < count; i++)
		json_array_append_new(list,
			json_pack("{s:o, s:o}", "language", json_bytes(found[i].language), "people",
				found[i].people < FIGURES_STAFF_MIN
					? json_null()
					: json_integer(found[i].people)));
	arena_release(&arena);
	return list;
}

/* ---- JSON ---- */

static const char *span_name(const struct desk_metrics_query *query)
{
	return query->span == 10 ? "day" : query->span == 7 ? "month" : "year";
}

static json_t *or_null(int64_t value)
{
	return value < 0 ? json_null() : json_integer(value);
}

static void put_key(const struct figures *f, const struct figures_row *r, json_t *out)
{
	if (f->query.span)
		json_object_set_new(out, span_name(&f->query), json_bytes(r->span));
	if (f->query.by_lane)
		json_object_set_new(out, "lane", json_bytes(r->lane));
	if (f->query.by_category)
		json_object_set_new(out, "category", json_bytes(r->category));
	if (f->query.by_country)
		json_object_set_new(out, "country", json_bytes(r->country));
	if (f->query.by_language)
		json_object_set_new(out, "language", json_bytes(r->language));
	if (f->query.by_door)
		json_object_set_new(out, "door", json_bytes(r->door));
}

static json_t *row_json(const struct figures *f, const struct figures_row *r)
{
	double error = figures_error_percent(r);
	json_t *out = json_object();

	put_key(f, r, out);
	for (int i = 0; i < METRIC_COUNT; i++)
		json_object_set_new(out, metric_names[i], json_integer(r->counts[i]));
	for (int i = 0; i < METRIC_TIME_COUNT; i++)
		json_object_set_new(out, metric_time_names[i],
			json_pack("{s:I, s:o, s:o}", "count", (json_int_t)r->times[i].count,
				"median_s", or_null(r->times[i].median_s), "p90_s",
				or_null(r->times[i].p90_s)));
	json_object_set_new(out, "error_percent", error < 0 ? json_null() : json_real(error));
	return out;
}

static json_t *refusals_json(struct figures *f, struct db *db)
{
	struct query q = desk_metrics_refusals(db, &f->query);
	json_t *list = json_array();

	while (query_next(&q)) {
		json_t *out = json_object();

		if (f->query.span)
			json_object_set_new(out, span_name(&f->query),
				json_bytes(query_bytes(&q, &f->arena, 0)));
		if (f->query.by_lane)
			json_object_set_new(out, "lane", json_bytes(query_bytes(&q, &f->arena, 1)));
		json_object_set_new(out, "reason", json_bytes(query_bytes(&q, &f->arena, 2)));
		json_object_set_new(out, "count", json_integer(query_int(&q, 3)));
		json_array_append_new(list, out);
	}
	query_end(&q);
	return list;
}

char *figures_json(struct figures *f, struct db *db)
{
	json_t *rows = json_array(), *all;
	char *text;

	for (size_t i = 0; i < f->row_count; i++)
		json_array_append_new(rows, row_json(f, &f->rows[i]));
	all = json_pack("{s:s, s:s, s:b, s:o, s:o, s:o}", "from", f->query.from, "to", f->query.to,
		"complete", !f->cut, "rows", rows, "refusals", refusals_json(f, db), "staff",
		figures_staff(db));
	text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(4));
	json_decref(all);
	return text;
}

/* ---- CSV ---- */

/* Names of the SOP and of lists: no quotes and commas in them, but a line that began with '='
 * would be a formula to a spreadsheet. */
static void put_word(struct buf *out, struct bytes word)
{
	for (size_t i = 0; i < word.size; i++) {
		uint8_t c = word.data[i];

		buf_append_u8(out, c == ',' || c == '"' || c < ' ' || c == '=' ? '_' : c);
	}
	buf_append_str(out, ",");
}

static void put_time(struct buf *out, const struct figures_time *time)
{
	if (time->count)
		buf_printf(out, ",%lld,%lld,%lld", (long long)time->count,
			(long long)time->median_s, (long long)time->p90_s);
	else
		buf_append_str(out, ",0,,");
}

static void put_row(struct buf *out, const struct figures_row *r)
{
	double error = figures_error_percent(r);

	put_word(out, r->span);
	put_word(out, r->lane);
	put_word(out, r->category);
	put_word(out, r->country);
	put_word(out, r->language);
	put_word(out, r->door);
	buf_append_str(out, ",0");
	for (int i = 0; i < METRIC_COUNT; i++)
		buf_printf(out, ",%lld", (long long)r->counts[i]);
	for (int i = 0; i < METRIC_TIME_COUNT; i++)
		put_time(out, &r->times[i]);
	if (error < 0)
		buf_append_str(out, ",\r\n");
	else
		buf_printf(out, ",%.2f\r\n", error);
}

char *figures_csv(struct figures *f, struct db *db)
{
	struct query q = desk_metrics_refusals(db, &f->query);
	struct buf out;
	char *text;

	buf_init(&out, 0);
	buf_append_str(&out, "span,lane,category,country,language,door,refusal_reason,refused");
	for (int i = 0; i < METRIC_COUNT; i++)
		buf_printf(&out, ",%s", metric_names[i]);
	for (int i = 0; i < METRIC_TIME_COUNT; i++)
		buf_printf(&out, ",%s_count,%s_median_s,%s_p90_s", metric_time_names[i],
			metric_time_names[i], metric_time_names[i]);
	buf_append_str(&out, ",error_percent\r\n");
	for (size_t i = 0; i < f->row_count; i++)
		put_row(&out, &f->rows[i]);
	while (query_next(&q)) {
		put_word(&out, query_bytes(&q, &f->arena, 0));
		put_word(&out, query_bytes(&q, &f->arena, 1));
		buf_append_str(&out, ",,,,");
		put_word(&out, query_bytes(&q, &f->arena, 2));
		buf_printf(&out, "%lld", (long long)query_int(&q, 3));
		for (int i = 0; i < METRIC_COUNT + 3 * METRIC_TIME_COUNT + 1; i++)
			buf_append_str(&out, ",");
		buf_append_str(&out, "\r\n");
	}
	query_end(&q);
	text = mem_strndup(buf_data(&out), buf_size(&out));
	buf_release(&out);
	return text;
}
