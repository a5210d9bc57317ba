/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_metrics.h"

#include "base/text.h"

void desk_metric_insert(struct db *db, const struct desk_metric *row)
{
	struct arena arena;
	char *day;

	arena_init(&arena);
	day = text_rfc3339(&arena, row->at);
	day[10] = 0;
	db_run(db,
		"INSERT INTO metrics (case_id, seq, what, day, lane, category, country, language,"
		" seconds, door) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		DB_INT(row->case_id), DB_INT(row->seq), DB_STR(row->what), DB_STR(day),
		DB_TEXT(row->lane), DB_TEXT(row->category), DB_TEXT(row->country),
		DB_TEXT(row->language), DB_INT(row->seconds), DB_TEXT(row->door));
	arena_release(&arena);
}

bool desk_metric_case_get(
	struct db *db, struct arena *arena, int64_t case_id, struct desk_metric_case *out)
{
	struct query q = db_query(db,
		"SELECT country, language, clock_at, acknowledged, order_id, ordered_at,"
		" order_action, judged FROM metric_cases WHERE case_id = ?1",
		DB_INT(case_id));

	*out = (struct desk_metric_case){.case_id = case_id,
		.country = BYTES_LITERAL(""),
		.language = BYTES_LITERAL(""),
		.order_action = BYTES_LITERAL("")};
	if (!query_next(&q))
		return false;
	out->country = query_bytes(&q, arena, 0);
	out->language = query_bytes(&q, arena, 1);
	out->clock_at = query_int(&q, 2);
	out->acknowledged = query_int(&q, 3);
	out->order_id = query_int(&q, 4);
	out->ordered_at = query_int(&q, 5);
	out->order_action = query_bytes(&q, arena, 6);
	out->judged = query_int(&q, 7);
	query_end(&q);
	return true;
}

void desk_metric_case_put(struct db *db, const struct desk_metric_case *row)
{
	db_run(db, "DELETE FROM metric_cases WHERE case_id = ?1", DB_INT(row->case_id));
	db_run(db,
		"INSERT INTO metric_cases (case_id, country, language, clock_at, acknowledged,"
		" order_id, ordered_at, order_action, judged)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(row->case_id), DB_TEXT(row->country), DB_TEXT(row->language),
		DB_INT(row->clock_at), DB_INT(row->acknowledged), DB_INT(row->order_id),
		DB_INT(row->ordered_at), DB_TEXT(row->order_action), DB_INT(row->judged));
}

void desk_metric_appeal_put(struct db *db, int64_t appeal, int64_t at)
{
	db_run(db, "INSERT INTO metric_appeals (appeal, at) VALUES (?1, ?2)", DB_INT(appeal),
		DB_INT(at));
}

int64_t desk_metric_appeal_take(struct db *db, int64_t appeal)
{
	int64_t at = db_get_int(
		db, 0, "SELECT at FROM metric_appeals WHERE appeal = ?1", DB_INT(appeal));

	db_run(db, "DELETE FROM metric_appeals WHERE appeal = ?1", DB_INT(appeal));
	return at;
}

void desk_metric_language(struct db *db, int64_t case_id, struct bytes language)
{
	db_run(db, "UPDATE metrics SET language = ?2 WHERE case_id = ?1", DB_INT(case_id),
		DB_TEXT(language));
}

void desk_metrics_clear(struct db *db)
{
	db_run(db, "DELETE FROM metrics");
	db_run(db, "DELETE FROM metric_cases");
	db_run(db, "DELETE FROM metric_appeals");
}

struct query desk_metrics_list(struct db *db, const struct desk_metrics_query *query)
{
	return db_query(db,
		"SELECT substr(day, 1, ?3) AS span, CASE WHEN ?4 = 1 THEN lane ELSE '' END AS l,"
		" CASE WHEN ?5 = 1 THEN category ELSE '' END AS c,"
		" CASE WHEN ?6 = 1 THEN country ELSE '' END AS n,"
		" CASE WHEN ?7 = 1 THEN language ELSE '' END AS g,"
		" CASE WHEN ?12 = 1 THEN door ELSE '' END AS d, what, seconds, count(*)"
		" FROM metrics WHERE day >= ?1 AND day <= ?2 AND lane = coalesce(?8, lane)"
		" AND category = coalesce(?9, category) AND country = coalesce(?10, country)"
		" AND language = coalesce(?11, language) AND door = coalesce(?13, door)"
		" GROUP BY 1, 2, 3, 4, 5, 6, what, seconds ORDER BY 1, 2, 3, 4, 5, 6, what,"
		" seconds",
		DB_STR(query->from), DB_STR(query->to), DB_INT(query->span), DB_INT(query->by_lane),
		DB_INT(query->by_category), DB_INT(query->by_country), DB_INT(query->by_language),
		DB_TEXT(query->lane), DB_TEXT(query->category), DB_TEXT(query->country),
		DB_TEXT(query->language), DB_INT(query->by_door), DB_TEXT(query->door));
}

struct query desk_metrics_refusals(struct db *db, const struct desk_metrics_query *query)
{
	return db_query(db,
		"SELECT substr(day, 1, ?3) AS span, CASE WHEN ?4 = 1 THEN lane ELSE '' END AS l,"
		" reason, sum(count) FROM desk_refusals WHERE day >= ?1 AND day <= ?2"
		" AND lane = coalesce(?5, lane) GROUP BY 1, 2, reason ORDER BY 1, 2, reason",
		DB_STR(query->from), DB_STR(query->to), DB_INT(query->span), DB_INT(query->by_lane),
		DB_TEXT(query->lane));
}

struct query desk_metrics_staff(struct db *db)
{
	return db_query(db,
		"SELECT langs FROM desk_grants WHERE revoked_at IS NULL AND role IN ('moderator',"
		" 'lead') AND EXISTS (SELECT 1 FROM people p WHERE p.id = desk_grants.id)");
}
