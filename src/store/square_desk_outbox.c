/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. When to try again, and when to give up, is src/desk/letters/outbox.c's matter. */
#include "store/square_desk_outbox.h"

#define COLUMNS                                                                                    \
	"id, request, way, address, subject, body, extra, edits, answers, case_id, created_at, "   \
	"next_at, tries, settled_at, outcome, result"
#define DROPPED_AT_ONCE 200

int64_t desk_outgoing_insert(struct db *db, const struct desk_outgoing *row)
{
	int64_t id = db_counter_add(db, 0, "desk_outgoing", 1);

	db_run(db,
		"INSERT INTO desk_outbox (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		" ?10, ?11, ?12, 0, 0, '', 0)",
		DB_INT(id), DB_INT(row->request), DB_TEXT(row->way), DB_TEXT(row->address),
		DB_TEXT(row->subject), DB_TEXT(row->body), DB_TEXT(row->extra), DB_INT(row->edits),
		DB_INT(row->answers), DB_INT(row->case_id), DB_INT(row->created_at),
		DB_INT(row->next_at));
	return id;
}

static bool read_row(struct query *q, struct arena *arena, struct desk_outgoing *out)
{
	if (!query_next(q))
		return false;
	*out = (struct desk_outgoing){
		.id = query_int(q, 0),
		.request = query_int(q, 1),
		.way = query_bytes(q, arena, 2),
		.address = query_bytes(q, arena, 3),
		.subject = query_bytes(q, arena, 4),
		.body = query_bytes(q, arena, 5),
		.extra = query_bytes(q, arena, 6),
		.edits = query_int(q, 7),
		.answers = query_int(q, 8),
		.case_id = query_int(q, 9),
		.created_at = query_int(q, 10),
		.next_at = query_int(q, 11),
		.tries = query_int(q, 12),
		.settled_at = query_int(q, 13),
		.outcome = query_bytes(q, arena, 14),
		.result = query_int(q, 15),
	};
	query_end(q);
	return true;
}

bool desk_outgoing_get(struct db *db, struct arena *arena, int64_t id, struct desk_outgoing *out)
{
	struct query q =
		db_query(db, "SELECT " COLUMNS " FROM desk_outbox WHERE id = ?1", DB_INT(id));

	return read_row(&q, arena, out);
}

bool desk_outgoing_next(struct db *db, struct arena *arena, const char *way, int64_t now_s,
	struct desk_outgoing *out)
{
	struct query q = db_query(db,
		"SELECT " COLUMNS " FROM desk_outbox o WHERE settled_at = 0 AND way = ?1"
		" AND next_at <= ?2 AND NOT EXISTS (SELECT 1 FROM desk_outbox e WHERE"
		" e.settled_at = 0 AND e.way = o.way AND e.address = o.address AND e.id < o.id)"
		" ORDER BY next_at, id LIMIT 1",
		DB_STR(way), DB_INT(now_s));

	return read_row(&q, arena, out);
}

void desk_outgoing_delay(struct db *db, int64_t id, int64_t next_at)
{
	db_run(db, "UPDATE desk_outbox SET tries = tries + 1, next_at = ?2 WHERE id = ?1",
		DB_INT(id), DB_INT(next_at));
}

void desk_outgoing_settle(
	struct db *db, int64_t id, int64_t now_s, const char *outcome, int64_t result)
{
	db_run(db,
		"UPDATE desk_outbox SET settled_at = ?2, outcome = ?3, result = ?4, subject = '',"
		" body = '', extra = '', address = CASE WHEN way = 'bot' AND ?4 > 0 THEN address"
		" ELSE '' END WHERE id = ?1",
		DB_INT(id), DB_INT(now_s), DB_STR(outcome), DB_INT(result));
}

void desk_outgoing_delete(struct db *db, int64_t id)
{
	db_run(db, "DELETE FROM desk_outbox WHERE id = ?1", DB_INT(id));
}

void desk_outgoing_drop(struct db *db, int64_t before_s)
{
	db_run(db,
		"DELETE FROM desk_outbox WHERE id IN (SELECT id FROM desk_outbox WHERE"
		" settled_at > 0 AND settled_at < ?1 LIMIT ?2)",
		DB_INT(before_s), DB_INT(DROPPED_AT_ONCE));
}
