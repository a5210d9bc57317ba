/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table invitations. */
#include "store/home_invitations.h"

static struct bytes hash_bytes(const uint8_t *hash)
{
	return bytes_of(hash, VAULT_LOOKUP_SIZE);
}

void home_invitation_put(struct db *db, const struct home_invitation *invitation)
{
	db_run(db,
		"INSERT INTO invitations (hash, kind, uses_left, created_at, expires_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO UPDATE SET kind = ?2,"
		" uses_left = ?3, created_at = ?4, expires_at = ?5",
		DB_BYTES(hash_bytes(invitation->hash)), DB_INT(invitation->kind),
		DB_INT(invitation->uses_left), DB_INT(invitation->created_at_s),
		DB_INT(invitation->expires_at_s));
}

bool home_invitation_has(
	struct db *db, enum home_invitation_kind kind, const uint8_t *hash, int64_t now_s)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM invitations WHERE hash = ?1 AND kind = ?2 AND expires_at > "
		       "?3 AND uses_left > 0",
		       DB_BYTES(hash_bytes(hash)), DB_INT(kind), DB_INT(now_s)) == 1;
}

bool home_invitation_words(struct db *db, int64_t now_s)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM invitations WHERE kind = ?1 AND expires_at > ?2 AND "
		       "uses_left > 0 LIMIT 1",
		       DB_INT(INVITATION_WORD), DB_INT(now_s)) == 1;
}

bool home_invitation_use(
	struct db *db, enum home_invitation_kind kind, const uint8_t *hash, int64_t now_s)
{
	if (db_run(db,
		    "UPDATE invitations SET uses_left = uses_left - 1 WHERE hash = ?1 AND kind = "
		    "?2 AND expires_at > ?3 AND uses_left > 0",
		    DB_BYTES(hash_bytes(hash)), DB_INT(kind), DB_INT(now_s)) != 1)
		return false;
	db_run(db, "DELETE FROM invitations WHERE hash = ?1 AND uses_left = 0",
		DB_BYTES(hash_bytes(hash)));
	return true;
}

bool home_invitation_delete(struct db *db, const uint8_t *hash)
{
	return db_run(db, "DELETE FROM invitations WHERE hash = ?1", DB_BYTES(hash_bytes(hash))) >
	       0;
}

size_t home_invitations(
	struct db *db, struct arena *arena, int64_t now_s, struct home_invitation **out)
{
	int64_t total = db_get_int(db, 0,
		"SELECT count(*) FROM invitations WHERE kind IN (1, 2) AND expires_at > ?1",
		DB_INT(now_s));
	size_t max = total < HOME_INVITATIONS_MAX ? (size_t)total : HOME_INVITATIONS_MAX;
	struct query q;
	size_t count = 0;

	*out = arena_array(arena, max + 1, sizeof(**out));
	q = db_query(db,
		"SELECT hash, kind, uses_left, created_at, expires_at FROM invitations"
		" WHERE kind IN (1, 2) AND expires_at > ?1 ORDER BY created_at DESC, hash LIMIT ?2",
		DB_INT(now_s), DB_INT(max));
	while (query_next(&q)) {
		struct home_invitation *row = &(*out)[count++];
		struct bytes hash = query_bytes(&q, arena, 0);

		*row = (struct home_invitation){.kind = (enum home_invitation_kind)query_int(&q, 1),
			.uses_left = query_int(&q, 2),
			.created_at_s = query_int(&q, 3),
			.expires_at_s = query_int(&q, 4)};
		if (hash.size == sizeof(row->hash))
			memcpy(row->hash, hash.data, sizeof(row->hash));
	}
	return count;
}
