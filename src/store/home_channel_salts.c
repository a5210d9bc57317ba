/* SPDX-License-Identifier: Apache-2.0 */
/* The table channel_salts. */
#include "store/home_channel_salts.h"

void home_channel_salt_need(struct db *db, int64_t channel)
{
	uint8_t salt[VAULT_SALT_SIZE];

	vault_salt_new(salt);
	db_run(db,
		"INSERT INTO channel_salts (channel, salt) VALUES (?1, ?2)"
		" ON CONFLICT (channel) DO NOTHING",
		DB_INT(channel), DB_BYTES(bytes_of(salt, sizeof(salt))));
}

bool home_channel_salt(struct db *db, int64_t channel, uint8_t salt[VAULT_SALT_SIZE])
{
	struct query q =
		db_query(db, "SELECT salt FROM channel_salts WHERE channel = ?1", DB_INT(channel));
	const bool found = query_next(&q);
	struct arena scratch;
	struct bytes stored;

	memset(salt, 0, VAULT_SALT_SIZE);
	arena_init(&scratch);
	if (found) {
		stored = query_bytes(&q, &scratch, 0);
		if (stored.size == VAULT_SALT_SIZE)
			memcpy(salt, stored.data, VAULT_SALT_SIZE);
		else
			db_fail(db, "the salt of a channel has the wrong size");
	}
	query_end(&q);
	arena_release(&scratch);
	return found;
}
