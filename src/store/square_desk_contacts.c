/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_contacts.h"

#include "base/text.h"

#define OFFICER_COLUMNS "id, grant_id, name, username, user_id, created_at, ended_at"
#define IN_FORCE                                                                                   \
	" AND EXISTS (SELECT 1 FROM desk_grants g WHERE g.id = grant_id AND g.revoked_at IS NULL)"

int64_t desk_officer_insert(struct db *db, const struct desk_officer *officer)
{
	int64_t id = db_counter_add(db, 0, "desk_officer", 1);

	db_run(db,
		"INSERT INTO desk_officers (id, grant_id, name, username, user_id, created_at, "
		"ended_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
		DB_INT(id), DB_INT(officer->grant_id), DB_TEXT(officer->name),
		DB_TEXT(officer->username), DB_INT(officer->user_id), DB_INT(officer->created_at));
	return id;
}

static bool officer_read(struct query *q, struct arena *arena, struct desk_officer *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->grant_id = query_int(q, 1);
	out->name = query_bytes(q, arena, 2);
	out->username = query_bytes(q, arena, 3);
	out->user_id = query_int(q, 4);
	out->created_at = query_int(q, 5);
	out->ended_at = query_int(q, 6);
	query_end(q);
	return true;
}

bool desk_officer_next(struct db *db, struct arena *arena, int64_t grant_id, int64_t after,
	struct desk_officer *out)
{
	struct query q = db_query(db,
		"SELECT " OFFICER_COLUMNS " FROM desk_officers WHERE grant_id = ?1 AND id > ?2"
		" AND ended_at = 0 ORDER BY id LIMIT 1",
		DB_INT(grant_id), DB_INT(after));

	return officer_read(&q, arena, out);
}

bool desk_officer_end(struct db *db, int64_t grant_id, int64_t id, int64_t now_s)
{
	return db_run(db,
		       "UPDATE desk_officers SET ended_at = ?3 WHERE grant_id = ?1 AND id = ?2"
		       " AND ended_at = 0",
		       DB_INT(grant_id), DB_INT(id), DB_INT(now_s)) == 1;
}

bool desk_officer_find(struct db *db, struct arena *arena, int64_t user_id, struct bytes username,
	struct desk_officer *out)
{
	struct query q = db_query(db,
		"SELECT " OFFICER_COLUMNS
		" FROM desk_officers WHERE user_id = ?1 AND user_id <> 0 AND ended_at = 0" IN_FORCE
		" ORDER BY id LIMIT 1",
		DB_INT(user_id));

	if (officer_read(&q, arena, out))
		return true;
	if (username.size == 0 || user_id == 0)
		return false;
	q = db_query(db,
		"SELECT " OFFICER_COLUMNS
		" FROM desk_officers WHERE username = ?1 AND user_id = 0 AND ended_at = 0" IN_FORCE
		" ORDER BY id LIMIT 1",
		DB_STR(text_lower(arena, username)));
	if (!officer_read(&q, arena, out))
		return false;
	db_run(db, "UPDATE desk_officers SET user_id = ?2 WHERE id = ?1", DB_INT(out->id),
		DB_INT(user_id));
	out->user_id = user_id;
	return true;
}

bool desk_address_add(struct db *db, int64_t grant_id, struct bytes address)
{
	/* Of a revoked grant it is free again. */
	db_run(db,
		"DELETE FROM desk_addresses WHERE address = ?1 AND EXISTS"
		" (SELECT 1 FROM desk_grants g WHERE g.id = grant_id"
		" AND g.revoked_at IS NOT NULL)",
		DB_TEXT(address));
	return db_run(db,
		       "INSERT INTO desk_addresses (address, grant_id) VALUES (?1, ?2)"
		       " ON CONFLICT (address) DO NOTHING",
		       DB_TEXT(address), DB_INT(grant_id)) == 1;
}

