/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/figures/figures.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/people/shifts.h"
#include "net/http.h"

#define DAY_S 86400

/* ---- What is asked for ---- */

static void day_of(int64_t unix_s, char out[11])
{
	struct arena arena;

	arena_init(&arena);
	snprintf(out, 11, "%.10s", text_rfc3339(&arena, unix_s));
	arena_release(&arena);
}

/* Days since 1970, or -1 when it is no day. */
static int64_t day_number(struct bytes text)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	char back[11];
	int64_t days;
	int y, m, d;

	if (text.size != 10 || sscanf((const char *)text.data, "%4d-%2d-%2d", &y, &m, &d) != 3 ||
		y < 1970 || m < 1 || m > 12 || d < 1)
		return -1;
	days = (y - 1970) * 365 + (y - 1969) / 4 - (y - 1901) / 100 + (y - 1601) / 400 +
	       before[m - 1] + d - 1;
	if (m > 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0))
		days++;
	day_of(days * DAY_S, back); /* no 30th of February */
	return memcmp(back, text.data, 10) == 0 ? days : -1;
}

static int read_day(struct arena *arena, struct bytes text, const char *name, int64_t fallback_s,
	char out[11], struct err *err)
{
	struct bytes value = http_form_value(arena, text, name);
	char *copy = value.data ? arena_str(arena, value) : NULL;

	day_of(fallback_s, out);
	if (!copy)
		return 0;
	if (day_number(bytes_from_str(copy)) < 0)
		return err_set(err, 0, "%s is a day such as 2026-11-22", name);
	snprintf(out, 11, "%s", copy);
	return 0;
}

static int read_by(struct bytes list, struct desk_metrics_query *out, struct err *err)
{
	struct bytes word;

	while ((word = list_next(&list)).data) {
		if (bytes_equal_str(word, "day"))
			out->span = 10;
		else if (bytes_equal_str(word, "month"))
			out->span = 7;
		else if (bytes_equal_str(word, "year"))
			out->span = 4;
		else if (bytes_equal_str(word, "lane"))
			out->by_lane = true;
		else if (bytes_equal_str(word, "category"))
			out->by_category = true;
		else if (bytes_equal_str(word, "country"))
			out->by_country = true;
		else if (bytes_equal_str(word, "language"))
			out->by_language = true;
		else if (bytes_equal_str(word, "door"))
			out->by_door = true;
		else
			return err_set(err, 0,
				"by is a list of day, month or year, lane, category, country, "
				"language, door");
	}
	return 0;
}

int figures_query(struct arena *arena, struct bytes text, int64_t now_s,
	struct desk_metrics_query *out, struct err *err)
{
	struct bytes by = http_form_value(arena, text, "by");
	int64_t from, to;

	*out = (struct desk_metrics_query){.span = by.data ? 0 : 10,
		.lane = http_form_value(arena, text, "lane"),
		.category = http_form_value(arena, text, "category"),
		.country = http_form_value(arena, text, "country"),
		.language = http_form_value(arena, text, "language"),
		.door = http_form_value(arena, text, "door")};
	if (read_day(arena, text, "to", now_s, out->to, err) < 0)
		return -1;
	to = day_number(bytes_of(out->to, 10));
	if (read_day(arena, text, "from", (to - FIGURES_DAYS + 1) * DAY_S, out->from, err) < 0)
		return -1;
	from = day_number(bytes_of(out->from, 10));
	if (from > to || to - from >= FIGURES_DAYS_MAX)
		return err_set(err, 0, "from is before to, by ten years at most");
	if (out->lane.size > 40 || out->category.size > 40 || out->country.size > 40 ||
		out->language.size > 40 || out->door.size > 40)
		return err_set(err, 0, "there is nothing of so long a name");
	return read_by(by, out, err);
}

/* ---- Adding up ---- */

static struct figures_row *row_for(struct figures *f, const struct figures_row *key)
{
	struct figures_row *last = f->row_count ? &f->rows[f->row_count - 1] : NULL;

