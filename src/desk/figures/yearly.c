/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A table of a report is one function; yearly_text.c writes them down. */
#include "desk/figures/yearly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "desk/figures/figures.h"
#include "desk/lanes/form.h"
#include "store/square_desk_people.h"

struct yearly {
	struct db *db;
	const struct sop *sop;
	char from[11], to[11];
	int64_t from_s, to_s; /* the year in UTC; to_s is the next one's first second */
	bool terrorism_only;
	json_t *tables;
};

/* ---- Figures of a year ---- */

static struct desk_metrics_query query_of(const struct yearly *y, const char *lane)
{
	struct desk_metrics_query query = {.span = 0};

	memcpy(query.from, y->from, sizeof(query.from));
	memcpy(query.to, y->to, sizeof(query.to));
	if (lane)
		query.lane = bytes_from_str(lane);
	return query;
}

static bool about_terrorism(const struct yearly *y, struct bytes category)
{
	for (int i = 0; i < y->sop->category_count; i++)
		if (bytes_equal_str(category, y->sop->categories[i].name))
			return strstr(y->sop->categories[i].dsa_keywords,
				       "KEYWORD_TERRORIST_CONTENT") != NULL;
	return false;
}

static bool wanted(const struct yearly *y, const struct figures_row *row)
{
	return !y->terrorism_only || about_terrorism(y, row->category);
}

static json_t *number(int64_t value)
{
	return value < 0 ? json_null() : json_integer(value);
}

/* What the Commission calls it. */
static json_t *dsa_name(const struct yearly *y, struct bytes category)
{
	for (int i = 0; i < y->sop->category_count; i++)
		if (bytes_equal_str(category, y->sop->categories[i].name))
			return json_string(y->sop->categories[i].dsa_category);
	return json_string("STATEMENT_CATEGORY_OTHER_VIOLATION_TC");
}

/* ---- Tables ---- */

/* columns: with ',' between. Returns its rows, borrowed. */
static json_t *add_table(struct yearly *y, const char *id, const char *article, const char *title,
	const char *columns, const char *note)
{
	json_t *rows = json_array();

	json_array_append_new(
		y->tables, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s?}", "id", id, "article",
				   article, "title", title, "columns",
				   json_list(bytes_from_str(columns)), "rows", rows, "note", note));
	return rows;
}

static void add_orders(struct yearly *y)
{
	json_t *rows = add_table(y, "orders", "15(1)(a)",
		"Orders and notices of authorities, by category and State",
		"category,dsa_category,country,received,measures,dismissed,acknowledge_median_s,"
		"act_median_s",
		"Orders to hand over data about users are none of this desk's: it has no such "
		"data.");
	struct desk_metrics_query query = query_of(y, "authority");
	struct figures f;

	query.by_category = query.by_country = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		const struct figures_row *r = &f.rows[i];

		json_array_append_new(
			rows, json_pack("[o, o, o, I, I, I, o, o]", json_bytes(r->category),
				      dsa_name(y, r->category), json_bytes(r->country),
				      (json_int_t)r->counts[METRIC_NOTICES],
				      (json_int_t)(figures_measures(r) + r->counts[METRIC_WARNED]),
				      (json_int_t)r->counts[METRIC_DISMISSED],
				      number(r->times[METRIC_TIME_ACKNOWLEDGE].median_s),
				      number(r->times[METRIC_TIME_ACT].median_s)));
	}
	figures_release(&f);
}

/* Rows by category of the lanes that other than authorities send notices by. */
static void add_notices(struct yearly *y)
{
	json_t *rows = add_table(y, "notices", "15(1)(b)", "Notices, by category",
		"category,dsa_category,lane,received,measures,by_law,by_terms,dismissed,"
		"decide_median_s,processed_automatically",
		"The lane flagger is that of trusted flaggers. Every notice is decided by a "
		"person.");
	struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	query.by_category = query.by_lane = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		const struct figures_row *r = &f.rows[i];

		if (!bytes_equal_str(r->lane, "user") && !bytes_equal_str(r->lane, "flagger"))
			continue;
		json_array_append_new(
			rows, json_pack("[o, o, o, I, I, I, I, I, o, i]", json_bytes(r->category),
				      dsa_name(y, r->category), json_bytes(r->lane),
				      (json_int_t)r->counts[METRIC_NOTICES],
				      (json_int_t)(figures_measures(r) + r->counts[METRIC_WARNED]),
				      (json_int_t)r->counts[METRIC_BY_LAW],
				      (json_int_t)r->counts[METRIC_BY_TERMS],
				      (json_int_t)r->counts[METRIC_DISMISSED],
				      number(r->times[METRIC_TIME_DECIDE].median_s), 0));
	}
	figures_release(&f);
}

