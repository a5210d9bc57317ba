/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables login_tokens and bot_tokens. Does not own what a token allows:
 * core/accounts/login_qr.c and core/bots/bots.c do. */
#include "store/home_login_tokens.h"

static struct bytes hash_bytes(const uint8_t *token_hash)
{
	return bytes_of(token_hash, VAULT_LOOKUP_SIZE);
}

static struct bytes pack_ids(const struct home_login_token *token, uint8_t *out)
{
	for (size_t i = 0; i < token->except_count; i++)
		store_u64le(out + 8 * i, (uint64_t)token->except[i]);
	return bytes_of(out, 8 * token->except_count);
}

static void unpack_ids(struct bytes packed, struct home_login_token *token)
{
	for (; packed.size >= 8 && token->except_count < HOME_EXCEPT_MAX;
		packed = bytes_of(packed.data + 8, packed.size - 8))
		token->except[token->except_count++] = (int64_t)load_u64le(packed.data);
}

void home_login_token_put(
	struct db *db, const uint8_t *token_hash, const struct home_login_token *token)
{
	uint8_t ids[8 * HOME_EXCEPT_MAX];

	db_run(db,
		"INSERT INTO login_tokens (auth_key, token_hash, except_ids, account, expires_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (auth_key) DO UPDATE SET token_hash = ?2,"
		" except_ids = ?3, account = ?4, expires_at = ?5",
		DB_INT(token->key_id), DB_BYTES(hash_bytes(token_hash)),
		DB_BYTES(pack_ids(token, ids)), DB_INT(token->account),
		DB_INT(token->expires_at_s));
}

static bool read_row(struct query *q, struct home_login_token *out)
{
	struct arena scratch;

	*out = (struct home_login_token){0};
	if (!query_next(q))
		return false;
	arena_init(&scratch);
	out->key_id = (uint64_t)query_int(q, 0);
	out->account = query_int(q, 1);
	out->expires_at_s = query_int(q, 2);
	unpack_ids(query_bytes(q, &scratch, 3), out);
	arena_release(&scratch);
	query_end(q);
	return true;
}

bool home_login_token_find(
	struct db *db, const uint8_t *token_hash, int64_t now_s, struct home_login_token *out)
{
	struct query q = db_query(db,
		"SELECT auth_key, account, expires_at, except_ids FROM login_tokens"
		" WHERE token_hash = ?1 AND expires_at > ?2",
		DB_BYTES(hash_bytes(token_hash)), DB_INT(now_s));

	return read_row(&q, out);
}

bool home_login_token_of_key(
	struct db *db, uint64_t key_id, int64_t now_s, struct home_login_token *out)
{
	struct query q = db_query(db,
		"SELECT auth_key, account, expires_at, except_ids FROM login_tokens"
		" WHERE auth_key = ?1 AND expires_at > ?2",
		DB_INT(key_id), DB_INT(now_s));

	return read_row(&q, out);
}

void home_login_token_accept(struct db *db, uint64_t key_id, int64_t account, int64_t expires_at_s)
{
	db_run(db, "UPDATE login_tokens SET account = ?2, expires_at = ?3 WHERE auth_key = ?1",
		DB_INT(key_id), DB_INT(account), DB_INT(expires_at_s));
}

void home_login_token_delete(struct db *db, uint64_t key_id)
{
	db_run(db, "DELETE FROM login_tokens WHERE auth_key = ?1", DB_INT(key_id));
}

void home_login_tokens_purge(struct db *db, int64_t now_s, int rows)
{
	db_run(db,
		"DELETE FROM login_tokens WHERE auth_key IN (SELECT auth_key FROM login_tokens"
		" WHERE expires_at <= ?1 LIMIT ?2)",
		DB_INT(now_s), DB_INT(rows));
}

int64_t home_bot_by_token(struct db *db, int64_t bot, const uint8_t *token_hash)
{
	return db_get_int(db, 0,
		"SELECT owner FROM bot_tokens WHERE owner = ?1 AND token_hash = ?2", DB_INT(bot),
		DB_BYTES(hash_bytes(token_hash)));
}

void home_bot_put(struct db *db, int64_t bot, const uint8_t *token_hash)
{
	db_run(db,
		"INSERT INTO bot_tokens (owner, token_hash) VALUES (?1, ?2)"
		" ON CONFLICT (owner) DO UPDATE SET token_hash = ?2",
		DB_INT(bot), DB_BYTES(token_hash ? hash_bytes(token_hash) : BYTES_LITERAL("")));
}

bool home_bot_exists(struct db *db, int64_t bot)
{
	return db_get_int(db, 0, "SELECT 1 FROM bot_tokens WHERE owner = ?1", DB_INT(bot)) == 1;
}