	if (last && bytes_equal(last->span, key->span) && bytes_equal(last->lane, key->lane) &&
		bytes_equal(last->category, key->category) &&
		bytes_equal(last->country, key->country) &&
		bytes_equal(last->language, key->language) && bytes_equal(last->door, key->door))
		return last;
	if (f->row_count == FIGURES_ROWS_MAX) {
		f->cut = true;
		return NULL;
	}
	if (f->row_count == f->row_capacity) {
		size_t more = f->row_capacity ? f->row_capacity * 2 : 16;
		struct figures_row *rows = arena_array(&f->arena, more, sizeof(*rows));

		if (f->row_count)
			memcpy(rows, f->rows, f->row_count * sizeof(*rows));
		f->rows = rows;
		f->row_capacity = more;
	}
	last = &f->rows[f->row_count++];
	*last = *key;
	for (int i = 0; i < METRIC_TIME_COUNT; i++)
		last->times[i] = (struct figures_time){0, -1, -1};
	return last;
}

/* Seconds with how often they came, sorted, of one kind of time. */
struct spread {
	struct buf pairs; /* int64_t seconds, count */
	int64_t total;
};

static int64_t spread_percentile(const struct spread *s, int percent)
{
	int64_t rank = (s->total * percent + 99) / 100, passed = 0;
	const int64_t *pairs = (const int64_t *)(const void *)buf_data(&s->pairs);

	for (size_t i = 0; i < buf_size(&s->pairs) / sizeof(int64_t); i += 2) {
		passed += pairs[i + 1];
		if (passed >= rank)
			return pairs[i];
	}
	return -1;
}

static void spread_end(struct spread *s, struct figures_row *row, int time)
{
	if (row && s->total > 0)
		row->times[time] = (struct figures_time){
			s->total, spread_percentile(s, 50), spread_percentile(s, 90)};
	buf_clear(&s->pairs);
	s->total = 0;
}

static int find_name(const char *const *names, int count, struct bytes what)
{
	for (int i = 0; i < count; i++)
		if (bytes_equal_str(what, names[i]))
			return i;
	return -1;
}

static void add_up(struct figures *f, struct query *q, struct spread *spread)
{
	struct figures_row *row = NULL;
	int time = -1;

	while (query_next(q)) {
		const struct figures_row key = {.span = query_bytes(q, &f->arena, 0),
			.lane = query_bytes(q, &f->arena, 1),
			.category = query_bytes(q, &f->arena, 2),
			.country = query_bytes(q, &f->arena, 3),
			.language = query_bytes(q, &f->arena, 4),
			.door = query_bytes(q, &f->arena, 5)};
		struct bytes what = query_bytes(q, &f->arena, 6);
		struct figures_row *its = row_for(f, &key);
		int metric = find_name(metric_names, METRIC_COUNT, what);
		int its_time = find_name(metric_time_names, METRIC_TIME_COUNT, what);
		int64_t pair[] = {query_int(q, 7), query_int(q, 8)};

		if (its != row || its_time != time)
			spread_end(spread, row, time);
		row = its;
		time = its_time;
		if (row && metric >= 0)
			row->counts[metric] += pair[1];
		if (row && time >= 0) {
			buf_append(&spread->pairs, pair, sizeof(pair));
			spread->total += pair[1];
		}
	}
	spread_end(spread, row, time);
}

void figures_read(struct figures *f, struct db *db, const struct desk_metrics_query *query)
{
	struct spread spread = {.total = 0};
	struct query q = desk_metrics_list(db, query);

	memset(f, 0, sizeof(*f));
	f->query = *query;
	arena_init(&f->arena);
	buf_init(&spread.pairs, 0);
	add_up(f, &q, &spread);
	query_end(&q);
	buf_release(&spread.pairs);
}

void figures_release(struct figures *f)
{
	arena_release(&f->arena);
}

int64_t figures_measures(const struct figures_row *row)
{
	return row->counts[METRIC_REMOVED] + row->counts[METRIC_RESTRICTED] +
	       row->counts[METRIC_LABELLED] + row->counts[METRIC_FROZEN];
}

double figures_error_percent(const struct figures_row *row)
{
	int64_t taken =
		figures_measures(row) + row->counts[METRIC_WARNED] + row->counts[METRIC_DISMISSED];

	return taken ? (double)(row->counts[METRIC_REVERSED] * 10000 / taken) / 100 : -1;
}