static bool of_others(struct bytes lane)
{
	return bytes_equal_str(lane, "authority") || bytes_equal_str(lane, "flagger") ||
	       bytes_equal_str(lane, "user");
}

/* Of lanes that nobody outside sent a notice by. */
static void add_own_initiative(struct yearly *y)
{
	json_t *rows = add_table(y, "own_initiative", "15(1)(c)",
		"Measures on own initiative, by category, detection and type of restriction",
		"category,dsa_category,detected_automatically,removed,restricted,labelled,frozen,"
		"warned,by_law,by_terms",
		NULL);
	struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	query.by_category = query.by_lane = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		const struct figures_row *r = &f.rows[i];

		if (of_others(r->lane))
			continue;
		json_array_append_new(
			rows, json_pack("[o, o, b, I, I, I, I, I, I, I]", json_bytes(r->category),
				      dsa_name(y, r->category), bytes_equal_str(r->lane, "sensor"),
				      (json_int_t)r->counts[METRIC_REMOVED],
				      (json_int_t)r->counts[METRIC_RESTRICTED],
				      (json_int_t)r->counts[METRIC_LABELLED],
				      (json_int_t)r->counts[METRIC_FROZEN],
				      (json_int_t)r->counts[METRIC_WARNED],
				      (json_int_t)r->counts[METRIC_BY_LAW],
				      (json_int_t)r->counts[METRIC_BY_TERMS]));
	}
	figures_release(&f);
}

static void add_restrictions(struct yearly *y)
{
	static const enum metric kinds[] = {
		METRIC_REMOVED, METRIC_RESTRICTED, METRIC_LABELLED, METRIC_FROZEN, METRIC_WARNED};
	json_t *rows = add_table(y, "restrictions", "15(1)(b), (c)",
		"All measures, by type, whoever gave the notice", "restriction,number", NULL);
	const struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		json_array_append_new(
			rows, json_pack("[s, I]", metric_names[kinds[i]],
				      (json_int_t)(f.row_count ? f.rows[0].counts[kinds[i]] : 0)));
	figures_release(&f);
}

static void add_complaints(struct yearly *y, const char *article)
{
	json_t *rows = add_table(y, "complaints", article, "Complaints (appeals), by category",
		"category,by_owners,by_reporters,upheld,reversed,changed,answer_median_s", NULL);
	struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	query.by_category = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		const struct figures_row *r = &f.rows[i];

		if (!wanted(y, r))
			continue;
		json_array_append_new(
			rows, json_pack("[o, I, I, I, I, I, o]", json_bytes(r->category),
				      (json_int_t)r->counts[METRIC_APPEALS_OWNER],
				      (json_int_t)r->counts[METRIC_APPEALS_REPORTER],
				      (json_int_t)r->counts[METRIC_APPEALS_UPHELD],
				      (json_int_t)r->counts[METRIC_APPEALS_REVERSED],
				      (json_int_t)r->counts[METRIC_APPEALS_CHANGED],
				      number(r->times[METRIC_TIME_APPEAL].median_s)));
	}
	figures_release(&f);
}

static void add_unknown(struct yearly *y, const char *id, const char *article, const char *title,
	const char *const *names, const char *note)
{
	json_t *rows = add_table(y, id, article, title, "indicator,number", note);

	for (; *names; names++)
		json_array_append_new(rows, json_pack("[s, n]", *names));
}

static void add_automation(struct yearly *y)
{
	json_t *rows = add_table(y, "automation", "15(1)(e)", "Automated means",
		"purpose,notices,decisions,measures,dismissed,reversed,error_percent",
		"Sensors find, people decide. Dismissed: what a sensor found and a person let "
		"stand. "
		"error_percent: decisions that were reversed later, among a hundred.");
	const struct desk_metrics_query query = query_of(y, "sensor");
	struct figures_row none = {.span = {NULL, 0}};
	const struct figures_row *r;
	double error;
	struct figures f;

	figures_read(&f, y->db, &query);
	r = f.row_count ? &f.rows[0] : &none;
	error = figures_error_percent(r);
	json_array_append_new(
		rows, json_pack("[s, I, I, I, I, I, o]", "detection",
			      (json_int_t)r->counts[METRIC_NOTICES],
			      (json_int_t)(figures_measures(r) + r->counts[METRIC_WARNED] +
					   r->counts[METRIC_DISMISSED]),
			      (json_int_t)(figures_measures(r) + r->counts[METRIC_WARNED]),
			      (json_int_t)r->counts[METRIC_DISMISSED],
			      (json_int_t)r->counts[METRIC_REVERSED],
			      error < 0 ? json_null() : json_real(error)));
	json_array_append_new(rows, json_pack("[s, i, i, i, i, i, n]", "decision", 0, 0, 0, 0, 0));
	figures_release(&f);
}

