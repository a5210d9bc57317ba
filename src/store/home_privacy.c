/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables privacy_rules, blocks, close_friends, privacy_switches and last_seen. Does not
 * own what any of it means: core/accounts/privacy.c and core/accounts/blocks.c do.
 */
#include "store/home_privacy.h"

#include "store/home_users.h"

/* A value of owner in a table with one sealed value per (owner, id). */
static struct seal_place place_of(const char *table, const uint8_t *salt, int64_t owner, int64_t id)
{
	return (struct seal_place){.owner_salt = salt, .table = table, .owner = owner, .id = id};
}

static struct bytes open_value(struct db *db, const struct vault *vault, struct arena *arena,
	const char *table, int64_t owner, int64_t id, struct bytes sealed)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = place_of(table, salt, owner, id);
	struct bytes text = {0};

	if (!sealed.data || !home_salt(db, owner, salt))
		return (struct bytes){0};
	if (vault_open(vault, &place, sealed, arena, &text) < 0)
		db_fail(db, "a setting does not open");
	return text;
}

static struct bytes seal_value(struct db *db, const struct vault *vault, struct arena *arena,
	const char *table, int64_t owner, int64_t id, struct bytes text)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = place_of(table, salt, owner, id);

	if (!home_salt(db, owner, salt)) {
		db_fail(db, "a setting needs an owner");
		return (struct bytes){0};
	}
	return vault_seal(vault, &place, text, arena);
}

struct bytes home_privacy_get(
	struct db *db, const struct vault *vault, struct arena *arena, int64_t owner, int32_t key)
{
	struct query q = db_query(db,
		"SELECT sealed_rules FROM privacy_rules WHERE owner = ?1 AND privacy_key = ?2",
		DB_INT(owner), DB_INT(key));
	struct bytes sealed = {0};

	if (query_next(&q))
		sealed = query_bytes(&q, arena, 0);
	query_end(&q);
	return open_value(db, vault, arena, "privacy_rules", owner, key, sealed);
}

void home_privacy_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int32_t key, struct bytes rules)
{
	struct bytes sealed = seal_value(db, vault, arena, "privacy_rules", owner, key, rules);

	db_run(db,
		"INSERT INTO privacy_rules (owner, privacy_key, sealed_rules) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (owner, privacy_key) DO UPDATE SET sealed_rules = "
		"excluded.sealed_rules",
		DB_INT(owner), DB_INT(key), DB_BYTES(sealed));
}

void home_sight_get(struct db *db, int64_t viewer, int64_t id, int32_t key, int32_t second_key,
	struct home_sight *out)
{
	struct query q = db_query(db,
		"SELECT (SELECT count(*) FROM contacts WHERE owner = ?1 AND contact = ?2),"
		" (SELECT count(*) FROM contacts WHERE owner = ?2 AND contact = ?1),"
		" (SELECT count(*) FROM blocks WHERE owner = ?2 AND other = ?1),"
		" (SELECT count(*) FROM privacy_rules WHERE owner = ?2 AND privacy_key IN (?3, "
		"?4)),"
		" (SELECT count(*) FROM privacy_rules WHERE owner = ?1 AND privacy_key = ?4)",
		DB_INT(viewer), DB_INT(id), DB_INT(key), DB_INT(second_key));

	*out = (struct home_sight){0};
	if (query_next(&q))
		*out = (struct home_sight){.saved = query_int(&q, 0) > 0,
			.saved_back = query_int(&q, 1) > 0,
			.blocked = query_int(&q, 2) > 0,
			.rules = query_int(&q, 3) > 0,
			.viewer_rules = query_int(&q, 4) > 0};
	query_end(&q);
}

bool home_block_has(struct db *db, int64_t owner, int64_t other)
{
	return db_get_int(db, 0, "SELECT 1 FROM blocks WHERE owner = ?1 AND other = ?2",
		       DB_INT(owner), DB_INT(other)) == 1;
}

int64_t home_blocks_count(struct db *db, int64_t owner)
{
	return db_get_int(db, 0, "SELECT count(*) FROM blocks WHERE owner = ?1", DB_INT(owner));
}

