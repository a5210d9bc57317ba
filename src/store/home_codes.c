/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables login_codes, standing_codes and login_exports. Does not own what the limits are:
 * core/accounts/login.c does. */
#include "store/home_codes.h"

#include "store/home_users.h"

#define PURGE_ROWS 16 /* per call: more than one call adds, so the table shrinks */

static struct bytes phone_bytes(const uint8_t *phone_hash)
{
	return bytes_of(phone_hash, VAULT_LOOKUP_SIZE);
}

/* A code is known by random text: the number it is for says where it belongs. */
static struct seal_place code_place(const uint8_t *salt, const uint8_t *phone_hash)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "login_codes",
		.owner = HOME_INSTALLATION,
		.id = (int64_t)load_u64le(phone_hash)};
}

bool home_code_get(struct db *db, const struct vault *vault, struct arena *arena, struct bytes hash,
	struct home_code *out)
{
	struct query q = db_query(db,
		"SELECT phone_hash, sealed_code, tries, state, created_at, expires_at, purpose, "
		"account"
		" FROM login_codes WHERE hash = ?1",
		DB_TEXT(hash));
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;
	struct bytes phone;

	*out = (struct home_code){.hash = hash};
	if (!query_next(&q))
		return false;
	phone = query_bytes(&q, arena, 0);
	if (phone.size == sizeof(out->phone_hash))
		memcpy(out->phone_hash, phone.data, sizeof(out->phone_hash));
	out->tries = (int)query_int(&q, 2);
	out->state = (enum home_code_state)query_int(&q, 3);
	out->created_at_s = query_int(&q, 4);
	out->expires_at_s = query_int(&q, 5);
	out->purpose = (enum home_code_purpose)query_int(&q, 6);
	out->account = query_int(&q, 7);
	place = code_place(salt, out->phone_hash);
	if (out->state == CODE_USED) {
		query_end(&q);
		return !db_failed(db);
	}
	if (!home_salt(db, HOME_INSTALLATION, salt) ||
		vault_open(vault, &place, query_bytes(&q, arena, 1), arena, &out->code) < 0)
		db_fail(db, "a login code does not open");
	query_end(&q);
	return !db_failed(db);
}

void home_code_insert(
	struct db *db, const struct vault *vault, struct arena *arena, const struct home_code *code)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = code_place(salt, code->phone_hash);

	home_salt_installation(db, salt);
	db_run(db,
		"INSERT INTO login_codes (hash, phone_hash, sealed_code, tries, state, created_at,"
		" expires_at, purpose, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_TEXT(code->hash), DB_BYTES(phone_bytes(code->phone_hash)),
		DB_BYTES(vault_seal(vault, &place, code->code, arena)), DB_INT(code->tries),
		DB_INT(code->state), DB_INT(code->created_at_s), DB_INT(code->expires_at_s),
		DB_INT(code->purpose), DB_INT(code->account));
}

void home_code_update(struct db *db, const struct home_code *code)
{
	db_run(db, "UPDATE login_codes SET tries = ?2, state = ?3, expires_at = ?4 WHERE hash = ?1",
		DB_TEXT(code->hash), DB_INT(code->tries), DB_INT(code->state),
		DB_INT(code->expires_at_s));
}

void home_codes_use(struct db *db, const uint8_t *phone_hash)
{
	db_run(db,
		"UPDATE login_codes SET state = ?2, tries = 0, sealed_code = ?3"
		" WHERE phone_hash = ?1",
		DB_BYTES(phone_bytes(phone_hash)), DB_INT(CODE_USED), DB_BYTES(BYTES_LITERAL("")));
}

void home_codes_expire(struct db *db, const uint8_t *phone_hash, int64_t now_s)
{
	db_run(db,
		"UPDATE login_codes SET expires_at = ?3 WHERE phone_hash = ?1 AND state = ?2 AND"
		" expires_at > ?3",
		DB_BYTES(phone_bytes(phone_hash)), DB_INT(CODE_WAITING), DB_INT(now_s));
}

