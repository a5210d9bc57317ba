/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What a signed request must be is src/desk/lanes/signed_ask.c's matter. */
#include "store/square_desk_keys.h"

#define KEY_COLUMNS "id, grant_id, public_key, created_at, ends_at"

int64_t desk_key_insert(struct db *db, const struct desk_key *key)
{
	int64_t id = db_counter_add(db, 0, "desk_key", 1);

	db_run(db,
		"INSERT INTO desk_keys (id, grant_id, public_key, created_at, ends_at)"
		" VALUES (?1, ?2, ?3, ?4, 0)",
		DB_INT(id), DB_INT(key->grant_id), DB_BYTES(key->public_key),
		DB_INT(key->created_at));
	return id;
}

static bool key_read(struct query *q, struct arena *arena, struct desk_key *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->grant_id = query_int(q, 1);
	out->public_key = query_bytes(q, arena, 2);
	out->created_at = query_int(q, 3);
	out->ends_at = query_int(q, 4);
	query_end(q);
	return true;
}

bool desk_key_get(struct db *db, struct arena *arena, int64_t id, struct desk_key *out)
{
	struct query q =
		db_query(db, "SELECT " KEY_COLUMNS " FROM desk_keys WHERE id = ?1", DB_INT(id));

	return key_read(&q, arena, out);
}

bool desk_key_next(struct db *db, struct arena *arena, int64_t after, struct desk_key *out)
{
	struct query q = db_query(db,
		"SELECT " KEY_COLUMNS " FROM desk_keys WHERE id > ?1 ORDER BY id LIMIT 1",
		DB_INT(after));

	return key_read(&q, arena, out);
}

bool desk_key_end(struct db *db, int64_t id, int64_t now_s)
{
	return db_run(db, "UPDATE desk_keys SET ends_at = ?2 WHERE id = ?1 AND ends_at = 0",
		       DB_INT(id), DB_INT(now_s)) == 1;
}

bool desk_nonce_use(
	struct db *db, int64_t key_id, struct bytes nonce, int64_t now_s, int64_t ends_at)
{
	db_run(db, "DELETE FROM desk_nonces WHERE ends_at < ?1", DB_INT(now_s));
	return db_run(db,
		       "INSERT INTO desk_nonces (key_id, nonce, ends_at) VALUES (?1, ?2, ?3)"
		       " ON CONFLICT (key_id, nonce) DO NOTHING",
		       DB_INT(key_id), DB_TEXT(nonce), DB_INT(ends_at)) == 1;
}