bool desk_address_end(struct db *db, int64_t grant_id, struct bytes address)
{
	return db_run(db, "DELETE FROM desk_addresses WHERE grant_id = ?1 AND address = ?2",
		       DB_INT(grant_id), DB_TEXT(address)) == 1;
}

bool desk_address_next(
	struct db *db, struct arena *arena, int64_t grant_id, struct bytes after, struct bytes *out)
{
	struct query q = db_query(db,
		"SELECT address FROM desk_addresses WHERE grant_id = ?1 AND address > ?2"
		" ORDER BY address LIMIT 1",
		DB_INT(grant_id), DB_TEXT(after));

	if (!query_next(&q))
		return false;
	*out = query_bytes(&q, arena, 0);
	query_end(&q);
	return true;
}

static bool grant_in_force(struct db *db, struct arena *arena, int64_t id, struct desk_grant *out)
{
	return id && desk_grant_get(db, arena, id, out) && !out->revoked_at;
}

bool desk_address_grant(
	struct db *db, struct arena *arena, struct bytes address, struct desk_grant *out)
{
	return grant_in_force(db, arena,
		db_get_int(db, 0, "SELECT grant_id FROM desk_addresses WHERE address = ?1",
			DB_STR(text_lower(arena, address))),
		out);
}

bool desk_chat_grant(struct db *db, struct arena *arena, int64_t chat, struct desk_grant *out)
{
	return grant_in_force(db, arena,
		db_get_int(db, 0, "SELECT grant_id FROM desk_chats WHERE chat = ?1", DB_INT(chat)),
		out);
}

void desk_chat_bind(struct db *db, int64_t chat, int64_t grant_id, int64_t now_s)
{
	db_run(db,
		"INSERT INTO desk_chats (chat, grant_id, created_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (chat) DO UPDATE SET grant_id = excluded.grant_id,"
		" created_at = excluded.created_at",
		DB_INT(chat), DB_INT(grant_id), DB_INT(now_s));
}

bool desk_chat_end(struct db *db, int64_t grant_id, int64_t chat)
{
	return db_run(db, "DELETE FROM desk_chats WHERE grant_id = ?1 AND chat = ?2",
		       DB_INT(grant_id), DB_INT(chat)) == 1;
}

void desk_chat_move(struct db *db, int64_t chat, int64_t to)
{
	db_run(db, "DELETE FROM desk_chats WHERE chat = ?1", DB_INT(to));
	db_run(db, "UPDATE desk_chats SET chat = ?2 WHERE chat = ?1", DB_INT(chat), DB_INT(to));
}

bool desk_chat_next(struct db *db, int64_t grant_id, int64_t after, int64_t *chat)
{
	struct query q = db_query(db,
		"SELECT chat FROM desk_chats WHERE grant_id = ?1 AND chat > ?2 ORDER BY chat LIMIT "
		"1",
		DB_INT(grant_id), DB_INT(after));

	if (!query_next(&q))
		return false;
	*chat = query_int(&q, 0);
	query_end(&q);
	return true;
}

void desk_chat_code_put(struct db *db, int64_t grant_id, struct bytes code_hash, int64_t ends_at)
{
	db_run(db,
		"INSERT INTO desk_chat_codes (grant_id, code_hash, ends_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (grant_id) DO UPDATE SET code_hash = excluded.code_hash,"
		" ends_at = excluded.ends_at",
		DB_INT(grant_id), DB_BYTES(code_hash), DB_INT(ends_at));
}

int64_t desk_chat_code_take(struct db *db, struct bytes code_hash, int64_t now_s)
{
	int64_t grant_id = db_get_int(db, 0,
		"SELECT grant_id FROM desk_chat_codes WHERE code_hash = ?1 AND ends_at > "
		"?2" IN_FORCE,
		DB_BYTES(code_hash), DB_INT(now_s));

	if (grant_id)
		db_run(db, "DELETE FROM desk_chat_codes WHERE grant_id = ?1", DB_INT(grant_id));
	return grant_id;
}
