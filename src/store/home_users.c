/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table users. Does not own who may see what of a profile: core/accounts/users.c does. */
#include "store/home_users.h"

#include "store/fields.h"

enum profile_field {
	PROFILE_FIRST_NAME,
	PROFILE_LAST_NAME,
	PROFILE_ABOUT,
	PROFILE_PHONE,
	PROFILE_USERNAME,
	PROFILE_BIRTHDAY,
	PROFILE_FIELDS
};

static bool take_salt(struct db *db, struct bytes salt, uint8_t out[VAULT_SALT_SIZE])
{
	if (salt.size != VAULT_SALT_SIZE) {
		if (salt.data)
			db_fail(db, "a salt has a wrong size");
		return false;
	}
	memcpy(out, salt.data, VAULT_SALT_SIZE);
	return true;
}

bool home_salt(struct db *db, int64_t owner, uint8_t out[VAULT_SALT_SIZE])
{
	struct arena scratch;
	struct query q = db_query(db, "SELECT salt FROM users WHERE id = ?1", DB_INT(owner));
	bool found = false;

	arena_init(&scratch);
	memset(out, 0, VAULT_SALT_SIZE);
	if (query_next(&q))
		found = take_salt(db, query_bytes(&q, &scratch, 0), out);
	query_end(&q);
	arena_release(&scratch);
	return found;
}

void home_salt_installation(struct db *db, uint8_t out[VAULT_SALT_SIZE])
{
	if (home_salt(db, HOME_INSTALLATION, out))
		return;
	vault_salt_new(out);
	db_run(db, "INSERT INTO users (id, salt, created_at) VALUES (?1, ?2, 0)",
		DB_INT(HOME_INSTALLATION), DB_BYTES(bytes_of(out, VAULT_SALT_SIZE)));
}

static struct seal_place profile_place(const uint8_t *salt, int64_t id)
{
	return (struct seal_place){.owner_salt = salt, .table = "users", .owner = id, .id = id};
}

static struct bytes profile_seal(const struct vault *vault, struct arena *arena,
	const uint8_t *salt, const struct home_user *user)
{
	struct bytes fields[PROFILE_FIELDS] = {
		[PROFILE_FIRST_NAME] = user->first_name,
		[PROFILE_LAST_NAME] = user->last_name,
		[PROFILE_ABOUT] = user->about,
		[PROFILE_PHONE] = user->phone,
		[PROFILE_USERNAME] = user->username,
		[PROFILE_BIRTHDAY] = user->birthday,
	};
	struct seal_place place = profile_place(salt, user->id);

	return vault_seal(vault, &place, fields_pack(arena, fields, PROFILE_FIELDS), arena);
}

static int profile_open(const struct vault *vault, struct arena *arena, const uint8_t *salt,
	struct bytes sealed, struct home_user *user)
{
	struct seal_place place = profile_place(salt, user->id);
	struct bytes fields[PROFILE_FIELDS], text;

	if (vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, PROFILE_FIELDS) < 0)
		return -1;
	user->first_name = fields[PROFILE_FIRST_NAME];
	user->last_name = fields[PROFILE_LAST_NAME];
	user->about = fields[PROFILE_ABOUT];
	user->phone = fields[PROFILE_PHONE];
	user->username = fields[PROFILE_USERNAME];
	user->birthday = fields[PROFILE_BIRTHDAY];
	return 0;
}

bool home_user_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct home_user *out)
{
	struct query q;
	uint8_t salt[VAULT_SALT_SIZE];
	struct bytes sealed;

	*out = (struct home_user){.id = id};
	if (id <= HOME_INSTALLATION)
		return false;
	q = db_query(db,
		"SELECT salt, sealed_profile, created_at, deleted_at, (SELECT version FROM "
		"bot_tokens"
		" WHERE owner = ?1) FROM users WHERE id = ?1",
		DB_INT(id));
	if (!query_next(&q))
		return false;
	out->created_at_s = query_int(&q, 2);
	out->deleted_at_s = query_int(&q, 3);
	out->bot_version = (int32_t)query_int(&q, 4);
	out->is_bot = out->bot_version > 0;
	sealed = query_bytes(&q, arena, 1);
	if (out->deleted_at_s == 0 && take_salt(db, query_bytes(&q, arena, 0), salt) &&
		profile_open(vault, arena, salt, sealed, out) < 0)
		db_fail(db, "a profile does not open");
	query_end(&q);
	return !db_failed(db);
}

bool home_user_exists(struct db *db, int64_t id)
{
	return id > HOME_INSTALLATION &&
	       db_get_int(db, 0, "SELECT 1 FROM users WHERE id = ?1 AND deleted_at IS NULL",
		       DB_INT(id)) == 1;
}

int64_t home_user_by_phone(struct db *db, const uint8_t *phone_hash)
{
	return db_get_int(db, 0, "SELECT id FROM users WHERE phone_hash = ?1",
		DB_BYTES(bytes_of(phone_hash, VAULT_LOOKUP_SIZE)));
}

static const struct db_value none = {.kind = DB_KIND_NULL};

void home_user_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_user *user, const uint8_t *phone_hash)
{
	uint8_t salt[VAULT_SALT_SIZE];

	vault_salt_new(salt);
	db_run(db,
		"INSERT INTO users (id, salt, phone_hash, sealed_profile, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		DB_INT(user->id), DB_BYTES(bytes_of(salt, sizeof(salt))),
		phone_hash ? DB_BYTES(bytes_of(phone_hash, VAULT_LOOKUP_SIZE)) : none,
		DB_BYTES(profile_seal(vault, arena, salt, user)), DB_INT(user->created_at_s));
}

void home_user_set_profile(
	struct db *db, const struct vault *vault, struct arena *arena, const struct home_user *user)
{
	uint8_t salt[VAULT_SALT_SIZE];

	if (!home_salt(db, user->id, salt))
		return;
	db_run(db, "UPDATE users SET sealed_profile = ?2 WHERE id = ?1", DB_INT(user->id),
		DB_BYTES(profile_seal(vault, arena, salt, user)));
}

void home_user_set_phone(struct db *db, int64_t id, const uint8_t *phone_hash)
{
	db_run(db, "UPDATE users SET phone_hash = ?2 WHERE id = ?1", DB_INT(id),
		DB_BYTES(bytes_of(phone_hash, VAULT_LOOKUP_SIZE)));
}

void home_user_delete(struct db *db, int64_t id, int64_t now_s)
{
	db_run(db,
		"UPDATE users SET salt = NULL, phone_hash = NULL, sealed_profile = NULL,"
		" deleted_at = ?2 WHERE id = ?1",
		DB_INT(id), DB_INT(now_s));
}
