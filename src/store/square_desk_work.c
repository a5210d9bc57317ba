/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Each list follows one index: however much there is, a page looks at its rows. */
#include "store/square_desk_work.h"

#define COLUMNS                                                                                    \
	"case_id, queue, state, priority, clock_at, due_at, lane, category, language, country, "   \
	"members, notices, reporter, claimed_by, claimed_until, taken_at, snoozed_until, "         \
	"asked_by, "                                                                               \
	"second, blind, proposed_by, opposed_by, proposal_seq, language_by"

bool desk_work_next(struct query *q, struct arena *arena, struct desk_work *out)
{
	if (!query_next(q))
		return false;
	*out = (struct desk_work){
		.case_id = query_int(q, 0),
		.queue = (enum work_queue)query_int(q, 1),
		.state = query_bytes(q, arena, 2),
		.priority = query_int(q, 3),
		.clock_at = query_int(q, 4),
		.due_at = query_int(q, 5),
		.lane = query_bytes(q, arena, 6),
		.category = query_bytes(q, arena, 7),
		.language = query_bytes(q, arena, 8),
		.country = query_bytes(q, arena, 9),
		.members = query_int(q, 10),
		.notices = query_int(q, 11),
		.reporter = query_int(q, 12),
		.claimed_by = query_int(q, 13),
		.claimed_until = query_int(q, 14),
		.taken_at = query_int(q, 15),
		.snoozed_until = query_int(q, 16),
		.asked_by = query_int(q, 17),
		.second = (enum work_second)query_int(q, 18),
		.blind = query_int(q, 19) != 0,
		.proposed_by = query_int(q, 20),
		.opposed_by = query_int(q, 21),
		.proposal_seq = query_int(q, 22),
		.language_by = query_int(q, 23),
	};
	return true;
}

bool desk_work_get(struct db *db, struct arena *arena, int64_t case_id, struct desk_work *out)
{
	struct query q = db_query(
		db, "SELECT " COLUMNS " FROM case_work WHERE case_id = ?1", DB_INT(case_id));

	if (!desk_work_next(&q, arena, out))
		return false;
	query_end(&q);
	return true;
}

void desk_work_put(struct db *db, const struct desk_work *row)
{
	db_run(db, "DELETE FROM case_work WHERE case_id = ?1", DB_INT(row->case_id));
	db_run(db,
		"INSERT INTO case_work (" COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		"?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
		DB_INT(row->case_id), DB_INT(row->queue), DB_TEXT(row->state),
		DB_INT(row->priority), DB_INT(row->clock_at), DB_INT(row->due_at),
		DB_TEXT(row->lane), DB_TEXT(row->category), DB_TEXT(row->language),
		DB_TEXT(row->country), DB_INT(row->members), DB_INT(row->notices),
		DB_INT(row->reporter), DB_INT(row->claimed_by), DB_INT(row->claimed_until),
		DB_INT(row->taken_at), DB_INT(row->snoozed_until), DB_INT(row->asked_by),
		DB_INT(row->second), DB_INT(row->blind), DB_INT(row->proposed_by),
		DB_INT(row->opposed_by), DB_INT(row->proposal_seq), DB_INT(row->language_by));
}

void desk_work_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM case_work");
}

struct query desk_work_by_priority(
	struct db *db, enum work_queue queue, const struct desk_work *after, int limit)
{
	return db_query(db,
		"SELECT " COLUMNS " FROM case_work WHERE queue = ?1 AND priority <= ?2"
		" AND (priority < ?2 OR due_at > ?3 OR (due_at = ?3 AND case_id > ?4))"
		" ORDER BY priority DESC, due_at, case_id LIMIT ?5",
		DB_INT(queue), DB_INT(after->priority), DB_INT(after->due_at),
		DB_INT(after->case_id), DB_INT(limit));
}

struct query desk_work_by_due(
	struct db *db, enum work_queue queue, const struct desk_work *after, int limit)
{
	return db_query(db,
		"SELECT " COLUMNS " FROM case_work WHERE queue = ?1 AND due_at >= ?2"
		" AND (due_at > ?2 OR case_id > ?3) ORDER BY due_at, case_id LIMIT ?4",
		DB_INT(queue), DB_INT(after->due_at), DB_INT(after->case_id), DB_INT(limit));
}

struct query desk_work_newest(struct db *db, const struct desk_work *after, int limit)
{
	return db_query(db,
		"SELECT " COLUMNS
		" FROM case_work WHERE case_id < ?1 ORDER BY case_id DESC LIMIT ?2",
		DB_INT(after->case_id ? after->case_id : INT64_MAX), DB_INT(limit));
}

