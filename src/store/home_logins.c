/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what the table auth_keys says of logins: whose a key is, whose it may become, the device,
 * and what its owner set for it. Keys as such are in store/home_keys.c. */
#include "store/home_keys.h"

#include "store/fields.h"
#include "store/home_users.h"

#define LOGINS_MAX 200 /* lines of a list of logins: stock clients show some tens */
#define PENDING_MAX 20 /* of them waiting for the password */

enum device_field {
	DEVICE_API_ID,
	DEVICE_MODEL,
	DEVICE_SYSTEM_VERSION,
	DEVICE_APP_VERSION,
	DEVICE_LANGUAGE,
	DEVICE_FIELDS
};

static const struct db_value none = {.kind = DB_KIND_NULL};

int64_t home_keys_user(struct db *db, uint64_t id)
{
	return db_get_int(db, 0, "SELECT user_id FROM auth_keys WHERE id = ?1", DB_INT(id));
}

void home_keys_set_user(struct db *db, uint64_t id, int64_t user_id, int64_t now_s)
{
	db_run(db,
		"UPDATE auth_keys SET user_id = ?2, login_at = ?3, active_at = ?4, pending_user ="
		" NULL, refuses = 0, confirm_at = 0, ttl_days = ?5 WHERE id = ?1",
		DB_INT(id), user_id ? DB_INT(user_id) : none, user_id ? DB_INT(now_s) : none,
		DB_INT(now_s), DB_INT(user_id ? home_keys_ttl(db, user_id) : 0));
}

void home_keys_set_pending(struct db *db, uint64_t id, int64_t user_id, int64_t now_s)
{
	db_run(db,
		"UPDATE auth_keys SET pending_user = ?2, login_at = ?3, active_at = ?3 WHERE id ="
		" ?1 AND user_id IS NULL",
		DB_INT(id), user_id ? DB_INT(user_id) : none, DB_INT(now_s));
}

int64_t home_keys_pending(struct db *db, uint64_t id, int64_t since_s)
{
	return db_get_int(db, 0,
		"SELECT pending_user FROM auth_keys WHERE id = ?1 AND user_id IS NULL AND login_at"
		" > ?2",
		DB_INT(id), DB_INT(since_s));
}

void home_keys_end_pending(struct db *db, int64_t user_id)
{
	db_run(db, "UPDATE auth_keys SET pending_user = NULL WHERE pending_user = ?1",
		DB_INT(user_id));
}

void home_keys_set_refuses(struct db *db, uint64_t id, unsigned refuses)
{
	db_run(db, "UPDATE auth_keys SET refuses = ?2 WHERE id = ?1", DB_INT(id), DB_INT(refuses));
}

void home_keys_set_confirm_at(struct db *db, uint64_t id, int64_t confirm_at_s)
{
	db_run(db, "UPDATE auth_keys SET confirm_at = ?2 WHERE id = ?1", DB_INT(id),
		DB_INT(confirm_at_s));
}

int home_keys_ttl(struct db *db, int64_t user_id)
{
	return (int)db_get_int(db, HOME_LOGIN_TTL_DAYS,
		"SELECT ttl_days FROM auth_keys WHERE user_id = ?1 AND ttl_days > 0 LIMIT 1",
		DB_INT(user_id));
}

void home_keys_set_ttl(struct db *db, int64_t user_id, int days)
{
	db_run(db, "UPDATE auth_keys SET ttl_days = ?2 WHERE user_id = ?1", DB_INT(user_id),
		DB_INT(days));
}

/* As a TTL: over, whenever it was used. Not taken over by the account's next login. */
#define TTL_OVER -1

void home_keys_end_soon(struct db *db, int64_t user_id)
{
	home_keys_set_ttl(db, user_id, TTL_OVER);
}

/* False: there is none above. A key of before there were TTLs has 0 days, which is the default. */
static bool next_ttl(struct db *db, int *days)
{
	int above = *days;

	*days = (int)db_get_int(db, above,
		"SELECT ttl_days FROM auth_keys WHERE user_id IS NOT NULL AND ttl_days > ?1 ORDER"
		" BY ttl_days LIMIT 1",
		DB_INT(above));
	return *days > above;
}

/* Who was last used before that is due. */
static int64_t due_before_s(int days, int64_t now_s)
{
	if (days == TTL_OVER)
		return INT64_MAX;
	return now_s - (days ? days : HOME_LOGIN_TTL_DAYS) * (int64_t)86400;
}

size_t home_keys_unused(struct db *db, int64_t now_s, struct home_unused *out, size_t max)
{
	size_t count = 0;
	int days = TTL_OVER - 1;

	while (count < max && next_ttl(db, &days)) {
		struct query q = db_query(db,
			"SELECT id, user_id FROM auth_keys WHERE user_id IS NOT NULL AND ttl_days ="
			" ?1 AND active_at < ?2 ORDER BY active_at LIMIT ?3",
			DB_INT(days), DB_INT(due_before_s(days, now_s)), DB_INT(max - count));

		while (query_next(&q)) {
			out[count].key_id = (uint64_t)query_int(&q, 0);
			out[count++].user_id = query_int(&q, 1);
		}
	}
	return db_failed(db) ? 0 : count;
}

