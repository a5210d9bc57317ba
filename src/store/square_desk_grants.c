/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Roles and tokens are src/desk/lanes/grants.c's matter. */
#include "store/square_desk_grants.h"

#define GRANT_COLUMNS "id, role, name, langs, country, created_at, revoked_at"

int64_t desk_grant_insert(struct db *db, struct bytes token_hash, const struct desk_grant *grant)
{
	int64_t id = db_counter_add(db, 0, "desk_grant", 1);

	db_run(db,
		"INSERT INTO desk_grants (id, token_hash, role, name, langs, country, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(id), DB_BYTES(token_hash), DB_TEXT(grant->role), DB_TEXT(grant->name),
		DB_TEXT(grant->langs), DB_TEXT(grant->country), DB_INT(grant->created_at));
	return id;
}

static bool grant_read(struct query *q, struct arena *arena, struct desk_grant *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->role = query_bytes(q, arena, 1);
	out->name = query_bytes(q, arena, 2);
	out->langs = query_bytes(q, arena, 3);
	out->country = query_bytes(q, arena, 4);
	out->created_at = query_int(q, 5);
	out->revoked_at = query_int(q, 6);
	query_end(q);
	return true;
}

bool desk_grant_find(
	struct db *db, struct arena *arena, struct bytes token_hash, struct desk_grant *out)
{
	struct query q = db_query(db,
		"SELECT " GRANT_COLUMNS
		" FROM desk_grants WHERE token_hash = ?1 AND revoked_at IS NULL",
		DB_BYTES(token_hash));

	return grant_read(&q, arena, out);
}

bool desk_grant_get(struct db *db, struct arena *arena, int64_t id, struct desk_grant *out)
{
	struct query q =
		db_query(db, "SELECT " GRANT_COLUMNS " FROM desk_grants WHERE id = ?1", DB_INT(id));

	return grant_read(&q, arena, out);
}

bool desk_grant_next(struct db *db, struct arena *arena, int64_t after, struct desk_grant *out)
{
	struct query q = db_query(db,
		"SELECT " GRANT_COLUMNS " FROM desk_grants WHERE id > ?1 ORDER BY id LIMIT 1",
		DB_INT(after));

	return grant_read(&q, arena, out);
}

void desk_grant_token_set(struct db *db, int64_t id, struct bytes token_hash)
{
	db_run(db, "UPDATE desk_grants SET token_hash = ?2 WHERE id = ?1", DB_INT(id),
		DB_BYTES(token_hash));
}

bool desk_grant_revoke(struct db *db, int64_t id, int64_t now_s)
{
	return db_run(db,
		       "UPDATE desk_grants SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS "
		       "NULL",
		       DB_INT(id), DB_INT(now_s)) == 1;
}

void desk_refusal_count(struct db *db, const char *day, const char *lane, const char *reason)
{
	db_run(db,
		"INSERT INTO desk_refusals (day, lane, reason, count) VALUES (?1, ?2, ?3, 1)"
		" ON CONFLICT (day, lane, reason) DO UPDATE SET count = desk_refusals.count + 1",
		DB_STR(day), DB_STR(lane), DB_STR(reason));
}

int64_t desk_mark_get(struct db *db, const char *name)
{
	return db_get_int(db, 0, "SELECT value FROM desk_marks WHERE name = ?1", DB_STR(name));
}

void desk_mark_set(struct db *db, const char *name, int64_t value)
{
	db_run(db,
		"INSERT INTO desk_marks (name, value) VALUES (?1, ?2)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		DB_STR(name), DB_INT(value));
}