struct home_code_use home_codes_used(
	struct db *db, const uint8_t *phone_hash, int64_t since_codes_s, int64_t since_wrong_s)
{
	struct home_code_use use = {0};
	struct query q = db_query(db,
		"SELECT state, tries, created_at FROM login_codes WHERE phone_hash = ?1 AND"
		" created_at > ?2 ORDER BY created_at",
		DB_BYTES(phone_bytes(phone_hash)),
		DB_INT(since_wrong_s < since_codes_s ? since_wrong_s : since_codes_s));

	while (query_next(&q)) {
		int64_t tries = query_int(&q, 1), created = query_int(&q, 2);

		if (query_int(&q, 0) != CODE_USED && created > since_codes_s && use.codes++ == 0)
			use.oldest_s = created;
		if (tries > 0 && created > since_wrong_s) {
			if (use.wrong == 0)
				use.oldest_wrong_s = created;
			use.wrong += tries;
		}
	}
	return use;
}

void home_codes_purge(struct db *db, int64_t before_s)
{
	db_run(db,
		"DELETE FROM login_codes WHERE hash IN (SELECT hash FROM login_codes WHERE"
		" created_at < ?1 ORDER BY created_at LIMIT ?2)",
		DB_INT(before_s), DB_INT(PURGE_ROWS));
}

/* ---- Codes that the operator handed out ---- */

static struct seal_place standing_place(const uint8_t *salt, const uint8_t *phone_hash)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "standing_codes",
		.owner = HOME_INSTALLATION,
		.id = (int64_t)load_u64le(phone_hash)};
}

void home_standing_put(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *phone_hash, struct bytes code, int64_t expires_at_s)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = standing_place(salt, phone_hash);

	home_salt_installation(db, salt);
	db_run(db,
		"INSERT INTO standing_codes (phone_hash, sealed_code, expires_at) VALUES (?1, ?2, "
		"?3) ON CONFLICT (phone_hash) DO UPDATE SET sealed_code = ?2, expires_at = ?3",
		DB_BYTES(phone_bytes(phone_hash)), DB_BYTES(vault_seal(vault, &place, code, arena)),
		DB_INT(expires_at_s));
}

bool home_standing_get(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *phone_hash, int64_t now_s, struct bytes *code)
{
	struct query q = db_query(db,
		"SELECT sealed_code FROM standing_codes WHERE phone_hash = ?1 AND expires_at > ?2",
		DB_BYTES(phone_bytes(phone_hash)), DB_INT(now_s));
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = standing_place(salt, phone_hash);
	struct bytes sealed;

	if (!query_next(&q))
		return false;
	sealed = query_bytes(&q, arena, 0);
	query_end(&q);
	if (!home_salt(db, HOME_INSTALLATION, salt) ||
		vault_open(vault, &place, sealed, arena, code) < 0)
		db_fail(db, "a standing code does not open");
	return !db_failed(db);
}

bool home_standing_waits(struct db *db, const uint8_t *phone_hash)
{
	return db_get_int(db, 0, "SELECT 1 FROM standing_codes WHERE phone_hash = ?1",
		       DB_BYTES(phone_bytes(phone_hash))) == 1;
}

void home_standing_delete(struct db *db, const uint8_t *phone_hash)
{
	db_run(db, "DELETE FROM standing_codes WHERE phone_hash = ?1",
		DB_BYTES(phone_bytes(phone_hash)));
}

void home_export_insert(struct db *db, const uint8_t *token_hash, int64_t user_id, int64_t now_s,
	int64_t expires_at_s)
{
	db_run(db,
		"DELETE FROM login_exports WHERE token_hash IN (SELECT token_hash FROM"
		" login_exports WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)",
		DB_INT(now_s), DB_INT(PURGE_ROWS));
	db_run(db,
		"INSERT INTO login_exports (token_hash, user_id, expires_at) VALUES (?1, ?2, ?3)",
		DB_BYTES(bytes_of(token_hash, VAULT_LOOKUP_SIZE)), DB_INT(user_id),
		DB_INT(expires_at_s));
}

bool home_export_take(struct db *db, const uint8_t *token_hash, int64_t user_id, int64_t now_s)
{
	return db_run(db,
		       "DELETE FROM login_exports WHERE token_hash = ?1 AND user_id = ?2 AND"
		       " expires_at >= ?3",
		       DB_BYTES(bytes_of(token_hash, VAULT_LOOKUP_SIZE)), DB_INT(user_id),
		       DB_INT(now_s)) == 1;
}