static struct seal_place device_place(const uint8_t *salt, uint64_t id)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "auth_keys.device",
		.owner = HOME_INSTALLATION,
		.id = (int64_t)id};
}

void home_keys_set_device(struct db *db, const struct vault *vault, struct arena *arena,
	uint64_t id, const struct home_device *device)
{
	uint8_t salt[VAULT_SALT_SIZE], api_id[4];
	struct seal_place place = device_place(salt, id);
	struct bytes fields[DEVICE_FIELDS] = {
		[DEVICE_API_ID] = bytes_of(api_id, sizeof(api_id)),
		[DEVICE_MODEL] = device->model,
		[DEVICE_SYSTEM_VERSION] = device->system_version,
		[DEVICE_APP_VERSION] = device->app_version,
		[DEVICE_LANGUAGE] = device->language,
	};

	store_u32le(api_id, (uint32_t)device->api_id);
	home_salt_installation(db, salt);
	db_run(db, "UPDATE auth_keys SET sealed_device = ?2 WHERE id = ?1", DB_INT(id),
		DB_BYTES(vault_seal(
			vault, &place, fields_pack(arena, fields, DEVICE_FIELDS), arena)));
}

static int open_device(const struct vault *vault, struct arena *arena, const uint8_t *salt,
	struct bytes sealed, struct home_login *login)
{
	struct seal_place place = device_place(salt, login->key_id);
	struct bytes fields[DEVICE_FIELDS], text;

	if (!sealed.data)
		return 0; /* the key was never used with initConnection */
	if (vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, DEVICE_FIELDS) < 0)
		return -1;
	if (fields[DEVICE_API_ID].size == 4)
		login->device.api_id = (int32_t)load_u32le(fields[DEVICE_API_ID].data);
	login->device.model = fields[DEVICE_MODEL];
	login->device.system_version = fields[DEVICE_SYSTEM_VERSION];
	login->device.app_version = fields[DEVICE_APP_VERSION];
	login->device.language = fields[DEVICE_LANGUAGE];
	return 0;
}

static void logins_reverse(struct home_login *logins, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct home_login swap = logins[i];

		logins[i] = logins[count - 1 - i];
		logins[count - 1 - i] = swap;
	}
}

#define LOGIN_COLUMNS "id, sealed_device, login_at, active_at, refuses, confirm_at"

static void read_login(const struct query *q, const struct vault *vault, struct arena *arena,
	const uint8_t *salt, struct home_login *login)
{
	login->key_id = (uint64_t)query_int(q, 0);
	login->login_at_s = query_int(q, 2);
	login->active_at_s = query_int(q, 3);
	login->refuses = (unsigned)query_int(q, 4);
	login->confirm_at_s = query_int(q, 5);
	if (open_device(vault, arena, salt, query_bytes(q, arena, 1), login) < 0)
		db_fail(q->db, "a device does not open");
}

/* Of all rows of a query for LOGIN_COLUMNS. */
static size_t read_logins(
	struct query *q, const struct vault *vault, struct arena *arena, struct home_login *logins)
{
	uint8_t salt[VAULT_SALT_SIZE];
	size_t count = 0;

	while (query_next(q)) {
		if (count == 0 && !home_salt(q->db, HOME_INSTALLATION, salt))
			db_fail(q->db, "there are keys and no installation");
		read_login(q, vault, arena, salt, &logins[count++]);
	}
	return db_failed(q->db) ? 0 : count;
}

size_t home_keys_of_user(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user_id, struct home_login **out)
{
	struct home_login *logins = arena_array(arena, LOGINS_MAX, sizeof(*logins));
	/* Where there are too many, the old ones are left out: a login that somebody stole is seen.
	 */
	struct query q = db_query(db,
		"SELECT " LOGIN_COLUMNS " FROM auth_keys WHERE user_id = ?1"
		" ORDER BY login_at DESC, id DESC LIMIT ?2",
		DB_INT(user_id), DB_INT(LOGINS_MAX));
	size_t count = read_logins(&q, vault, arena, logins);

	logins_reverse(logins, count);
	*out = logins;
	return count;
}

size_t home_keys_pending_of(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user_id, int64_t since_s, struct home_login **out)
{
	struct query q = db_query(db,
		"SELECT " LOGIN_COLUMNS " FROM auth_keys WHERE pending_user = ?1 AND login_at > ?2"
		" ORDER BY login_at DESC, id DESC LIMIT ?3",
		DB_INT(user_id), DB_INT(since_s), DB_INT(PENDING_MAX));

	*out = arena_array(arena, PENDING_MAX, sizeof(**out));
	return read_logins(&q, vault, arena, *out);
}

bool home_keys_login(struct db *db, const struct vault *vault, struct arena *arena, uint64_t id,
	struct home_login *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct query q;

	*out = (struct home_login){0};
	if (!home_salt(db, HOME_INSTALLATION, salt))
		return false;
	q = db_query(db, "SELECT " LOGIN_COLUMNS " FROM auth_keys WHERE id = ?1", DB_INT(id));
	if (!query_next(&q))
		return false;
	read_login(&q, vault, arena, salt, out);
	query_end(&q);
	return !db_failed(db);
}

int64_t home_keys_count(struct db *db, int64_t user_id)
{
	return db_get_int(
		db, 0, "SELECT count(*) FROM auth_keys WHERE user_id = ?1", DB_INT(user_id));
}
