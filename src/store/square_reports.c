/* SPDX-License-Identifier: Apache-2.0 */
/* The tables reports and report_categories. */
#include "store/square_reports.h"

void square_report_insert(struct db *db, struct square_report *report)
{
	report->id = db_counter_add(db, 0, "report", 1);
	db_run(db,
		"INSERT INTO reports (id, channel, post, name, category, law, words, created_at,"
		" taken_at, case_id, outcome_at, told_at, appeal_days)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0, 0)",
		DB_INT(report->id), DB_INT(report->channel), DB_INT(report->post),
		DB_TEXT(report->name), DB_TEXT(report->category), DB_TEXT(report->law),
		DB_TEXT(report->words), DB_INT(report->created_at_s));
}

static void read_report(struct query *q, struct arena *arena, struct square_report *out)
{
	*out = (struct square_report){
		.id = query_int(q, 0),
		.channel = query_int(q, 1),
		.post = (int32_t)query_int(q, 2),
		.name = query_bytes(q, arena, 3),
		.category = query_bytes(q, arena, 4),
		.law = query_bytes(q, arena, 5),
		.words = query_bytes(q, arena, 6),
		.created_at_s = query_int(q, 7),
		.case_id = query_int(q, 8),
		.outcome = query_bytes(q, arena, 9),
		.outcome_at_s = query_int(q, 10),
		.contact = query_bytes(q, arena, 11),
		.appeal_days = query_int(q, 12),
	};
}

#define COLUMNS                                                                                    \
	"id, channel, post, name, category, law, words, created_at, case_id, outcome, "            \
	"outcome_at, contact, appeal_days"

bool square_report_find(struct db *db, struct arena *arena, int64_t id, struct square_report *out)
{
	struct query q = db_query(db, "SELECT " COLUMNS " FROM reports WHERE id = ?1", DB_INT(id));

	if (!query_next(&q))
		return false;
	read_report(&q, arena, out);
	query_end(&q);
	return true;
}

size_t square_reports_untold(
	struct db *db, struct arena *arena, struct square_report *out, size_t limit)
{
	struct query q = db_query(db,
		"SELECT " COLUMNS " FROM reports WHERE outcome_at > told_at ORDER BY outcome_at, "
		"id LIMIT ?1",
		DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		read_report(&q, arena, &out[count++]);
	query_end(&q);
	return count;
}

void square_report_told(struct db *db, int64_t id, int64_t outcome_at_s)
{
	db_run(db, "UPDATE reports SET told_at = ?2 WHERE id = ?1", DB_INT(id),
		DB_INT(outcome_at_s));
}

size_t square_report_categories(struct db *db, struct arena *arena, struct bytes language,
	struct square_report_category *out)
{
	struct query q = db_query(db,
		"SELECT c.name, coalesce(t.title, c.title), c.laws FROM report_categories c LEFT "
		"JOIN report_categories t ON t.position = c.position AND t.language = ?1 WHERE "
		"c.language = '' ORDER BY c.position LIMIT ?2",
		DB_TEXT(language.data ? language : BYTES_LITERAL("")),
		DB_INT(SQUARE_REPORT_CATEGORIES_MAX));
	size_t count = 0;

	while (count < SQUARE_REPORT_CATEGORIES_MAX && query_next(&q))
		out[count++] = (struct square_report_category){query_bytes(&q, arena, 0),
			query_bytes(&q, arena, 1), query_bytes(&q, arena, 2)};
	query_end(&q);
	return count;
}

void square_report_categories_clear(struct db *db)
{
	db_run(db, "DELETE FROM report_categories WHERE position >= 0");
}

void square_report_category_insert(struct db *db, int position, const char *language,
	const struct square_report_category *category)
{
	db_run(db,
		"INSERT INTO report_categories (position, language, name, title, laws) VALUES (?1, "
		"?2, ?3, ?4, ?5)",
		DB_INT(position), DB_STR(language), DB_TEXT(category->name),
		DB_TEXT(category->title), DB_TEXT(category->laws));
}

/* A post that is still on its way to the square is waited for. */
#define READY                                                                                      \
	"FROM reports WHERE taken_at = 0 AND NOT EXISTS (SELECT 1 FROM channels WHERE "            \
	"channels.id = reports.channel AND channels.rest_above < reports.post AND reports.post "   \
	"<= channels.rest_upto) "

bool square_reports_waiting(struct db *db)
{
	return db_get_int(db, 0, "SELECT 1 " READY "LIMIT 1") == 1;
}

bool square_report_next(struct db *db, struct arena *arena, struct square_report *out)
{
	struct query q = db_query(db, "SELECT " COLUMNS " " READY "ORDER BY id LIMIT 1");

	if (!query_next(&q))
		return false;
	read_report(&q, arena, out);
	query_end(&q);
	return true;
}

void square_report_take(struct db *db, int64_t id, int64_t case_id, int64_t now_s)
{
	db_run(db, "UPDATE reports SET taken_at = ?2, case_id = ?3, words = '' WHERE id = ?1",
		DB_INT(id), DB_INT(now_s), DB_INT(case_id));
}

/* Two outcomes in one second are two. */
void square_reports_decide(struct db *db, const struct square_report *outcome)
{
	if (outcome->case_id)
		db_run(db,
			"UPDATE reports SET outcome = ?2, outcome_at = CASE WHEN outcome_at >= ?3 "
			"THEN outcome_at + 1 ELSE ?3 END, contact = ?4, appeal_days = ?5 WHERE "
			"case_id = ?1",
			DB_INT(outcome->case_id), DB_TEXT(outcome->outcome),
			DB_INT(outcome->outcome_at_s), DB_TEXT(outcome->contact),
			DB_INT(outcome->appeal_days));
	else
		db_run(db,
			"UPDATE reports SET outcome = ?2, outcome_at = ?3, contact = ?4, "
			"appeal_days = ?5 WHERE id = ?1",
			DB_INT(outcome->id), DB_TEXT(outcome->outcome),
			DB_INT(outcome->outcome_at_s), DB_TEXT(outcome->contact),
			DB_INT(outcome->appeal_days));
}

int64_t square_report_of_case(struct db *db, int64_t case_id, int64_t after)
{
	return db_get_int(db, 0,
		"SELECT id FROM reports WHERE case_id = ?1 AND id > ?2 ORDER BY id LIMIT 1",
		DB_INT(case_id), DB_INT(after));
}

void square_report_contact(struct db *db, int64_t id, struct bytes contact, int64_t days)
{
	db_run(db, "UPDATE reports SET contact = ?2, appeal_days = ?3 WHERE id = ?1", DB_INT(id),
		DB_TEXT(contact), DB_INT(days));
}
