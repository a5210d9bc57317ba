/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables bot_updates and bot_queries. Does not own what is told to a bot:
 * core/bots/bot_updates.c does. */
#include "store/home_bot_updates.h"

#include "store/home_users.h"

static struct seal_place place_of(const uint8_t *salt, int64_t bot, int64_t id)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "bot_updates", .owner = bot, .id = id};
}

#define COUNTER "bot_update"
/* 2024-01-01: in seconds since then, ids have the 31 bits that libraries of bots expect for long.
 */
#define CLOCK_FROM_S 1704067200

/* Ids also keep up with the clock, so that a home of yesterday gives none that were given since:
 * who remembers a later one would not hear of them. */
static int64_t new_id(struct db *db, int64_t bot, int64_t now_s)
{
	int64_t id = db_counter_add(db, bot, COUNTER, 1);

	return id < now_s - CLOCK_FROM_S
		       ? db_counter_add(db, bot, COUNTER, now_s - CLOCK_FROM_S - id)
		       : id;
}

int64_t home_bot_updates_last(struct db *db, int64_t bot)
{
	return db_get_int(db, 0, "SELECT value FROM counters WHERE owner = ?1 AND name = ?2",
		DB_INT(bot), DB_STR(COUNTER));
}

void home_bot_update_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t bot,
	struct home_bot_update *update)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;
	struct bytes sealed = {0};

	update->id = new_id(db, bot, update->created_at_s);
	place = place_of(salt, bot, update->id);
	if (update->data.data) {
		if (!home_salt(db, bot, salt)) {
			db_fail(db, "a bot's update needs the bot");
			return;
		}
		sealed = vault_seal(vault, &place, update->data, arena);
	}
	db_run(db,
		"INSERT INTO bot_updates (owner, id, kind, peer_kind, peer, message, actor, query,"
		" sealed_data, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		DB_INT(bot), DB_INT(update->id), DB_INT(update->kind), DB_INT(update->peer_kind),
		DB_INT(update->peer), DB_INT(update->message), DB_INT(update->actor),
		DB_INT(update->query), DB_BYTES(sealed), DB_INT(update->created_at_s));
}

static void open_data(struct db *db, const struct vault *vault, struct arena *arena, int64_t bot,
	struct home_bot_update *update)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = place_of(salt, bot, update->id);

	if (!update->data.data)
		return;
	if (!home_salt(db, bot, salt) ||
		vault_open(vault, &place, update->data, arena, &update->data) < 0)
		db_fail(db, "a bot's update does not open");
}

size_t home_bot_updates_list(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t bot, int64_t id, uint32_t kinds, int64_t since_s, size_t limit,
	struct home_bot_update **out)
{
	struct query q = db_query(db,
		"SELECT id, kind, peer_kind, peer, message, actor, query, sealed_data, created_at"
		" FROM bot_updates WHERE owner = ?1 AND id >= ?2 AND (?3 & (1 << kind)) <> 0"
		" AND created_at >= ?4 ORDER BY id LIMIT ?5",
		DB_INT(bot), DB_INT(id), DB_INT(kinds), DB_INT(since_s), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = (struct home_bot_update){
			.id = query_int(&q, 0),
			.kind = (int32_t)query_int(&q, 1),
			.peer_kind = (int32_t)query_int(&q, 2),
			.peer = query_int(&q, 3),
			.message = (int32_t)query_int(&q, 4),
			.actor = query_int(&q, 5),
			.query = query_int(&q, 6),
			.data = query_bytes(&q, arena, 7),
			.created_at_s = query_int(&q, 8),
		};
	query_end(&q);
	for (size_t i = 0; i < count; i++)
		open_data(db, vault, arena, bot, &(*out)[i]);
	return count;
}

int64_t home_bot_updates_from_end(struct db *db, int64_t bot, int64_t n)
{
	return db_get_int(db, 0,
		"SELECT min(id) FROM (SELECT id FROM bot_updates WHERE owner = ?1"
		" ORDER BY id DESC LIMIT ?2) AS last_ones",
		DB_INT(bot), DB_INT(n));
}

void home_bot_updates_drop(struct db *db, int64_t bot, int64_t id)
{
	db_run(db, "DELETE FROM bot_updates WHERE owner = ?1 AND id < ?2", DB_INT(bot), DB_INT(id));
}

void home_bot_update_delete(struct db *db, int64_t bot, int64_t id)
{
	db_run(db, "DELETE FROM bot_updates WHERE owner = ?1 AND id = ?2", DB_INT(bot), DB_INT(id));
}

bool home_bot_updates_purge(struct db *db, int64_t before_s, int rows)
{
	return db_run(db,
		       "DELETE FROM bot_updates WHERE (owner, id) IN (SELECT owner, id"
		       " FROM bot_updates WHERE created_at < ?1 LIMIT ?2)",
		       DB_INT(before_s), DB_INT(rows)) == rows;
}

void home_bot_query_put(struct db *db, int64_t bot, int64_t id, int64_t now_s)
{
	db_run(db, "INSERT INTO bot_queries (owner, id, created_at) VALUES (?1, ?2, ?3)",
		DB_INT(bot), DB_INT(id), DB_INT(now_s));
}

bool home_bot_query_take(struct db *db, int64_t bot, int64_t id, int64_t since_s)
{
	const bool holds =
		db_get_int(db, 0, "SELECT created_at FROM bot_queries WHERE owner = ?1 AND id = ?2",
			DB_INT(bot), DB_INT(id)) >= since_s;

	return db_run(db, "DELETE FROM bot_queries WHERE owner = ?1 AND id = ?2", DB_INT(bot),
		       DB_INT(id)) == 1 &&
	       holds;
}

void home_bot_queries_purge(struct db *db, int64_t before_s, int rows)
{
	db_run(db,
		"DELETE FROM bot_queries WHERE (owner, id) IN (SELECT owner, id FROM bot_queries"
		" WHERE created_at < ?1 LIMIT ?2)",
		DB_INT(before_s), DB_INT(rows));
}
