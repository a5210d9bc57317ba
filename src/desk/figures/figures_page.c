/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Every figure here is also in metrics.json, by the query that stands beside it. */
#include "desk/figures/figures_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "desk/figures/figures.h"
#include "desk/figures/pages.h"

#define MONTHS 12
#define DAY_S 86400
#define CHART_WIDTH 720
#define CHART_HEIGHT 140
#define CHART_FLOOR 120 /* y of the axis */

enum { ENGLISH, INDONESIAN, LANGUAGES };

static const char *const codes[LANGUAGES] = {"en", "id"};

enum word {
	TITLE,
	LEAD,
	MONTHS_HEAD,
	DAYS_HEAD,
	MONTH,
	CATEGORY,
	LANE,
	COUNTRY,
	LANGUAGE,
	DOOR,
	NOTICES,
	MEASURES,
	DISMISSED,
	ERRORS,
	APPEALS,
	IN_TIME,
	LATE,
	ACKNOWLEDGED,
	DECIDED,
	ACTED,
	REFUSALS,
	REASON,
	COUNT,
	STAFF,
	PEOPLE,
	FEW,
	NONE,
	UNKNOWN,
	OTHER,
	WORDS
};

static const char *const words[WORDS][LANGUAGES] = {
	[TITLE] = {"Moderation in figures", "Moderasi dalam angka"},
	[LEAD] = {"Notices about public channels, groups and posts, what was decided, and how long "
		  "it took. Times run from the notice; median and 90th percentile. Counted from "
		  "the "
		  "same record as the ledger.",
		"Pemberitahuan tentang kanal, grup, dan kiriman publik, keputusannya, dan lamanya. "
		"Waktu dihitung sejak pemberitahuan; median dan persentil ke-90. Dihitung dari "
		"catatan yang sama dengan buku besar."},
	[MONTHS_HEAD] = {"By month", "Per bulan"},
	[DAYS_HEAD] = {"The last 30 days", "30 hari terakhir"},
	[MONTH] = {"Month", "Bulan"},
	[CATEGORY] = {"Category", "Kategori"},
	[LANE] = {"From", "Dari"},
	[COUNTRY] = {"Country of the authority", "Negara lembaga"},
	[LANGUAGE] = {"Language", "Bahasa"},
	[DOOR] = {"By what way", "Melalui"},
	[NOTICES] = {"Notices", "Pemberitahuan"},
	[MEASURES] = {"Measures", "Tindakan"},
	[DISMISSED] = {"Dismissed", "Ditolak"},
	[ERRORS] = {"Reversed, %", "Dibatalkan, %"},
	[APPEALS] = {"Appeals", "Banding"},
	[IN_TIME] = {"In time", "Tepat waktu"},
	[LATE] = {"Late", "Terlambat"},
	[ACKNOWLEDGED] = {"Taken up", "Mulai ditangani"},
	[DECIDED] = {"Decided", "Diputuskan"},
	[ACTED] = {"Carried out", "Dilaksanakan"},
	[REFUSALS] = {"Notices refused", "Pemberitahuan yang tidak diterima"},
	[REASON] = {"Why", "Alasan"},
	[COUNT] = {"Number", "Jumlah"},
	[STAFF] = {"Who decides, by language", "Yang memutuskan, per bahasa"},
	[PEOPLE] = {"People", "Orang"},
	[FEW] = {"fewer than 3", "kurang dari 3"},
	[NONE] = {"Nothing yet.", "Belum ada."},
	[UNKNOWN] = {"not known", "tidak diketahui"},
	[OTHER] = {"Bahasa Indonesia", "English"},
};

struct page {
	struct buf out;
	struct db *db;
	const struct sop *sop;
	int language;
	int64_t now_s;
};

const char *figures_page_language(struct bytes name)
{
	for (int i = 0; i < LANGUAGES; i++)
		if (bytes_equal_str(name, codes[i]))
			return codes[i];
	return NULL;
}

static const char *word(const struct page *p, enum word w)
{
	return words[w][p->language];
}

static void day_text(int64_t unix_s, int size, char out[11])
{
	struct arena arena;

	arena_init(&arena);
	snprintf(out, 11, "%.*s", size, text_rfc3339(&arena, unix_s));
	arena_release(&arena);
}

/* The figures since `from_s`, by one thing. */
static void read_by(
	struct page *p, int64_t from_s, struct desk_metrics_query query, struct figures *f)
{
	day_text(from_s, 10, query.from);
	day_text(p->now_s, 10, query.to);
	figures_read(f, p->db, &query);
}

/* ---- Parts ---- */

