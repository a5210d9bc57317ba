/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_verdicts.h"

#define COLUMNS "notice, case_id, reporter, rule, at, settled_at, outcome, quality"

void desk_verdict_insert(struct db *db, const struct desk_verdict *row)
{
	db_run(db, "INSERT INTO verdicts (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		DB_INT(row->notice), DB_INT(row->case_id), DB_INT(row->reporter),
		DB_TEXT(row->rule), DB_INT(row->at), DB_INT(row->settled_at), DB_TEXT(row->outcome),
		DB_TEXT(row->quality));
}

void desk_verdict_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM verdicts");
}

void desk_verdict_read(struct query *q, struct arena *arena, struct desk_verdict *out)
{
	*out = (struct desk_verdict){.notice = query_int(q, 0),
		.case_id = query_int(q, 1),
		.reporter = query_int(q, 2),
		.rule = query_bytes(q, arena, 3),
		.at = query_int(q, 4),
		.settled_at = query_int(q, 5),
		.outcome = query_bytes(q, arena, 6),
		.quality = query_bytes(q, arena, 7)};
}

void desk_verdicts_turn(
	struct db *db, int64_t case_id, const char *from, struct bytes outcome, int64_t at)
{
	db_run(db,
		"UPDATE verdicts SET outcome = ?3, settled_at = CASE WHEN ?4 > 0 THEN ?4 ELSE "
		"settled_at END WHERE case_id = ?1 AND outcome = ?2",
		DB_INT(case_id), DB_STR(from), DB_TEXT(outcome), DB_INT(at));
}

void desk_verdict_judge(struct db *db, int64_t notice, struct bytes quality, int64_t at)
{
	db_run(db, "UPDATE verdicts SET quality = ?2, settled_at = ?3 WHERE notice = ?1",
		DB_INT(notice), DB_TEXT(quality), DB_INT(at));
}

struct query desk_verdicts_settled(
	struct db *db, int64_t reporter, struct bytes rule, int64_t since_s, int limit)
{
	return db_query(db,
		"SELECT " COLUMNS " FROM verdicts WHERE reporter = ?1 AND rule = ?2 AND"
		" settled_at > ?3 ORDER BY settled_at DESC, notice DESC LIMIT ?4",
		DB_INT(reporter), DB_TEXT(rule), DB_INT(since_s), DB_INT(limit));
}

struct query desk_verdict_rules(struct db *db, int64_t since_s, int limit)
{
	return db_query(db,
		"SELECT DISTINCT rule FROM verdicts WHERE reporter = 0 AND rule <> '' AND at > ?1"
		" ORDER BY rule LIMIT ?2",
		DB_INT(since_s), DB_INT(limit));
}
