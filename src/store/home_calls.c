/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables calls and spent_sends, and the row of the last second. Does not own which calls
 * are remembered: api/dispatch.h says so of each method. */
#include "store/home_calls.h"

#include "base/map.h"
#include "store/home_users.h"

/* The rows (0, these) of counters. */
#define SECOND_NAME "msg_id_second"
#define FLOOR_NAME "msg_id_floor"

/* An answer opens with its own call only. */
static struct seal_place answer_place(const uint8_t *salt, const struct home_call *call)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "calls",
		.owner = HOME_INSTALLATION,
		.id = (int64_t)map_mix(map_mix(call->key_id, call->session_id), call->msg_id)};
}

bool home_call_claim(struct db *db, const struct home_call *call)
{
	return db_run(db,
		       "INSERT INTO calls (auth_key, session, msg_id, code) VALUES (?1, ?2, ?3, 0)"
		       " ON CONFLICT (auth_key, session, msg_id) DO NOTHING",
		       DB_INT(call->key_id), DB_INT(call->session_id), DB_INT(call->msg_id)) == 1;
}

void home_call_settle(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_call *call, const struct home_call_answer *answer)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = answer_place(salt, call);
	struct bytes sealed = {0};

	home_salt_installation(db, salt);
	if (answer->body.size <= HOME_CALL_ANSWER_MAX)
		sealed = vault_seal(vault, &place, answer->body, arena);
	db_run(db,
		"UPDATE calls SET code = ?4, sealed_answer = ?5, account = ?6, tells = ?7"
		" WHERE auth_key = ?1 AND session = ?2 AND msg_id = ?3",
		DB_INT(call->key_id), DB_INT(call->session_id), DB_INT(call->msg_id),
		DB_INT(answer->code), DB_BYTES(sealed), DB_INT(answer->account),
		DB_INT(answer->tells));
}

void home_call_answer(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_call *call, struct home_call_answer *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = answer_place(salt, call);
	struct query q = db_query(db,
		"SELECT code, sealed_answer FROM calls"
		" WHERE auth_key = ?1 AND session = ?2 AND msg_id = ?3",
		DB_INT(call->key_id), DB_INT(call->session_id), DB_INT(call->msg_id));

	*out = (struct home_call_answer){0};
	if (!query_next(&q))
		return;
	out->code = (int32_t)query_int(&q, 0);
	if (!home_salt(db, HOME_INSTALLATION, salt) ||
		vault_open(vault, &place, query_bytes(&q, arena, 1), arena, &out->body) < 0)
		db_fail(db, "a kept answer does not open");
	query_end(&q);
}

void home_calls_forget_told(struct db *db, int64_t account)
{
	db_run(db,
		"UPDATE calls SET sealed_answer = NULL, tells = 0 WHERE account = ?1 AND tells = 1",
		DB_INT(account));
}

void home_calls_forget(struct db *db, int64_t account)
{
	db_run(db,
		"UPDATE calls SET sealed_answer = NULL, account = 0, tells = 0 WHERE account = ?1",
		DB_INT(account));
}

static bool next_session(struct db *db, const struct home_call *after, struct home_call *out)
{
	struct query q = db_query(db,
		"SELECT auth_key, session FROM calls WHERE (auth_key, session) > (?1, ?2)"
		" ORDER BY auth_key, session LIMIT 1",
		DB_INT(after->key_id), DB_INT(after->session_id));
	bool found = query_next(&q);

	if (found)
		*out = (struct home_call){
			(uint64_t)query_int(&q, 0), (uint64_t)query_int(&q, 1), 0};
	query_end(&q);
	return found;
}

bool home_calls_purge(
	struct db *db, int64_t before_s, struct home_call *cursor, int sessions, int64_t rows)
{
	struct home_call at;

	for (int i = 0; i < sessions && !db_failed(db); i++) {
		if (!next_session(db, cursor, &at)) {
			*cursor = HOME_CALLS_FIRST;
			return true;
		}
		rows -= db_run(db,
			"DELETE FROM calls WHERE auth_key = ?1 AND session = ?2 AND msg_id IN"
			" (SELECT msg_id FROM calls WHERE auth_key = ?1 AND session = ?2 AND"
			" msg_id < ?3 ORDER BY msg_id LIMIT ?4)",
			DB_INT(at.key_id), DB_INT(at.session_id), DB_INT(before_s << 32),
			DB_INT(rows));
		if (rows <= 0)
			return false; /* more of this session may be left */
		*cursor = at;
	}
	return false;
}

void home_spent_add(struct db *db, int64_t owner, int64_t random_id, int64_t sent_s)
{
	db_run(db,
		"INSERT INTO spent_sends (owner, random_id, sent_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (owner, random_id) DO NOTHING",
		DB_INT(owner), DB_INT(random_id), DB_INT(sent_s));
}

bool home_spent_has(struct db *db, int64_t owner, int64_t random_id)
{
	return db_get_int(db, 0, "SELECT 1 FROM spent_sends WHERE owner = ?1 AND random_id = ?2",
		       DB_INT(owner), DB_INT(random_id)) == 1;
}

void home_spent_purge(struct db *db, int64_t before_s, int rows)
{
	db_run(db,
		"DELETE FROM spent_sends WHERE (owner, random_id) IN (SELECT owner, random_id"
		" FROM spent_sends WHERE sent_at < ?1 ORDER BY sent_at LIMIT ?2)",
		DB_INT(before_s), DB_INT(rows));
}

static void counter_set(struct db *db, const char *name, int64_t value)
{
	db_run(db,
		"INSERT INTO counters (owner, name, value) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value",
		DB_INT(HOME_INSTALLATION), DB_STR(name), DB_INT(value));
}

static int64_t counter_get(struct db *db, const char *name)
{
	return db_get_int(db, 0, "SELECT value FROM counters WHERE owner = ?1 AND name = ?2",
		DB_INT(HOME_INSTALLATION), DB_STR(name));
}

void home_id_second_set(struct db *db, int64_t second)
{
	counter_set(db, SECOND_NAME, second);
}

int64_t home_id_second(struct db *db)
{
	return counter_get(db, SECOND_NAME);
}

void home_id_floor_set(struct db *db, uint64_t floor)
{
	counter_set(db, FLOOR_NAME, (int64_t)floor);
}

uint64_t home_id_floor(struct db *db)
{
	return (uint64_t)counter_get(db, FLOOR_NAME);
}
