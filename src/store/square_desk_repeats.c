/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What may be repeated, and how long, is src/desk/repeats.c's matter. */
#include "store/square_desk_repeats.h"

int64_t desk_repeat_insert(struct db *db, const struct desk_repeat *repeat)
{
	int64_t id = db_counter_add(db, 0, "desk_repeat", 1);

	db_run(db,
		"INSERT INTO desk_repeats (id, grant_id, key_hash, request_hash, status, order_id,"
		" created_at, sealed_answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		DB_INT(id), DB_INT(repeat->grant_id), DB_BYTES(repeat->key_hash),
		DB_BYTES(repeat->request_hash), DB_INT(repeat->status), DB_INT(repeat->order_id),
		DB_INT(repeat->created_at), DB_BYTES(BYTES_LITERAL("")));
	return id;
}

void desk_repeat_answer(struct db *db, int64_t id, struct bytes sealed)
{
	db_run(db, "UPDATE desk_repeats SET sealed_answer = ?2 WHERE id = ?1", DB_INT(id),
		DB_BYTES(sealed));
}

bool desk_repeat_find(struct db *db, struct arena *arena, int64_t grant_id, struct bytes key_hash,
	struct desk_repeat *out, struct bytes *sealed)
{
	struct query q = db_query(db,
		"SELECT id, request_hash, status, order_id, created_at, sealed_answer"
		" FROM desk_repeats WHERE grant_id = ?1 AND key_hash = ?2",
		DB_INT(grant_id), DB_BYTES(key_hash));

	if (!query_next(&q))
		return false;
	*out = (struct desk_repeat){.id = query_int(&q, 0),
		.grant_id = grant_id,
		.key_hash = key_hash,
		.request_hash = query_bytes(&q, arena, 1),
		.status = (int)query_int(&q, 2),
		.order_id = query_int(&q, 3),
		.created_at = query_int(&q, 4)};
	*sealed = query_bytes(&q, arena, 5);
	query_end(&q);
	return true;
}

void desk_repeats_drop(struct db *db, int64_t before_s)
{
	db_run(db, "DELETE FROM desk_repeats WHERE created_at < ?1", DB_INT(before_s));
}