struct query desk_work_of(struct db *db, int64_t person)
{
	return db_query(db,
		"SELECT " COLUMNS
		" FROM case_work WHERE claimed_by = ?1 AND claimed_by <> 0 ORDER BY case_id",
		DB_INT(person));
}

struct query desk_work_free_due(
	struct db *db, struct bytes category, struct bytes language, int64_t now_s, int limit)
{
	if (!language.data)
		return db_query(db,
			"SELECT " COLUMNS " FROM case_work WHERE queue = 0 AND category = ?1"
			" AND claimed_until <= ?2 AND snoozed_until <= ?2"
			" ORDER BY due_at, case_id LIMIT ?3",
			DB_TEXT(category), DB_INT(now_s), DB_INT(limit));
	return db_query(db,
		"SELECT " COLUMNS " FROM case_work WHERE queue = 0 AND category = ?1"
		" AND language = ?4 AND claimed_until <= ?2 AND snoozed_until <= ?2"
		" ORDER BY due_at, case_id LIMIT ?3",
		DB_TEXT(category), DB_INT(now_s), DB_INT(limit), DB_TEXT(language));
}

struct query desk_work_free_priority(
	struct db *db, struct bytes category, struct bytes language, int64_t now_s, int limit)
{
	return db_query(db,
		"SELECT " COLUMNS " FROM case_work WHERE queue = 0 AND category = ?1"
		" AND language = ?4 AND claimed_until <= ?2 AND snoozed_until <= ?2"
		" ORDER BY priority DESC, due_at, case_id LIMIT ?3",
		DB_TEXT(category), DB_INT(now_s), DB_INT(limit), DB_TEXT(language));
}

struct bytes desk_work_category_after(struct db *db, struct arena *arena, struct bytes category)
{
	struct query q = db_query(db,
		"SELECT category FROM case_work WHERE queue = 0 AND category > ?1"
		" ORDER BY category LIMIT 1",
		DB_TEXT(category));
	struct bytes found = {NULL, 0};

	if (query_next(&q)) {
		found = query_bytes(&q, arena, 0);
		query_end(&q);
	}
	return found;
}

struct query desk_work_queues(struct db *db, int64_t now_s)
{
	return db_query(db,
		"SELECT lane, category, language, count(*),"
		" sum(CASE WHEN claimed_until <= ?1 THEN 1 ELSE 0 END),"
		" sum(CASE WHEN due_at < ?1 THEN 1 ELSE 0 END), min(due_at)"
		" FROM case_work WHERE queue = 0 GROUP BY lane, category, language"
		" ORDER BY lane, category, language",
		DB_INT(now_s));
}

struct query desk_work_waiting(struct db *db)
{
	return db_query(db,
		"SELECT category, count(*) FROM case_work WHERE queue = 1 GROUP BY category"
		" ORDER BY category");
}

int64_t desk_work_held(struct db *db, int64_t person, int64_t now_s)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM case_work WHERE claimed_by = ?1 AND claimed_by <> 0"
		" AND claimed_until > ?2",
		DB_INT(person), DB_INT(now_s));
}

/* ---- What people did ---- */

void work_deed_put(struct db *db, const struct work_deed *row)
{
	db_run(db,
		"INSERT INTO work_deeds (person, at, case_id, seq, kind, category, took_s) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(row->person), DB_INT(row->at), DB_INT(row->case_id), DB_INT(row->seq),
		DB_TEXT(row->kind), DB_TEXT(row->category), DB_INT(row->took_s));
}

void work_deeds_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM work_deeds");
}

struct query work_deeds_of(struct db *db, int64_t person, int64_t since_s, int limit)
{
	return db_query(db,
		"SELECT person, at, case_id, seq, kind, category, took_s FROM work_deeds"
		" WHERE person = ?1 AND at >= ?2 ORDER BY at, case_id, seq LIMIT ?3",
		DB_INT(person), DB_INT(since_s), DB_INT(limit));
}

bool work_deed_next(struct query *q, struct arena *arena, struct work_deed *out)
{
	if (!query_next(q))
		return false;
	out->person = query_int(q, 0);
	out->at = query_int(q, 1);
	out->case_id = query_int(q, 2);
	out->seq = (int32_t)query_int(q, 3);
	out->kind = query_bytes(q, arena, 4);
	out->category = query_bytes(q, arena, 5);
	out->took_s = query_int(q, 6);
	return true;
}
