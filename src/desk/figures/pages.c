/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Stays under 10 KB: days and sums here, every row in the CSV. */
#include "desk/figures/pages.h"

#include <stdio.h>

#define CHART_WIDTH 720
#define CHART_HEIGHT 140
#define CHART_FLOOR 120 /* y of the axis */
#define DAYS_IN_TABLE 7

void page_escape(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			buf_append_str(out, "&lt;");
		else if (*text == '&')
			buf_append_str(out, "&amp;");
		else if (*text == '"')
			buf_append_str(out, "&quot;");
		else
			buf_append_u8(out, (uint8_t)*text);
	}
}

void page_duration(struct buf *out, int64_t seconds)
{
	if (seconds < 0)
		buf_append_str(out, "–");
	else if (seconds < 120)
		buf_printf(out, "%lld s", (long long)seconds);
	else if (seconds < 7200)
		buf_printf(out, "%lld min", (long long)(seconds / 60));
	else
		buf_printf(out, "%.1f h", (double)seconds / 3600);
}

static void put_cells(struct buf *out, const struct counts_row *r)
{
	buf_printf(out, "<td>%lld<td>%lld<td>%lld<td>%lld<td>%lld<td>", (long long)r->notices,
		(long long)r->removed, (long long)r->restricted, (long long)r->dismissed,
		(long long)r->restored);
	page_duration(out, counts_percentile(r->seconds, r->acted, 50));
	buf_append_str(out, "<td>");
	page_duration(out, counts_percentile(r->seconds, r->acted, 90));
	buf_append_str(out, "\n");
}

static const char number_heads[] =
	"<th>Notices<th>Removed<th>Restricted<th>Dismissed<th>Restored<th>Median<th>90 %\n";

/* Two bars a day: notices, and orders that took something down. */
static void put_chart(struct buf *out, struct counts *counts)
{
	int64_t highest = 1;
	const int step = CHART_WIDTH / COUNTS_DAYS;

	for (int i = 0; i < COUNTS_DAYS; i++) {
		struct counts_row sum = counts_sum(counts, counts->days[i], NULL, NULL);
		int64_t orders = sum.removed + sum.restricted;

		highest = sum.notices > highest ? sum.notices : highest;
		highest = orders > highest ? orders : highest;
	}
	buf_printf(out,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Notices and orders per "
		"day\">\n",
		CHART_WIDTH, CHART_HEIGHT);
	for (int i = 0; i < COUNTS_DAYS; i++) {
		struct counts_row sum = counts_sum(counts, counts->days[i], NULL, NULL);
		int notices = (int)(sum.notices * (CHART_FLOOR - 10) / highest);
		int orders = (int)((sum.removed + sum.restricted) * (CHART_FLOOR - 10) / highest);

		if (notices)
			buf_printf(out,
				"<rect class=\"n\" x=\"%d\" y=\"%d\" width=\"9\" height=\"%d\"/>",
				i * step + 2, CHART_FLOOR - notices, notices);
		if (orders)
			buf_printf(out,
				"<rect class=\"o\" x=\"%d\" y=\"%d\" width=\"9\" height=\"%d\"/>",
				i * step + 12, CHART_FLOOR - orders, orders);
	}
	buf_printf(out,
		"<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" "
		"text-anchor=\"end\">%s</text><text x=\"0\" y=\"10\">%lld</text></svg>\n",
		CHART_HEIGHT - 4, counts->days[0], CHART_WIDTH, CHART_HEIGHT - 4,
		counts->days[COUNTS_DAYS - 1], (long long)highest);
}

static void put_days(struct buf *out, struct counts *counts)
{
	buf_printf(out, "<h2>The last days</h2>\n<table><thead><tr><th>Day (UTC)%s</thead>\n",
		number_heads);
	for (int i = COUNTS_DAYS - 1; i >= COUNTS_DAYS - DAYS_IN_TABLE; i--) {
		struct counts_row sum = counts_sum(counts, counts->days[i], NULL, NULL);

		buf_printf(out, "<tr><td>%s", counts->days[i]);
		put_cells(out, &sum);
	}
	buf_append_str(out, "</table>\n");
}