static void add_people(struct yearly *y)
{
	json_t *rows = add_table(y, "people", "42(2)(a), (b)", "Who decides, by language",
		"language,people", "As of today. Null: fewer than three.");
	json_t *staff = figures_staff(y->db), *one;
	size_t at;

	json_array_foreach(staff, at, one)
		json_array_append_new(rows, json_pack("[O, O]", json_object_get(one, "language"),
						    json_object_get(one, "people")));
	json_decref(staff);
}

/* By which way notices came, beside who sent them. */
static void add_doors(struct yearly *y)
{
	json_t *rows = add_table(y, "doors", "15(1)(b)", "Notices, by the way they came",
		"lane,door,received", "An empty door: taken in before this was noted.");
	struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	query.by_lane = query.by_door = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++)
		if (f.rows[i].counts[METRIC_NOTICES])
			json_array_append_new(
				rows, json_pack("[o, o, I]", json_bytes(f.rows[i].lane),
					      json_bytes(f.rows[i].door),
					      (json_int_t)f.rows[i].counts[METRIC_NOTICES]));
	figures_release(&f);
}

static void add_refusals(struct yearly *y)
{
	json_t *rows = add_table(y, "refusals", "15(1)(b)", "Notices that were not taken in",
		"lane,reason,number", NULL);
	struct desk_metrics_query query = query_of(y, NULL);
	struct arena arena;
	struct query q;

	arena_init(&arena);
	query.by_lane = true;
	q = desk_metrics_refusals(y->db, &query);
	while (query_next(&q))
		json_array_append_new(
			rows, json_pack("[o, o, I]", json_bytes(query_bytes(&q, &arena, 1)),
				      json_bytes(query_bytes(&q, &arena, 2)),
				      (json_int_t)query_int(&q, 3)));
	query_end(&q);
	arena_release(&arena);
}

/* Article 23. */
static void add_suspensions(struct yearly *y)
{
	const struct desk_metrics_query query = query_of(y, NULL);
	json_t *rows = add_table(y, "suspensions", "24(1)(b)", "Suspensions for misuse",
		"indicator,number",
		"Illegal content: channels that were frozen for a time. Unfounded notices: "
		"flaggers whose notices were not dealt with for a time. Nobody is kept from "
		"complaining.");
	struct figures f;

	figures_read(&f, y->db, &query);
	json_array_append_new(
		rows, json_pack("[s, I]", "suspensions_for_illegal_content",
			      (json_int_t)(f.row_count ? f.rows[0].counts[METRIC_FROZEN] : 0)));
	json_array_append_new(rows, json_pack("[s, I]", "suspensions_for_unfounded_notices",
					    (json_int_t)desk_deeds_count(y->db, "sender_suspended",
						    y->from_s, y->to_s)));
	json_array_append_new(rows, json_pack("[s, i]", "suspensions_for_unfounded_complaints", 0));
	figures_release(&f);
}

static void make_dsa(struct yearly *y)
{
	static const char *const disputes[] = {"out_of_court_disputes",
		"out_of_court_decided_for_users", "out_of_court_median_days",
		"decisions_followed_percent", NULL};
	static const char *const recipients[] = {"average_monthly_active_recipients", NULL};

	add_orders(y);
	add_notices(y);
	add_own_initiative(y);
	add_restrictions(y);
	add_complaints(y, "15(1)(d)");
	add_automation(y);
	add_people(y);
	add_unknown(y, "disputes", "24(1)(a)", "Out-of-court disputes", disputes,
		"Not recorded by this program: the operator fills these in.");
	add_suspensions(y);
	add_unknown(y, "recipients", "24(2)", "Average monthly active recipients", recipients,
		"The desk does not know who reads what: the operator fills this in.");
	add_doors(y);
	add_refusals(y);
	add_table(y, "qualitative", "15(1)(c), (e)", "Description", "text",
		"Detection compares public posts with phrases of the operator; it decides nothing. "
		"Decisions are taken by people, each in the ledger at /square/ledger/. The "
		"operator "
		"adds training and support of those who decide.");
}

/* ---- Terrorist content ---- */

