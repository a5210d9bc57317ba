/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Who may sign in, and when, is src/desk/people/sign_in.c's matter. */
#include "store/square_desk_people.h"

#define PERSON_COLUMNS                                                                             \
	"id, sign_in, categories, countries, regions, shifts, secret_hash, secret_until, "         \
	"password, totp, totp_new, totp_step, recovery, acts_for"

void person_insert(struct db *db, const struct person *row)
{
	db_run(db,
		"INSERT INTO people (id, sign_in, categories, countries, regions, shifts, "
		"secret_until, totp_step) VALUES (?1, '', '', '', '', '', 0, 0)",
		DB_INT(row->id));
	person_update(db, row);
}

void person_update(struct db *db, const struct person *row)
{
	db_run(db,
		"UPDATE people SET sign_in = ?2, categories = ?3, countries = ?4, regions = ?5, "
		"shifts = ?6, secret_hash = ?7, secret_until = ?8, password = ?9, totp = ?10, "
		"totp_new = ?11, totp_step = ?12, recovery = ?13, acts_for = ?14 WHERE id = ?1",
		DB_INT(row->id), DB_TEXT(row->sign_in), DB_TEXT(row->categories),
		DB_TEXT(row->countries), DB_TEXT(row->regions), DB_TEXT(row->shifts),
		DB_BYTES(row->secret_hash), DB_INT(row->secret_until), DB_TEXT(row->password),
		DB_BYTES(row->totp), DB_BYTES(row->totp_new), DB_INT(row->totp_step),
		DB_BYTES(row->recovery), DB_INT(row->acts_for));
}

static bool person_read(struct query *q, struct arena *arena, struct person *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->sign_in = query_bytes(q, arena, 1);
	out->categories = query_bytes(q, arena, 2);
	out->countries = query_bytes(q, arena, 3);
	out->regions = query_bytes(q, arena, 4);
	out->shifts = query_bytes(q, arena, 5);
	out->secret_hash = query_bytes(q, arena, 6);
	out->secret_until = query_int(q, 7);
	out->password = query_bytes(q, arena, 8);
	out->totp = query_bytes(q, arena, 9);
	out->totp_new = query_bytes(q, arena, 10);
	out->totp_step = query_int(q, 11);
	out->recovery = query_bytes(q, arena, 12);
	out->acts_for = query_int(q, 13);
	query_end(q);
	return true;
}

bool person_get(struct db *db, struct arena *arena, int64_t id, struct person *out)
{
	struct query q =
		db_query(db, "SELECT " PERSON_COLUMNS " FROM people WHERE id = ?1", DB_INT(id));

	return person_read(&q, arena, out);
}

bool person_by_sign_in(struct db *db, struct arena *arena, struct bytes sign_in, struct person *out)
{
	struct query q = db_query(
		db, "SELECT " PERSON_COLUMNS " FROM people WHERE sign_in = ?1", DB_TEXT(sign_in));

	return person_read(&q, arena, out);
}

void person_grant_update(
	struct db *db, int64_t id, struct bytes name, struct bytes langs, struct bytes country)
{
	db_run(db, "UPDATE desk_grants SET name = ?2, langs = ?3, country = ?4 WHERE id = ?1",
		DB_INT(id), DB_TEXT(name), DB_TEXT(langs), DB_TEXT(country));
}

/* ---- Sessions ---- */

void desk_session_insert(struct db *db, struct bytes token_hash, const struct desk_session *row)
{
	db_run(db,
		"INSERT INTO desk_sessions (token_hash, person, created_at, seen_at, address, "
		"moved) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
		DB_BYTES(token_hash), DB_INT(row->person), DB_INT(row->created_at),
		DB_INT(row->seen_at), DB_BYTES(row->address));
}

bool desk_session_get(
	struct db *db, struct arena *arena, struct bytes token_hash, struct desk_session *out)
{
	struct query q = db_query(db,
		"SELECT person, created_at, seen_at, address, moved FROM desk_sessions WHERE "
		"token_hash = ?1",
		DB_BYTES(token_hash));

	if (!query_next(&q))
		return false;
	out->person = query_int(&q, 0);
	out->created_at = query_int(&q, 1);
	out->seen_at = query_int(&q, 2);
	out->address = query_bytes(&q, arena, 3);
	out->moved = query_int(&q, 4) != 0;
	query_end(&q);
	return true;
}

void desk_session_touch(struct db *db, struct bytes token_hash, int64_t seen_at, bool moved)
{
	db_run(db, "UPDATE desk_sessions SET seen_at = ?2, moved = ?3 WHERE token_hash = ?1",
		DB_BYTES(token_hash), DB_INT(seen_at), DB_INT(moved));
}

