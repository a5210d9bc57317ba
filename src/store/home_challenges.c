/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables password_challenges and logout_tokens. Passwords themselves are in
 * store/home_passwords.c. */
#include "store/home_passwords.h"

#include "store/fields.h"
#include "store/home_users.h"

#define CHALLENGES_PER_KEY 8 /* a client may have several questions open at once */
#define EXPIRED_ROWS 16	     /* per call: more than one call adds, so the table shrinks */
#define LOGOUT_TOKENS_MAX 20 /* a client keeps no more */

enum challenge_field { FIELD_SECRET, FIELD_PUBLIC, CHALLENGE_FIELDS };

static struct seal_place challenge_place(const uint8_t *salt, int64_t owner, int64_t id)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "password_challenges", .owner = owner, .id = id};
}

/* Room for one more. */
static void make_room(struct db *db, int64_t owner, uint64_t key_id, int64_t now_s)
{
	db_run(db,
		"DELETE FROM password_challenges WHERE owner = ?1 AND srp_id IN (SELECT srp_id FROM"
		" password_challenges WHERE owner = ?1 AND expires_at <= ?2 ORDER BY srp_id LIMIT"
		" ?3)",
		DB_INT(owner), DB_INT(now_s), DB_INT(EXPIRED_ROWS));
	db_run(db,
		"DELETE FROM password_challenges WHERE owner = ?1 AND srp_id IN (SELECT srp_id FROM"
		" password_challenges WHERE owner = ?1 AND key_id = ?2 ORDER BY expires_at DESC,"
		" srp_id LIMIT ?3 OFFSET ?4)",
		DB_INT(owner), DB_INT(key_id), DB_INT(EXPIRED_ROWS),
		DB_INT(CHALLENGES_PER_KEY - 1));
}

void home_challenge_insert(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const struct home_challenge *challenge, int64_t now_s)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = challenge_place(salt, owner, challenge->id);
	const struct bytes fields[CHALLENGE_FIELDS] = {
		[FIELD_SECRET] = bytes_of(challenge->secret, sizeof(challenge->secret)),
		[FIELD_PUBLIC] = bytes_of(challenge->public, sizeof(challenge->public)),
	};
	struct bytes packed;

	if (!home_salt(db, owner, salt))
		return;
	make_room(db, owner, challenge->key_id, now_s);
	packed = fields_pack(arena, fields, CHALLENGE_FIELDS);
	db_run(db,
		"INSERT INTO password_challenges (owner, srp_id, key_id, sealed_numbers, version,"
		" uses, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
		DB_INT(owner), DB_INT(challenge->id), DB_INT(challenge->key_id),
		DB_BYTES(vault_seal(vault, &place, packed, arena)), DB_INT(challenge->version),
		DB_INT(challenge->expires_at_s));
	bytes_wipe((void *)packed.data, packed.size);
}

static int open_numbers(const struct vault *vault, struct arena *arena,
	const struct seal_place *place, struct bytes sealed, struct home_challenge *out)
{
	struct bytes packed, fields[CHALLENGE_FIELDS];
	int result = -1;

	if (vault_open(vault, place, sealed, arena, &packed) < 0)
		return -1;
	if (fields_unpack(packed, fields, CHALLENGE_FIELDS) == 0 &&
		fields[FIELD_SECRET].size == sizeof(out->secret) &&
		fields[FIELD_PUBLIC].size == sizeof(out->public)) {
		memcpy(out->secret, fields[FIELD_SECRET].data, sizeof(out->secret));
		memcpy(out->public, fields[FIELD_PUBLIC].data, sizeof(out->public));
		result = 0;
	}
	bytes_wipe((void *)packed.data, packed.size);
	return result;
}

bool home_challenge_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int64_t id, struct home_challenge *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = challenge_place(salt, owner, id);
	struct query q;

	*out = (struct home_challenge){.id = id};
	if (!home_salt(db, owner, salt))
		return false;
	q = db_query(db,
		"SELECT key_id, sealed_numbers, version, uses, expires_at FROM password_challenges"
		" WHERE owner = ?1 AND srp_id = ?2",
		DB_INT(owner), DB_INT(id));
	if (!query_next(&q))
		return false;
	out->key_id = (uint64_t)query_int(&q, 0);
	out->version = query_int(&q, 2);
	out->uses = (int)query_int(&q, 3);
	out->expires_at_s = query_int(&q, 4);
	if (open_numbers(vault, arena, &place, query_bytes(&q, arena, 1), out) < 0)
		db_fail(db, "a password challenge does not open");
	query_end(&q);
	return !db_failed(db);
}

bool home_challenge_use(struct db *db, int64_t owner, int64_t id, struct bytes use)
{
	return db_run(db,
		       "UPDATE password_challenges SET uses = uses + 1, last_use = ?3 WHERE owner ="
		       " ?1 AND srp_id = ?2 AND (last_use IS NULL OR last_use <> ?3)",
		       DB_INT(owner), DB_INT(id), DB_BYTES(use)) == 1;
}

void home_challenge_delete(struct db *db, int64_t owner, int64_t id)
{
	db_run(db, "DELETE FROM password_challenges WHERE owner = ?1 AND srp_id = ?2",
		DB_INT(owner), DB_INT(id));
}

void home_challenge_wipe(struct home_challenge *challenge)
{
	bytes_wipe(challenge, sizeof(*challenge));
}

static struct bytes hash_bytes(const uint8_t *token_hash)
{
	return bytes_of(token_hash, VAULT_LOOKUP_SIZE);
}

void home_logout_token_insert(struct db *db, int64_t owner, const uint8_t *token_hash,
	int64_t now_s, int64_t expires_at_s)
{
	db_run(db, "DELETE FROM logout_tokens WHERE owner = ?1 AND expires_at <= ?2", DB_INT(owner),
		DB_INT(now_s));
	db_run(db,
		"DELETE FROM logout_tokens WHERE owner = ?1 AND token_hash IN (SELECT token_hash"
		" FROM logout_tokens WHERE owner = ?1 ORDER BY expires_at DESC, token_hash LIMIT ?2"
		" OFFSET ?3)",
		DB_INT(owner), DB_INT(LOGOUT_TOKENS_MAX), DB_INT(LOGOUT_TOKENS_MAX - 1));
	db_run(db, "INSERT INTO logout_tokens (owner, token_hash, expires_at) VALUES (?1, ?2, ?3)",
		DB_INT(owner), DB_BYTES(hash_bytes(token_hash)), DB_INT(expires_at_s));
}

bool home_logout_token_holds(struct db *db, int64_t owner, const uint8_t *token_hash, int64_t now_s)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM logout_tokens WHERE owner = ?1 AND token_hash = ?2 AND"
		       " expires_at > ?3",
		       DB_INT(owner), DB_BYTES(hash_bytes(token_hash)), DB_INT(now_s)) == 1;
}

void home_logout_tokens_revoke(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM logout_tokens WHERE owner = ?1", DB_INT(owner));
}