static void add_items(struct yearly *y)
{
	json_t *rows = add_table(y, "items", "7(3)(c)",
		"Items of terrorist content, by how they came to notice",
		"lane,notices,removed,restricted,orders_not_executed,acknowledge_median_s,act_"
		"median_s",
		"The lane authority is that of orders and referrals. Orders not executed: could "
		"not "
		"be carried out; why is told to who sent the order.");
	struct desk_metrics_query query = query_of(y, NULL);
	struct figures f;

	query.by_category = query.by_lane = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		const struct figures_row *r = &f.rows[i];

		if (!wanted(y, r))
			continue;
		json_array_append_new(
			rows, json_pack("[o, I, I, I, I, o, o]", json_bytes(r->lane),
				      (json_int_t)r->counts[METRIC_NOTICES],
				      (json_int_t)r->counts[METRIC_REMOVED],
				      (json_int_t)r->counts[METRIC_RESTRICTED],
				      (json_int_t)r->counts[METRIC_NOT_EXECUTED],
				      number(r->times[METRIC_TIME_ACKNOWLEDGE].median_s),
				      number(r->times[METRIC_TIME_ACT].median_s)));
	}
	figures_release(&f);
}

static void add_reinstated(struct yearly *y)
{
	json_t *rows = add_table(y, "reinstated", "7(3)(f), (g)", "Items that were reinstated",
		"indicator,number", "Court cases are not recorded by this program.");
	struct desk_metrics_query query = query_of(y, NULL);
	int64_t reversed = 0, appeals = 0;
	struct figures f;

	query.by_category = true;
	figures_read(&f, y->db, &query);
	for (size_t i = 0; i < f.row_count; i++) {
		if (!wanted(y, &f.rows[i]))
			continue;
		reversed += f.rows[i].counts[METRIC_REVERSED];
		appeals += f.rows[i].counts[METRIC_APPEALS_REVERSED];
	}
	figures_release(&f);
	json_array_append_new(rows, json_pack("[s, I]", "reversed", (json_int_t)reversed));
	json_array_append_new(
		rows, json_pack("[s, I]", "reversed_after_complaint", (json_int_t)appeals));
	json_array_append_new(rows, json_pack("[s, n]", "reinstated_by_a_court"));
}

static void make_tco(struct yearly *y)
{
	static const char *const courts[] = {
		"administrative_or_judicial_proceedings", "orders_lifted_in_proceedings", NULL};

	y->terrorism_only = true;
	add_table(y, "measures", "7(3)(a), (b)", "Measures to identify content and stop its return",
		"text",
		"Public posts are compared with phrases of the operator as they are written, "
		"edited "
		"or become public; what matches goes to a person. The operator adds other "
		"measures.");
	add_items(y);
	add_complaints(y, "7(3)(d)");
	add_unknown(y, "proceedings", "7(3)(e)", "Proceedings", courts,
		"Not recorded by this program: the operator fills these in.");
	add_reinstated(y);
}

/* ---- The report ---- */

static const struct {
	const char *name, *law;
	void (*make)(struct yearly *y);
} kinds[YEARLY_KINDS] = {
	[YEARLY_DSA] = {"dsa", "Regulation (EU) 2022/2065, Articles 15 and 24", make_dsa},
	[YEARLY_TCO] = {"tco", "Regulation (EU) 2021/784, Article 7", make_tco},
};

enum yearly_kind yearly_kind_by_name(const char *name)
{
	int kind = 0;

	while (kind < YEARLY_KINDS && strcmp(name, kinds[kind].name) != 0)
		kind++;
	return (enum yearly_kind)kind;
}

int yearly_year(const char *text, int64_t now_s)
{
	struct arena arena;
	char now[5], *end;
	long year = strtol(text, &end, 10);

	arena_init(&arena);
	snprintf(now, sizeof(now), "%.4s", text_rfc3339(&arena, now_s));
	arena_release(&arena);
	return strlen(text) == 4 && !*end && year >= 2000 && strcmp(text, now) <= 0 ? (int)year : 0;
}

static void first_and_last(int year, char from[11], char to[11])
{
	memcpy(from, "0000-01-01", 11);
	memcpy(to, "0000-12-31", 11);
	for (int at = 3; at >= 0; at--, year /= 10)
		from[at] = to[at] = (char)('0' + year % 10);
}

static int64_t year_begins(int year)
{
	struct tm first = {.tm_year = year - 1900, .tm_mday = 1};

	return (int64_t)timegm(&first);
}

json_t *yearly_report(struct db *db, const struct sop *sop, enum yearly_kind kind, int year)
{
	struct yearly y = {.db = db, .sop = sop, .tables = json_array()};

	first_and_last(year, y.from, y.to);
	y.from_s = year_begins(year);
	y.to_s = year_begins(year + 1);
	kinds[kind].make(&y);
	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:o}", "report", kinds[kind].name, "law",
		kinds[kind].law, "year", year, "from", y.from, "to", y.to, "tables", y.tables);
}