bool home_block_put(struct db *db, int64_t owner, int64_t other, int64_t now_s)
{
	return db_run(db,
		       "INSERT INTO blocks (owner, other, blocked_at) VALUES (?1, ?2, ?3)"
		       " ON CONFLICT (owner, other) DO NOTHING",
		       DB_INT(owner), DB_INT(other), DB_INT(now_s)) > 0;
}

bool home_block_delete(struct db *db, int64_t owner, int64_t other)
{
	return db_run(db, "DELETE FROM blocks WHERE owner = ?1 AND other = ?2", DB_INT(owner),
		       DB_INT(other)) > 0;
}

size_t home_blocks_list(struct db *db, struct arena *arena, int64_t owner, int64_t offset,
	size_t limit, struct home_block **out)
{
	struct query q = db_query(db,
		"SELECT other, blocked_at FROM blocks WHERE owner = ?1"
		" ORDER BY blocked_at DESC, other LIMIT ?2 OFFSET ?3",
		DB_INT(owner), DB_INT(limit), DB_INT(offset));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = (struct home_block){query_int(&q, 0), query_int(&q, 1)};
	query_end(&q);
	return count;
}

static size_t take_ids(struct query q, struct arena *arena, size_t max, int64_t **out)
{
	size_t count = 0;

	*out = arena_array(arena, max, sizeof(**out));
	while (count < max && query_next(&q))
		(*out)[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

bool home_close_friend_has(struct db *db, int64_t owner, int64_t friend_id)
{
	return db_get_int(db, 0, "SELECT 1 FROM close_friends WHERE owner = ?1 AND friend = ?2",
		       DB_INT(owner), DB_INT(friend_id)) == 1;
}

size_t home_close_friends(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out)
{
	return take_ids(db_query(db,
				"SELECT friend FROM close_friends WHERE owner = ?1"
				" ORDER BY friend LIMIT ?2",
				DB_INT(owner), DB_INT(max)),
		arena, max, out);
}

size_t home_chat_partners(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out)
{
	return take_ids(db_query(db,
				"SELECT peer FROM dialogs WHERE owner = ?1 AND peer_kind = 1"
				" ORDER BY peer LIMIT ?2",
				DB_INT(owner), DB_INT(max)),
		arena, max, out);
}

void home_close_friend_put(struct db *db, int64_t owner, int64_t friend_id)
{
	db_run(db,
		"INSERT INTO close_friends (owner, friend) VALUES (?1, ?2)"
		" ON CONFLICT (owner, friend) DO NOTHING",
		DB_INT(owner), DB_INT(friend_id));
}

void home_close_friend_delete(struct db *db, int64_t owner, int64_t friend_id)
{
	db_run(db, "DELETE FROM close_friends WHERE owner = ?1 AND friend = ?2", DB_INT(owner),
		DB_INT(friend_id));
}

int64_t home_privacy_switches(struct db *db, int64_t owner)
{
	return db_get_int(
		db, 0, "SELECT switches FROM privacy_switches WHERE owner = ?1", DB_INT(owner));
}

void home_privacy_set_switches(struct db *db, int64_t owner, int64_t switches)
{
	db_run(db,
		"INSERT INTO privacy_switches (owner, switches) VALUES (?1, ?2)"
		" ON CONFLICT (owner) DO UPDATE SET switches = excluded.switches",
		DB_INT(owner), DB_INT(switches));
}

int64_t home_seen_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner)
{
	struct query q =
		db_query(db, "SELECT sealed_seen FROM last_seen WHERE owner = ?1", DB_INT(owner));
	struct bytes sealed = {0}, text;

	if (query_next(&q))
		sealed = query_bytes(&q, arena, 0);
	query_end(&q);
	text = open_value(db, vault, arena, "last_seen", owner, owner, sealed);
	return text.size == sizeof(int64_t) ? (int64_t)load_u64le(text.data) : 0;
}

void home_seen_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t seen_s)
{
	uint8_t text[sizeof(int64_t)];
	struct bytes sealed;

	store_u64le(text, (uint64_t)seen_s);
	sealed = seal_value(
		db, vault, arena, "last_seen", owner, owner, bytes_of(text, sizeof(text)));
	db_run(db,
		"INSERT INTO last_seen (owner, sealed_seen) VALUES (?1, ?2)"
		" ON CONFLICT (owner) DO UPDATE SET sealed_seen = excluded.sealed_seen",
		DB_INT(owner), DB_BYTES(sealed));
}
