/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_clocks.h"

#define COLUMNS                                                                                    \
	"case_id, sop, acknowledge_due, acknowledged_at, notify_s, notify_due, notified_at, "      \
	"paused_at, paused_until, reason, question, paused_s, step, evidence"

bool desk_clock_get(struct db *db, struct arena *arena, int64_t case_id, struct desk_clock *out)
{
	struct query q = db_query(
		db, "SELECT " COLUMNS " FROM case_clocks WHERE case_id = ?1", DB_INT(case_id));

	if (!query_next(&q))
		return false;
	out->case_id = query_int(&q, 0);
	out->sop = query_int(&q, 1);
	out->acknowledge_due = query_int(&q, 2);
	out->acknowledged_at = query_int(&q, 3);
	out->notify_s = query_int(&q, 4);
	out->notify_due = query_int(&q, 5);
	out->notified_at = query_int(&q, 6);
	out->paused_at = query_int(&q, 7);
	out->paused_until = query_int(&q, 8);
	out->reason = query_bytes(&q, arena, 9);
	out->question = query_bytes(&q, arena, 10);
	out->paused_s = query_int(&q, 11);
	out->step = query_int(&q, 12);
	out->evidence = query_int(&q, 13) != 0;
	query_end(&q);
	return true;
}

void desk_clock_put(struct db *db, const struct desk_clock *row)
{
	db_run(db, "DELETE FROM case_clocks WHERE case_id = ?1", DB_INT(row->case_id));
	db_run(db,
		"INSERT INTO case_clocks (" COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
		DB_INT(row->case_id), DB_INT(row->sop), DB_INT(row->acknowledge_due),
		DB_INT(row->acknowledged_at), DB_INT(row->notify_s), DB_INT(row->notify_due),
		DB_INT(row->notified_at), DB_INT(row->paused_at), DB_INT(row->paused_until),
		DB_TEXT(row->reason), DB_TEXT(row->question), DB_INT(row->paused_s),
		DB_INT(row->step), DB_INT(row->evidence));
}

void desk_clock_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM case_clocks");
}

int64_t desk_clock_pause_over(struct db *db, int64_t now_s)
{
	return db_get_int(db, 0,
		"SELECT case_id FROM case_clocks WHERE paused_until > 0 AND paused_until <= ?1"
		" ORDER BY paused_until, case_id LIMIT 1",
		DB_INT(now_s));
}

static int ids_of(struct query q, int64_t *ids)
{
	int count = 0;

	while (query_next(&q))
		ids[count++] = query_int(&q, 0);
	return count;
}

/* Pauses move the due time; the clock that ran is what is between, without them. */
int desk_clock_steps_due(struct db *db, int64_t step, int64_t used_percent, int64_t overdue_s,
	int64_t now_s, int64_t *ids, int max)
{
	if (used_percent == 0)
		return ids_of(
			db_query(db,
				"SELECT c.id FROM cases c JOIN case_clocks k ON k.case_id = c.id"
				" WHERE c.state IN ('open', 'escalated') AND k.step < ?1"
				" AND c.due_at + ?2 <= ?3 LIMIT ?4",
				DB_INT(step), DB_INT(overdue_s), DB_INT(now_s), DB_INT(max)),
			ids);
	return ids_of(db_query(db,
			      "SELECT c.id FROM cases c JOIN case_clocks k ON k.case_id = c.id"
			      " WHERE c.state IN ('open', 'escalated') AND k.step < ?1"
			      " AND (c.clock_at + k.paused_s) * (100 - ?2) + c.due_at * ?2"
			      " <= ?3 * 100 LIMIT ?4",
			      DB_INT(step), DB_INT(used_percent), DB_INT(now_s), DB_INT(max)),
		ids);
}

int64_t desk_clock_evidence_next(struct db *db, int64_t after, int64_t then_s, int64_t *decided_at)
{
	struct query q = db_query(db,
		"SELECT k.case_id, c.decided_at FROM case_clocks k JOIN cases c ON c.id = k.case_id"
		" WHERE k.evidence <> 0 AND k.case_id > ?1 AND c.state IN ('decided', 'closed')"
		" AND c.decided_at <= ?2 ORDER BY k.case_id LIMIT 1",
		DB_INT(after), DB_INT(then_s));
	int64_t id = 0;

	if (query_next(&q)) {
		id = query_int(&q, 0);
		*decided_at = query_int(&q, 1);
		query_end(&q);
	}
	return id;
}

int64_t desk_evidence_delete(struct db *db, int64_t case_id)
{
	int64_t count = db_get_int(
		db, 0, "SELECT count(*) FROM evidence WHERE case_id = ?1", DB_INT(case_id));

	db_run(db, "DELETE FROM evidence WHERE case_id = ?1", DB_INT(case_id));
	return count;
}

int desk_clock_closable(struct db *db, int64_t decided_before_s, int64_t *ids, int max)
{
	return ids_of(db_query(db,
			      "SELECT id FROM cases WHERE state = 'decided' AND decided_at <= ?1"
			      " AND NOT EXISTS (SELECT 1 FROM appeals a WHERE a.case_id = cases.id"
			      " AND a.decided_at = 0) LIMIT ?2",
			      DB_INT(decided_before_s), DB_INT(max)),
		ids);
}