static void put_categories(struct buf *out, struct counts *counts, const struct sop *sop)
{
	buf_printf(out,
		"<h2>By category and lane, %d days</h2>\n<table><thead><tr><th>Category<th "
		"class=\"t\">Lane%s</thead>\n",
		COUNTS_DAYS, number_heads);
	for (int i = 0; i < sop->category_count; i++) {
		for (int lane = LANE_COUNT - 1; lane >= 0; lane--) {
			struct counts_row sum = counts_sum(
				counts, NULL, sop->categories[i].name, lane_name((enum lane)lane));

			/* With many categories only the lanes that were used: the page has a
			 * bound. */
			if (sum.notices + sum.removed + sum.restricted + sum.restored +
					sum.dismissed ==
				0)
				continue;
			buf_append_str(out, "<tr><td>");
			page_escape(out, sop->categories[i].title);
			buf_printf(out, "<td class=\"t\">%s", lane_name((enum lane)lane));
			put_cells(out, &sum);
		}
	}
	buf_append_str(out, "</table>\n");
}

static void put_refusals(struct buf *out, struct counts *counts)
{
	static const struct {
		const char *reason, *words;
	} reasons[] = {
		{"private", "about something private"},
		{"unknown", "about nothing that is public here"},
		{"incomplete", "incomplete"},
		{"competence", "outside the sender's competence"},
		{"suspended", "from a flagger whose notices are not dealt with for a time"},
		{"country", "an order beyond its authority's country"},
	};

	buf_append_str(out, "<h2>Notices refused</h2>\n<table><thead><tr><th>Why<th>From "
			    "authorities<th>From flaggers</thead>\n");
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		int64_t authority = 0, flagger = 0;

		for (size_t j = 0; j < counts->refusal_count; j++) {
			const struct counts_refusal *r = &counts->refusals[j];

			if (!bytes_equal_str(r->reason, reasons[i].reason))
				continue;
			if (bytes_equal_str(r->lane, "authority"))
				authority += r->count;
			else
				flagger += r->count;
		}
		buf_printf(out, "<tr><td>%s<td>%lld<td>%lld\n", reasons[i].words,
			(long long)authority, (long long)flagger);
	}
	buf_append_str(out, "</table>\n");
}

char *page_square(struct counts *counts, const struct sop *sop, const char *verifier)
{
	struct buf out;
	char *text;

	buf_init(&out, 0);
	buf_append_str(&out,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>What was decided about public channels</title>\n"
		"<link rel=\"stylesheet\" href=\"/square/style.css\">\n</head>\n<body>\n"
		"<h1>What was decided about public channels</h1>\n"
		"<p>Counts of notices, orders and reversals on this server. Times run from the "
		"notice to the execution of the order. More in <a "
		"href=\"metrics/en\">figures</a> (<a href=\"metrics/id\">dalam bahasa "
		"Indonesia</a>). The same as <a "
		"href=\"counts.json\">JSON</a> and <a href=\"counts.csv\">CSV</a>.</p>\n");
	put_chart(&out, counts);
	buf_append_str(&out,
		"<p class=\"key\"><span class=\"n\"></span>notices<span class=\"o\"></span>orders "
		"to remove or restrict</p>\n");
	buf_printf(&out, "<p>Decided in time: %lld. Late: %lld.</p>\n", (long long)counts->in_time,
		(long long)counts->late);
	put_days(&out, counts);
	put_categories(&out, counts, sop);
	put_refusals(&out, counts);
	buf_printf(&out,
		"<h2>The ledger</h2>\n<p>Every order and every reversal is an entry of a signed "
		"append-only log (<a href=\"ledger/checkpoint\">checkpoint</a>). Its verifier "
		"key:</p>\n<p><code>%s</code></p>\n<p>Check all of it: <code>lontar ledger verify "
		"URL-of-this-page/ledger</code></p>\n</body>\n</html>\n",
		verifier);
	text = arena_str(&counts->arena, buf_bytes(&out));
	buf_release(&out);
	return text;
}
