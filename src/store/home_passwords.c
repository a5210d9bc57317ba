/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables passwords and password_codes. Does not own challenges and tokens
 * (store/home_challenges.c) nor what the limits are (core/password*.c). */
#include "store/home_passwords.h"

#include "store/fields.h"
#include "store/home_users.h"

enum password_field { FIELD_SALT1, FIELD_SALT2, FIELD_VERIFIER, FIELD_HINT, PASSWORD_FIELDS };
enum code_field { CODE_TEXT, CODE_EMAIL, CODE_SETS, CODE_PASSWORD, CODE_FIELDS };

static struct seal_place place_of(
	const uint8_t *salt, const char *column, int64_t owner, int64_t id)
{
	return (struct seal_place){.owner_salt = salt, .table = column, .owner = owner, .id = id};
}

/* Absent while there is none. The caller wipes it. */
static struct bytes pack(struct arena *arena, const struct home_password *password)
{
	const struct bytes fields[PASSWORD_FIELDS] = {
		[FIELD_SALT1] = password->salt1,
		[FIELD_SALT2] = password->salt2,
		[FIELD_VERIFIER] = bytes_of(password->verifier, sizeof(password->verifier)),
		[FIELD_HINT] = password->hint,
	};

	if (!password->is_set)
		return (struct bytes){0};
	return fields_pack(arena, fields, PASSWORD_FIELDS);
}

/* Wipes the verifier where it was. */
static int unpack(struct bytes packed, struct home_password *out)
{
	struct bytes fields[PASSWORD_FIELDS];

	if (!packed.data)
		return 0;
	if (fields_unpack(packed, fields, PASSWORD_FIELDS) < 0 ||
		fields[FIELD_VERIFIER].size != sizeof(out->verifier))
		return -1;
	out->is_set = true;
	out->salt1 = fields[FIELD_SALT1];
	out->salt2 = fields[FIELD_SALT2];
	out->hint = fields[FIELD_HINT];
	memcpy(out->verifier, fields[FIELD_VERIFIER].data, sizeof(out->verifier));
	bytes_wipe((void *)fields[FIELD_VERIFIER].data, fields[FIELD_VERIFIER].size);
	return 0;
}

static int open_password(const struct vault *vault, struct arena *arena, const uint8_t *salt,
	int64_t owner, const struct query *q, struct home_password *out)
{
	struct seal_place password = place_of(salt, "passwords", owner, owner);
	struct seal_place email = place_of(salt, "passwords.email", owner, owner);
	struct bytes packed;

	if (vault_open(vault, &password, query_bytes(q, arena, 0), arena, &packed) < 0 ||
		unpack(packed, out) < 0)
		return -1;
	return vault_open(vault, &email, query_bytes(q, arena, 1), arena, &out->email);
}

bool home_password_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_password *out)
{
	struct query q;
	uint8_t salt[VAULT_SALT_SIZE];

	*out = (struct home_password){0};
	if (!home_salt(db, owner, salt))
		return false;
	q = db_query(db,
		"SELECT sealed_password, sealed_email, version, changed_at, reset_at, "
		"reset_retry_at"
		" FROM passwords WHERE owner = ?1",
		DB_INT(owner));
	if (!query_next(&q))
		return false;
	out->version = query_int(&q, 2);
	out->changed_at_s = query_int(&q, 3);
	out->reset_at_s = query_int(&q, 4);
	out->reset_retry_at_s = query_int(&q, 5);
	if (open_password(vault, arena, salt, owner, &q, out) < 0)
		db_fail(db, "a password does not open");
	query_end(&q);
	return !db_failed(db);
}

bool home_password_is_set(struct db *db, int64_t owner)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM passwords WHERE owner = ?1 AND sealed_password IS NOT NULL",
		       DB_INT(owner)) == 1;
}

