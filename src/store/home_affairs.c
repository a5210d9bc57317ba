/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables affairs and email_codes. Does not own when an account ends:
 * core/accounts/account_end.c does. */
#include "store/home_affairs.h"

#include "store/fields.h"
#include "store/home_users.h"

enum private_field { PRIVATE_EMAIL, PRIVATE_DELETE_WORD, PRIVATE_FIELDS };
enum code_field { CODE_FIELD_EMAIL, CODE_FIELD_CODE, CODE_FIELDS };

static struct seal_place private_place(const uint8_t *salt, int64_t owner)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "affairs", .owner = owner, .id = owner};
}

static struct bytes or_absent(struct bytes field)
{
	return field.size ? field : (struct bytes){0};
}

static void open_private(struct db *db, const struct vault *vault, struct arena *arena,
	struct bytes sealed, struct home_affairs *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = private_place(salt, out->owner);
	struct bytes fields[PRIVATE_FIELDS], text;

	if (!sealed.data || !home_salt(db, out->owner, salt))
		return;
	if (vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, PRIVATE_FIELDS) < 0) {
		db_fail(db, "affairs do not open");
		return;
	}
	out->email = or_absent(fields[PRIVATE_EMAIL]);
	out->delete_word = or_absent(fields[PRIVATE_DELETE_WORD]);
}

void home_affairs_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_affairs *out)
{
	struct query q = db_query(db,
		"SELECT ttl_days, seen_at, delete_at, email_reset_at, terms_hash, sealed_private"
		" FROM affairs WHERE owner = ?1",
		DB_INT(owner));
	struct bytes sealed;

	*out = (struct home_affairs){.owner = owner, .ttl_days = HOME_TTL_DAYS};
	if (!query_next(&q))
		return;
	out->ttl_days = (int)query_int(&q, 0);
	out->seen_at_s = query_int(&q, 1);
	out->delete_at_s = query_int(&q, 2);
	out->email_reset_at_s = query_int(&q, 3);
	out->terms_hash = query_bytes(&q, arena, 4);
	sealed = query_bytes(&q, arena, 5);
	query_end(&q);
	open_private(db, vault, arena, sealed, out);
}

static struct bytes seal_private(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_affairs *affairs)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = private_place(salt, affairs->owner);
	struct bytes fields[PRIVATE_FIELDS] = {
		[PRIVATE_EMAIL] = affairs->email,
		[PRIVATE_DELETE_WORD] = affairs->delete_word,
	};

	if ((!affairs->email.size && !affairs->delete_word.size) ||
		!home_salt(db, affairs->owner, salt))
		return (struct bytes){0};
	return vault_seal(vault, &place, fields_pack(arena, fields, PRIVATE_FIELDS), arena);
}

void home_affairs_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_affairs *affairs)
{
	db_run(db,
		"INSERT INTO affairs (owner, ttl_days, seen_at, delete_at, email_reset_at,"
		" terms_hash, sealed_private) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
		" ON CONFLICT (owner) DO UPDATE SET ttl_days = ?2, seen_at = ?3, delete_at = ?4,"
		" email_reset_at = ?5, terms_hash = ?6, sealed_private = ?7",
		DB_INT(affairs->owner), DB_INT(affairs->ttl_days), DB_INT(affairs->seen_at_s),
		DB_INT(affairs->delete_at_s), DB_INT(affairs->email_reset_at_s),
		DB_BYTES(affairs->terms_hash), DB_BYTES(seal_private(db, vault, arena, affairs)));
}

void home_affairs_delete(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM affairs WHERE owner = ?1", DB_INT(owner));
}

size_t home_affairs_due(struct db *db, int64_t now_s, int64_t *out, size_t max)
{
	struct query q = db_query(db,
		"SELECT owner FROM affairs WHERE delete_at > 0 AND delete_at <= ?1"
		" ORDER BY delete_at LIMIT ?2",
		DB_INT(now_s), DB_INT(max));
	size_t count = 0;

	while (query_next(&q))
		out[count++] = query_int(&q, 0);
	return count;
}

void home_affairs_set_delete_at(struct db *db, int64_t owner, int64_t at_s)
{
	db_run(db,
		"INSERT INTO affairs (owner, ttl_days, seen_at, delete_at, email_reset_at)"
		" VALUES (?1, ?3, 0, ?2, 0) ON CONFLICT (owner) DO UPDATE SET delete_at = ?2",
		DB_INT(owner), DB_INT(at_s), DB_INT(HOME_TTL_DAYS));
}