void desk_session_end(struct db *db, struct bytes token_hash)
{
	db_run(db, "DELETE FROM desk_sessions WHERE token_hash = ?1", DB_BYTES(token_hash));
}

int64_t desk_sessions_end(struct db *db, int64_t person, struct bytes but)
{
	return db_run(db,
		"DELETE FROM desk_sessions WHERE person = ?1 AND (?2 IS NULL OR token_hash <> ?2)",
		DB_INT(person), DB_BYTES(but));
}

void desk_sessions_prune(struct db *db, int64_t seen_since, int64_t created_since)
{
	db_run(db, "DELETE FROM desk_sessions WHERE seen_at < ?1", DB_INT(seen_since));
	db_run(db, "DELETE FROM desk_sessions WHERE created_at < ?1", DB_INT(created_since));
}

bool desk_session_elsewhere(struct db *db, int64_t person, struct bytes address, int64_t since)
{
	return db_get_int(db, 0,
		       "SELECT count(*) FROM desk_sessions WHERE person = ?1 AND address <> ?2 "
		       "AND seen_at >= ?3",
		       DB_INT(person), DB_BYTES(address), DB_INT(since)) > 0;
}

/* ---- Failed tries ---- */

int64_t desk_tries_failed(struct db *db, struct bytes about, int64_t since)
{
	return db_get_int(db, 0, "SELECT failed FROM desk_tries WHERE about = ?1 AND since > ?2",
		DB_BYTES(about), DB_INT(since));
}

void desk_tries_add(struct db *db, struct bytes about, int64_t now_s, int64_t since)
{
	db_run(db, "DELETE FROM desk_tries WHERE about = ?1 AND since <= ?2", DB_BYTES(about),
		DB_INT(since));
	db_run(db,
		"INSERT INTO desk_tries (about, failed, since) VALUES (?1, 1, ?2)"
		" ON CONFLICT (about) DO UPDATE SET failed = desk_tries.failed + 1",
		DB_BYTES(about), DB_INT(now_s));
}

void desk_tries_forget(struct db *db, struct bytes about)
{
	db_run(db, "DELETE FROM desk_tries WHERE about = ?1", DB_BYTES(about));
}

void desk_tries_prune(struct db *db, int64_t since)
{
	db_run(db, "DELETE FROM desk_tries WHERE since <= ?1", DB_INT(since));
}

/* ---- The log ---- */

void desk_deed_insert(struct db *db, const struct desk_deed *row)
{
	db_run(db,
		"INSERT INTO desk_log (seq, at, actor, kind, person, data, hash) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6, ?7)",
		DB_INT(row->seq), DB_INT(row->at), DB_INT(row->actor), DB_TEXT(row->kind),
		DB_INT(row->person), DB_TEXT(row->data), DB_BYTES(row->hash));
}

static bool deed_read(struct query *q, struct arena *arena, struct desk_deed *out)
{
	if (!query_next(q))
		return false;
	out->seq = query_int(q, 0);
	out->at = query_int(q, 1);
	out->actor = query_int(q, 2);
	out->kind = query_bytes(q, arena, 3);
	out->person = query_int(q, 4);
	out->data = query_bytes(q, arena, 5);
	out->hash = query_bytes(q, arena, 6);
	query_end(q);
	return true;
}

bool desk_deed_next(struct db *db, struct arena *arena, int64_t after, struct desk_deed *out)
{
	struct query q = db_query(db,
		"SELECT seq, at, actor, kind, person, data, hash FROM desk_log WHERE seq > ?1 "
		"ORDER BY seq LIMIT 1",
		DB_INT(after));

	return deed_read(&q, arena, out);
}

bool desk_deed_about(
	struct db *db, struct arena *arena, int64_t person, int64_t before, struct desk_deed *out)
{
	struct query q = db_query(db,
		"SELECT seq, at, actor, kind, person, data, hash FROM desk_log WHERE person = ?1 "
		"AND seq < ?2 ORDER BY seq DESC LIMIT 1",
		DB_INT(person), DB_INT(before));

	return deed_read(&q, arena, out);
}

int64_t desk_deeds_count(struct db *db, const char *kind, int64_t from_s, int64_t to_s)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM desk_log WHERE kind = ?1 AND at >= ?2 AND at < ?3",
		DB_STR(kind), DB_INT(from_s), DB_INT(to_s));
}

bool desk_deed_last(struct db *db, struct arena *arena, struct desk_deed *out)
{
	struct query q = db_query(db,
		"SELECT seq, at, actor, kind, person, data, hash FROM desk_log ORDER BY seq DESC "
		"LIMIT 1");

	return deed_read(&q, arena, out);
}
