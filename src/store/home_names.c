/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table released_names. Does not own for how long a name is held back:
 * core/channels/channel_names.c does. */
#include "store/home_names.h"

#define PURGE_ROWS 16 /* per call: more than one call adds, so the table shrinks */

static struct db_value hash_value(const uint8_t *name_hash)
{
	return DB_BYTES(bytes_of(name_hash, VAULT_LOOKUP_SIZE));
}

void home_names_release(
	struct db *db, const uint8_t *name_hash, int64_t owner, int64_t now_s, int64_t before_s)
{
	db_run(db,
		"DELETE FROM released_names WHERE name_hash IN (SELECT name_hash FROM"
		" released_names WHERE released_at < ?1 ORDER BY released_at LIMIT ?2)",
		DB_INT(before_s), DB_INT(PURGE_ROWS));
	db_run(db,
		"INSERT INTO released_names (name_hash, owner, released_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (name_hash) DO UPDATE SET owner = ?2, released_at = ?3",
		hash_value(name_hash), DB_INT(owner), DB_INT(now_s));
}

int64_t home_names_released_by(struct db *db, const uint8_t *name_hash, int64_t after_s)
{
	return db_get_int(db, 0,
		"SELECT owner FROM released_names WHERE name_hash = ?1 AND released_at >= ?2",
		hash_value(name_hash), DB_INT(after_s));
}