size_t home_unseen_after(struct db *db, int64_t after, struct home_unseen *out, size_t max)
{
	struct query q = db_query(db,
		"SELECT u.id, u.created_at, (SELECT max(k.active_at) FROM auth_keys k WHERE"
		" k.user_id = u.id), a.seen_at, a.ttl_days FROM users u LEFT JOIN affairs a"
		" ON a.owner = u.id WHERE u.id > ?1 AND u.deleted_at IS NULL ORDER BY u.id LIMIT "
		"?2",
		DB_INT(after), DB_INT(max));
	size_t count = 0;

	while (query_next(&q)) {
		struct home_unseen *row = &out[count++];

		*row = (struct home_unseen){.owner = query_int(&q, 0),
			.created_at_s = query_int(&q, 1),
			.key_active_at_s = query_int(&q, 2),
			.seen_at_s = query_int(&q, 3),
			.ttl_days = query_is_null(&q, 4) ? HOME_TTL_DAYS : (int)query_int(&q, 4)};
	}
	return count;
}

void home_affairs_set_seen(struct db *db, int64_t owner, int64_t at_s)
{
	db_run(db,
		"INSERT INTO affairs (owner, ttl_days, seen_at, delete_at, email_reset_at)"
		" VALUES (?1, ?3, ?2, 0, 0) ON CONFLICT (owner) DO UPDATE SET seen_at = ?2",
		DB_INT(owner), DB_INT(at_s), DB_INT(HOME_TTL_DAYS));
}

/* ---- Codes ---- */

static struct seal_place code_place(const uint8_t *salt, const uint8_t *subject)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "email_codes",
		.owner = HOME_INSTALLATION,
		.id = (int64_t)load_u64le(subject)};
}

static struct bytes subject_bytes(const uint8_t *subject)
{
	return bytes_of(subject, VAULT_LOOKUP_SIZE);
}

bool home_email_code_get(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *subject, struct home_email_code *out)
{
	struct query q = db_query(db,
		"SELECT sealed_code, tries, sent, expires_at FROM email_codes WHERE subject = ?1",
		DB_BYTES(subject_bytes(subject)));
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = code_place(salt, subject);
	struct bytes sealed, text, fields[CODE_FIELDS];

	*out = (struct home_email_code){0};
	if (!query_next(&q))
		return false;
	sealed = query_bytes(&q, arena, 0);
	out->tries = (int)query_int(&q, 1);
	out->sent = (int)query_int(&q, 2);
	out->expires_at_s = query_int(&q, 3);
	query_end(&q);
	if (!home_salt(db, HOME_INSTALLATION, salt) ||
		vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, CODE_FIELDS) < 0) {
		db_fail(db, "an e-mail code does not open");
		return false;
	}
	out->email = fields[CODE_FIELD_EMAIL];
	out->code = fields[CODE_FIELD_CODE];
	return true;
}

void home_email_code_put(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *subject, const struct home_email_code *code)
{
	struct bytes fields[CODE_FIELDS] = {
		[CODE_FIELD_EMAIL] = code->email, [CODE_FIELD_CODE] = code->code};
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = code_place(salt, subject);

	home_salt_installation(db, salt);
	db_run(db,
		"INSERT INTO email_codes (subject, sealed_code, tries, sent, expires_at) VALUES"
		" (?1, ?2, ?3, ?4, ?5) ON CONFLICT (subject) DO UPDATE SET sealed_code = ?2,"
		" tries = ?3, sent = ?4, expires_at = ?5",
		DB_BYTES(subject_bytes(subject)),
		DB_BYTES(vault_seal(vault, &place, fields_pack(arena, fields, CODE_FIELDS), arena)),
		DB_INT(code->tries), DB_INT(code->sent), DB_INT(code->expires_at_s));
}

void home_email_code_delete(struct db *db, const uint8_t *subject)
{
	db_run(db, "DELETE FROM email_codes WHERE subject = ?1", DB_BYTES(subject_bytes(subject)));
}

void home_email_codes_purge(struct db *db, int64_t before_s, int rows)
{
	db_run(db,
		"DELETE FROM email_codes WHERE subject IN (SELECT subject FROM email_codes WHERE"
		" expires_at < ?1 LIMIT ?2)",
		DB_INT(before_s), DB_INT(rows));
}