static void put_name(struct page *p, enum word about, struct bytes name)
{
	struct arena arena;
	const struct sop_category *category;

	arena_init(&arena);
	category = about == CATEGORY ? sop_category(p->sop, arena_str(&arena, name)) : NULL;
	page_escape(&p->out, name.size == 0 ? word(p, UNKNOWN)
			     : category	    ? sop_title(category, codes[p->language])
					    : arena_str(&arena, name));
	arena_release(&arena);
}

static void put_times(struct page *p, const struct figures_time *time)
{
	buf_append_str(&p->out, "<td>");
	page_duration(&p->out, time->median_s);
	buf_append_str(&p->out, " / ");
	page_duration(&p->out, time->p90_s);
}

static void put_cells(struct page *p, const struct figures_row *r)
{
	double error = figures_error_percent(r);

	buf_printf(&p->out, "<td>%lld<td>%lld<td>%lld<td>%lld<td>",
		(long long)r->counts[METRIC_NOTICES],
		(long long)(figures_measures(r) + r->counts[METRIC_WARNED]),
		(long long)r->counts[METRIC_DISMISSED],
		(long long)(r->counts[METRIC_APPEALS_OWNER] + r->counts[METRIC_APPEALS_REPORTER]));
	if (error >= 0)
		buf_printf(&p->out, "%.1f", error);
	buf_printf(&p->out, "<td>%lld<td>%lld", (long long)r->counts[METRIC_IN_TIME],
		(long long)r->counts[METRIC_LATE]);
	put_times(p, &r->times[METRIC_TIME_ACKNOWLEDGE]);
	put_times(p, &r->times[METRIC_TIME_DECIDE]);
	put_times(p, &r->times[METRIC_TIME_ACT]);
	buf_append_str(&p->out, "\n");
}

static void put_table(struct page *p, enum word about, const struct figures *f)
{
	static const enum word heads[] = {NOTICES, MEASURES, DISMISSED, APPEALS, ERRORS, IN_TIME,
		LATE, ACKNOWLEDGED, DECIDED, ACTED};

	if (f->row_count == 0) {
		buf_printf(&p->out, "<p>%s</p>\n", word(p, NONE));
		return;
	}
	buf_printf(&p->out, "<table><thead><tr><th>%s", word(p, about));
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		buf_printf(&p->out, "<th>%s", word(p, heads[i]));
	buf_append_str(&p->out, "</thead>\n");
	for (size_t i = 0; i < f->row_count; i++) {
		const struct figures_row *r = &f->rows[i];

		if (about == DOOR && !r->counts[METRIC_NOTICES])
			continue; /* what is decided comes by none */
		buf_append_str(&p->out, "<tr><td>");
		put_name(p, about,
			about == MONTH	    ? r->span
			: about == CATEGORY ? r->category
			: about == LANE	    ? r->lane
			: about == COUNTRY  ? r->country
			: about == DOOR	    ? r->door
					    : r->language);
		put_cells(p, r);
	}
	buf_append_str(&p->out, "</table>\n");
}

static int64_t measures_of(const struct figures_row *r)
{
	return figures_measures(r) + r->counts[METRIC_WARNED];
}

/* Two bars a month: notices and measures. */
static void put_chart(struct page *p, const struct figures *f)
{
	const int step = CHART_WIDTH / MONTHS;
	int64_t highest = 1;

	for (size_t i = 0; i < f->row_count; i++) {
		int64_t notices = f->rows[i].counts[METRIC_NOTICES];

		highest = notices > highest ? notices : highest;
		highest = measures_of(&f->rows[i]) > highest ? measures_of(&f->rows[i]) : highest;
	}
	buf_printf(&p->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
		CHART_WIDTH, CHART_HEIGHT, word(p, MONTHS_HEAD));
	for (size_t i = 0; i < f->row_count && i < MONTHS; i++) {
		const struct figures_row *r = &f->rows[i];
		int notices = (int)(r->counts[METRIC_NOTICES] * (CHART_FLOOR - 10) / highest);
		int measures = (int)(measures_of(r) * (CHART_FLOOR - 10) / highest),
		    x = (int)i * step;

		buf_printf(&p->out,
			"<rect class=\"n\" x=\"%d\" y=\"%d\" width=\"20\" height=\"%d\"/>"
			"<rect class=\"o\" x=\"%d\" y=\"%d\" width=\"20\" height=\"%d\"/>"
			"<text x=\"%d\" y=\"%d\">%.*s</text>",
			x + 2, CHART_FLOOR - notices, notices, x + 24, CHART_FLOOR - measures,
			measures, x + 2, CHART_HEIGHT - 4, (int)r->span.size,
			(const char *)r->span.data);
	}
	buf_printf(&p->out,
		"<text x=\"0\" y=\"10\">%lld</text></svg>\n<p class=\"key\"><span "
		"class=\"n\"></span>%s<span class=\"o\"></span>%s</p>\n",
		(long long)highest, word(p, NOTICES), word(p, MEASURES));
}

