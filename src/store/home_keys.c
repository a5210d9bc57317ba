/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table auth_keys. Does not own keys in memory (mtproto/auth_key.h does), nor what the
 * table says of logins (store/home_logins.c). Temporary keys are never stored. */
#include "store/home_keys.h"

#include "base/arena.h"
#include "store/home_users.h"

/* Key ids have all 64 bits: columns hold them as signed numbers. */
static struct seal_place key_place(const uint8_t *salt, const char *column, uint64_t id)
{
	return (struct seal_place){
		.owner_salt = salt, .table = column, .owner = HOME_INSTALLATION, .id = (int64_t)id};
}

/* The secret passes through memory that is wiped here, not through an arena of the caller. */
static int open_secret(const struct vault *vault, const uint8_t *salt, struct bytes sealed,
	struct arena *scratch, struct home_key *key)
{
	struct seal_place place = key_place(salt, "auth_keys.key", key->id);
	struct bytes text;
	int result = -1;

	if (vault_open(vault, &place, sealed, scratch, &text) < 0)
		return -1;
	if (text.size == sizeof(key->secret)) {
		memcpy(key->secret, text.data, sizeof(key->secret));
		result = 0;
	}
	bytes_wipe((void *)text.data, text.size);
	return result;
}

bool home_keys_find(struct db *db, const struct vault *vault, uint64_t id, struct home_key *out)
{
	struct arena scratch;
	struct query q = db_query(db,
		"SELECT sealed_key, aux_hash, user_id, layer, dc, created_at, active_at, (SELECT 1"
		" FROM bot_tokens WHERE owner = auth_keys.user_id) FROM auth_keys WHERE id = ?1",
		DB_INT(id));
	uint8_t salt[VAULT_SALT_SIZE];
	bool found = false;

	*out = (struct home_key){.id = id};
	arena_init(&scratch);
	if (query_next(&q)) {
		out->aux_hash = (uint64_t)query_int(&q, 1);
		out->user_id = query_int(&q, 2);
		out->layer = (int)query_int(&q, 3);
		out->dc = (int)query_int(&q, 4);
		out->created_at_s = query_int(&q, 5);
		out->active_at_s = query_int(&q, 6);
		out->is_bot = query_int(&q, 7) == 1;
		found = home_salt(db, HOME_INSTALLATION, salt) &&
			open_secret(vault, salt, query_bytes(&q, &scratch, 0), &scratch, out) == 0;
		if (!found)
			db_fail(db, "an authorization key does not open");
	}
	query_end(&q);
	arena_release(&scratch);
	return found;
}

bool home_keys_insert(struct db *db, const struct vault *vault, const struct home_key *key)
{
	struct arena scratch;
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = key_place(salt, "auth_keys.key", key->id);
	int64_t rows;

	arena_init(&scratch);
	home_salt_installation(db, salt);
	rows = db_run(db,
		"INSERT INTO auth_keys (id, sealed_key, aux_hash, user_id, layer, dc, created_at,"
		" active_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
		DB_INT(key->id),
		DB_BYTES(vault_seal(
			vault, &place, bytes_of(key->secret, sizeof(key->secret)), &scratch)),
		DB_INT(key->aux_hash),
		key->user_id ? DB_INT(key->user_id) : (struct db_value){.kind = DB_KIND_NULL},
		DB_INT(key->layer), DB_INT(key->dc), DB_INT(key->created_at_s),
		DB_INT(key->active_at_s));
	arena_release(&scratch);
	return rows == 1;
}

void home_keys_set_layer(struct db *db, uint64_t id, int layer)
{
	db_run(db, "UPDATE auth_keys SET layer = ?2 WHERE id = ?1", DB_INT(id), DB_INT(layer));
}

void home_keys_set_active(struct db *db, uint64_t id, int64_t now_s)
{
	db_run(db, "UPDATE auth_keys SET active_at = ?2 WHERE id = ?1", DB_INT(id), DB_INT(now_s));
}

bool home_keys_delete(struct db *db, uint64_t id)
{
	return db_run(db, "DELETE FROM auth_keys WHERE id = ?1", DB_INT(id)) > 0;
}

/* The newest of those that are too many: walks over keep_max entries of an index. */
static bool find_surplus(struct db *db, int64_t keep_max, int64_t *active_at_s, int64_t *id)
{
	struct query q = db_query(db,
		"SELECT active_at, id FROM auth_keys WHERE user_id IS NULL"
		" ORDER BY active_at DESC, id DESC LIMIT 1 OFFSET ?1",
		DB_INT(keep_max));
	bool found = query_next(&q);

	if (found) {
		*active_at_s = query_int(&q, 0);
		*id = query_int(&q, 1);
	}
	query_end(&q);
	return found;
}

size_t home_keys_purge(struct db *db, int64_t before_s, int64_t keep_max, uint64_t *out, size_t max)
{
	int64_t active_at_s = 0, id = INT64_MAX;
	size_t count = 0;
	struct query q;

	if (!find_surplus(db, keep_max, &active_at_s, &id) || active_at_s < before_s) {
		active_at_s = before_s - 1;
		id = INT64_MAX;
	}
	q = db_query(db,
		"SELECT id FROM auth_keys WHERE user_id IS NULL AND (active_at, id) <= (?1, ?2)"
		" ORDER BY active_at, id LIMIT ?3",
		DB_INT(active_at_s), DB_INT(id), DB_INT(max));
	while (query_next(&q))
		out[count++] = (uint64_t)query_int(&q, 0);
	for (size_t i = 0; i < count; i++)
		home_keys_delete(db, out[i]);
	return count;
}

void home_key_wipe(struct home_key *key)
{
	bytes_wipe(key, sizeof(*key));
}