void home_password_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	const struct home_password *password)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = place_of(salt, "passwords", owner, owner);
	struct seal_place email = place_of(salt, "passwords.email", owner, owner);
	struct bytes packed = pack(arena, password);

	if (!home_salt(db, owner, salt))
		return;
	db_run(db,
		"INSERT INTO passwords (owner, sealed_password, sealed_email, version, changed_at,"
		" reset_at, reset_retry_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (owner)"
		" DO UPDATE SET sealed_password = excluded.sealed_password, sealed_email ="
		" excluded.sealed_email, version = excluded.version, changed_at ="
		" excluded.changed_at, reset_at = excluded.reset_at, reset_retry_at ="
		" excluded.reset_retry_at",
		DB_INT(owner), DB_BYTES(vault_seal(vault, &place, packed, arena)),
		DB_BYTES(vault_seal(vault, &email, password->email, arena)),
		DB_INT(password->version), DB_INT(password->changed_at_s),
		DB_INT(password->reset_at_s), DB_INT(password->reset_retry_at_s));
	bytes_wipe((void *)packed.data, packed.size);
}

void home_password_wipe(struct home_password *password)
{
	bytes_wipe(password->verifier, sizeof(password->verifier));
}

void home_passwords_forget(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM passwords WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM password_codes WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM password_challenges WHERE owner = ?1", DB_INT(owner));
	home_logout_tokens_revoke(db, owner);
}

static int code_unpack(struct bytes packed, struct home_password_code *out)
{
	struct bytes fields[CODE_FIELDS];

	if (fields_unpack(packed, fields, CODE_FIELDS) < 0)
		return -1;
	out->code = fields[CODE_TEXT];
	out->email = fields[CODE_EMAIL];
	out->sets_password = fields[CODE_SETS].data != NULL;
	return unpack(fields[CODE_PASSWORD], &out->next);
}

bool home_password_code_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_password_code_kind kind, struct home_password_code *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = place_of(salt, "password_codes", owner, kind);
	struct bytes packed;
	struct query q;

	*out = (struct home_password_code){0};
	if (!home_salt(db, owner, salt))
		return false;
	q = db_query(db,
		"SELECT sealed_code, tries, expires_at FROM password_codes WHERE owner = ?1 AND"
		" kind = ?2",
		DB_INT(owner), DB_INT(kind));
	if (!query_next(&q))
		return false;
	out->tries = (int)query_int(&q, 1);
	out->expires_at_s = query_int(&q, 2);
	if (vault_open(vault, &place, query_bytes(&q, arena, 0), arena, &packed) < 0 ||
		code_unpack(packed, out) < 0)
		db_fail(db, "the code of an e-mail does not open");
	query_end(&q);
	return !db_failed(db);
}

void home_password_code_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_password_code_kind kind, const struct home_password_code *code)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = place_of(salt, "password_codes", owner, kind);
	struct bytes password = pack(arena, &code->next), packed;
	const struct bytes fields[CODE_FIELDS] = {
		[CODE_TEXT] = code->code,
		[CODE_EMAIL] = code->email,
		[CODE_SETS] = code->sets_password ? BYTES_LITERAL("") : (struct bytes){0},
		[CODE_PASSWORD] = password,
	};

	if (!home_salt(db, owner, salt))
		return;
	packed = fields_pack(arena, fields, CODE_FIELDS);
	db_run(db,
		"INSERT INTO password_codes (owner, kind, sealed_code, tries, expires_at) VALUES"
		" (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, kind) DO UPDATE SET sealed_code ="
		" excluded.sealed_code, tries = excluded.tries, expires_at = excluded.expires_at",
		DB_INT(owner), DB_INT(kind), DB_BYTES(vault_seal(vault, &place, packed, arena)),
		DB_INT(code->tries), DB_INT(code->expires_at_s));
	bytes_wipe((void *)password.data, password.size);
	bytes_wipe((void *)packed.data, packed.size);
}

void home_password_code_count_wrong(struct db *db, int64_t owner, enum home_password_code_kind kind)
{
	db_run(db, "UPDATE password_codes SET tries = tries + 1 WHERE owner = ?1 AND kind = ?2",
		DB_INT(owner), DB_INT(kind));
}

void home_password_code_delete(struct db *db, int64_t owner, enum home_password_code_kind kind)
{
	db_run(db, "DELETE FROM password_codes WHERE owner = ?1 AND kind = ?2", DB_INT(owner),
		DB_INT(kind));
}