static void put_months(struct page *p)
{
	struct figures f;
	char month[11], first[11];
	int64_t from = p->now_s;

	/* The first day of the month, eleven months back. */
	for (int i = 0; i < MONTHS; i++) {
		day_text(from, 7, month);
		do {
			from -= DAY_S;
			day_text(from, 7, first);
		} while (strcmp(first, month) == 0);
	}
	read_by(p, from + DAY_S, (struct desk_metrics_query){.span = 7}, &f);
	buf_printf(&p->out, "<h2>%s</h2>\n", word(p, MONTHS_HEAD));
	put_chart(p, &f);
	put_table(p, MONTH, &f);
	figures_release(&f);
}

static void put_by(struct page *p, enum word about, struct desk_metrics_query query)
{
	struct figures f;

	read_by(p, p->now_s - (FIGURES_DAYS - 1) * DAY_S, query, &f);
	put_table(p, about, &f);
	figures_release(&f);
}

static void put_refusals(struct page *p)
{
	struct desk_metrics_query query = {.span = 0};
	struct arena arena;
	struct query q;

	arena_init(&arena);
	day_text(p->now_s - (FIGURES_DAYS - 1) * DAY_S, 10, query.from);
	day_text(p->now_s, 10, query.to);
	buf_printf(&p->out, "<h2>%s</h2>\n<table><thead><tr><th>%s<th>%s</thead>\n",
		word(p, REFUSALS), word(p, REASON), word(p, COUNT));
	q = desk_metrics_refusals(p->db, &query);
	while (query_next(&q))
		buf_printf(&p->out, "<tr><td>%s<td>%lld\n",
			arena_str(&arena, query_bytes(&q, &arena, 2)), (long long)query_int(&q, 3));
	query_end(&q);
	buf_append_str(&p->out, "</table>\n");
	arena_release(&arena);
}

static void put_staff(struct page *p)
{
	json_t *staff = figures_staff(p->db), *one;
	size_t at;

	buf_printf(&p->out, "<h2>%s</h2>\n<table><thead><tr><th>%s<th>%s</thead>\n", word(p, STAFF),
		word(p, LANGUAGE), word(p, PEOPLE));
	json_array_foreach(staff, at, one)
	{
		json_t *people = json_object_get(one, "people");

		buf_append_str(&p->out, "<tr><td>");
		page_escape(&p->out, json_string_value(json_object_get(one, "language")));
		if (json_is_integer(people))
			buf_printf(&p->out, "<td>%lld\n", (long long)json_integer_value(people));
		else
			buf_printf(&p->out, "<td>%s\n", word(p, FEW));
	}
	buf_append_str(&p->out, "</table>\n");
	json_decref(staff);
}

static void put_head(struct page *p)
{
	buf_printf(&p->out,
		"<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<link rel=\"stylesheet\" href=\"/square/style.css\">\n</head>\n"
		"<body>\n<h1>%s</h1>\n<p>%s <a href=\"/square/metrics/%s\">%s</a></p>\n"
		"<p><a href=\"/square/metrics.json?by=month\">JSON</a>, <a "
		"href=\"/square/metrics.csv?by=month\">CSV</a></p>\n",
		codes[p->language], word(p, TITLE), word(p, TITLE), word(p, LEAD),
		codes[LANGUAGES - 1 - p->language], word(p, OTHER));
}

char *figures_page(struct db *db, const struct sop *sop, const char *language, int64_t now_s)
{
	struct page p = {.db = db,
		.sop = sop,
		.language = strcmp(language, codes[INDONESIAN]) == 0 ? INDONESIAN : ENGLISH,
		.now_s = now_s};
	char *text;

	buf_init(&p.out, 0);
	put_head(&p);
	put_months(&p);
	buf_printf(&p.out, "<h2>%s</h2>\n", word(&p, DAYS_HEAD));
	put_by(&p, CATEGORY, (struct desk_metrics_query){.by_category = true});
	put_by(&p, LANE, (struct desk_metrics_query){.by_lane = true});
	put_by(&p, COUNTRY,
		(struct desk_metrics_query){
			.by_country = true, .lane = BYTES_LITERAL("authority")});
	put_by(&p, LANGUAGE, (struct desk_metrics_query){.by_language = true});
	put_by(&p, DOOR, (struct desk_metrics_query){.by_door = true});
	put_refusals(&p);
	put_staff(&p);
	buf_append_str(&p.out, "</body>\n</html>\n");
	text = mem_strndup(buf_data(&p.out), buf_size(&p.out));
	buf_release(&p.out);
	return text;
}
