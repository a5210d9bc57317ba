/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_bulk.h"

#define BULK_COLUMNS                                                                               \
	"id, person, created_at, state, token_hash, decision, started_at, undo_by, undo"

static bool bulk_read(struct query *q, struct arena *arena, struct desk_bulk *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->person = query_int(q, 1);
	out->created_at = query_int(q, 2);
	out->state = (enum bulk_state)query_int(q, 3);
	out->token_hash = query_bytes(q, arena, 4);
	out->decision = query_bytes(q, arena, 5);
	out->started_at = query_int(q, 6);
	out->undo_by = query_int(q, 7);
	out->undo = query_bytes(q, arena, 8);
	query_end(q);
	return true;
}

void desk_bulk_insert(struct db *db, struct desk_bulk *row)
{
	row->id = db_counter_add(db, 0, "bulk", 1);
	desk_bulk_put(db, row);
}

void desk_bulk_put(struct db *db, const struct desk_bulk *row)
{
	db_run(db, "DELETE FROM bulks WHERE id = ?1", DB_INT(row->id));
	db_run(db,
		"INSERT INTO bulks (" BULK_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(row->id), DB_INT(row->person), DB_INT(row->created_at), DB_INT(row->state),
		DB_BYTES(row->token_hash), DB_TEXT(row->decision), DB_INT(row->started_at),
		DB_INT(row->undo_by), DB_TEXT(row->undo));
}

bool desk_bulk_get(struct db *db, struct arena *arena, int64_t id, struct desk_bulk *out)
{
	struct query q =
		db_query(db, "SELECT " BULK_COLUMNS " FROM bulks WHERE id = ?1", DB_INT(id));

	return bulk_read(&q, arena, out);
}

bool desk_bulk_working(struct db *db, struct arena *arena, struct desk_bulk *out)
{
	struct query q = db_query(
		db, "SELECT " BULK_COLUMNS " FROM bulks WHERE state IN (1, 3) ORDER BY id LIMIT 1");

	return bulk_read(&q, arena, out);
}

void bulk_case_insert(struct db *db, const struct bulk_case *row)
{
	db_run(db,
		"INSERT INTO bulk_cases (bulk_id, case_id, head_seq, step, order_id, why)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		DB_INT(row->bulk_id), DB_INT(row->case_id), DB_INT(row->head_seq),
		DB_INT(row->step), DB_INT(row->order_id), DB_TEXT(row->why));
}

void bulk_case_put(struct db *db, const struct bulk_case *row)
{
	db_run(db,
		"UPDATE bulk_cases SET head_seq = ?3, step = ?4, order_id = ?5, why = ?6"
		" WHERE bulk_id = ?1 AND case_id = ?2",
		DB_INT(row->bulk_id), DB_INT(row->case_id), DB_INT(row->head_seq),
		DB_INT(row->step), DB_INT(row->order_id), DB_TEXT(row->why));
}

bool bulk_case_next(struct db *db, struct arena *arena, int64_t bulk_id, enum bulk_step step,
	int64_t after, struct bulk_case *out)
{
	struct query q = db_query(db,
		"SELECT bulk_id, case_id, head_seq, step, order_id, why FROM bulk_cases"
		" WHERE bulk_id = ?1 AND step = ?2 AND case_id > ?3 ORDER BY case_id LIMIT 1",
		DB_INT(bulk_id), DB_INT(step), DB_INT(after));

	if (!query_next(&q))
		return false;
	out->bulk_id = query_int(&q, 0);
	out->case_id = query_int(&q, 1);
	out->head_seq = (int32_t)query_int(&q, 2);
	out->step = (enum bulk_step)query_int(&q, 3);
	out->order_id = query_int(&q, 4);
	out->why = query_bytes(&q, arena, 5);
	query_end(&q);
	return true;
}

struct query bulk_cases_list(struct db *db, int64_t bulk_id)
{
	return db_query(db,
		"SELECT case_id, step, why FROM bulk_cases WHERE bulk_id = ?1 ORDER BY case_id",
		DB_INT(bulk_id));
}
