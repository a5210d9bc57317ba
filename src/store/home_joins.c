/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables joins and join_counts. */
#include "store/home_joins.h"

#define JOIN "user_id, hash, waits, date, approved_by"

static struct bytes hash_bytes(const uint8_t *hash)
{
	return bytes_of(hash, VAULT_LOOKUP_SIZE);
}

static void join_read(const struct query *q, struct arena *arena, struct home_join *out)
{
	const struct bytes hash = query_bytes(q, arena, 1);

	*out = (struct home_join){.user = query_int(q, 0),
		.waits = query_int(q, 2) != 0,
		.date_s = query_int(q, 3),
		.approved_by = query_int(q, 4)};
	out->by_link = hash.size == sizeof(out->hash);
	if (out->by_link)
		memcpy(out->hash, hash.data, sizeof(out->hash));
}

bool home_join_find(struct db *db, struct arena *arena, struct home_place place, int64_t user,
	struct home_join *out)
{
	struct query q = db_query(db,
		"SELECT " JOIN " FROM joins WHERE peer_kind = ?1 AND peer = ?2 AND user_id = ?3",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(user));
	const bool found = query_next(&q);

	if (found)
		join_read(&q, arena, out);
	query_end(&q);
	return found;
}

static void count_waiting(struct db *db, struct home_place place, int64_t delta)
{
	db_run(db,
		"INSERT INTO join_counts (peer_kind, peer, waiting) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (peer_kind, peer) DO UPDATE SET waiting = join_counts.waiting + ?3",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(delta));
}

void home_join_delete(struct db *db, struct arena *arena, struct home_place place, int64_t user)
{
	struct home_join old;

	if (!home_join_find(db, arena, place, user, &old))
		return;
	db_run(db, "DELETE FROM joins WHERE peer_kind = ?1 AND peer = ?2 AND user_id = ?3",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(user));
	if (!old.waits)
		return;
	count_waiting(db, place, -1);
	if (old.by_link)
		home_invite_link_count(db, old.hash, 0, -1);
}

void home_join_put(
	struct db *db, struct arena *arena, struct home_place place, const struct home_join *join)
{
	const struct bytes hash = join->by_link ? hash_bytes(join->hash) : (struct bytes){0};

	home_join_delete(db, arena, place, join->user);
	db_run(db,
		"INSERT INTO joins (peer_kind, peer, " JOIN ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(join->user), DB_BYTES(hash),
		DB_INT(join->waits), DB_INT(join->date_s), DB_INT(join->approved_by));
	if (!join->waits)
		return;
	count_waiting(db, place, 1);
	if (join->by_link)
		home_invite_link_count(db, join->hash, 0, 1);
}

static void dismiss_of_link(struct db *db, struct home_place place, const uint8_t *link)
{
	count_waiting(db, place,
		-db_run(db,
			"DELETE FROM joins WHERE peer_kind = ?1 AND peer = ?2 AND hash = ?3"
			" AND waits = 1",
			DB_INT(place.kind), DB_INT(place.id), DB_BYTES(hash_bytes(link))));
	db_run(db, "UPDATE invite_links SET requested = 0 WHERE hash = ?1",
		DB_BYTES(hash_bytes(link)));
}

void home_joins_dismiss(struct db *db, struct home_place place, const uint8_t *link)
{
	if (link) {
		dismiss_of_link(db, place, link);
		return;
	}
	db_run(db, "DELETE FROM joins WHERE peer_kind = ?1 AND peer = ?2 AND waits = 1",
		DB_INT(place.kind), DB_INT(place.id));
	db_run(db, "DELETE FROM join_counts WHERE peer_kind = ?1 AND peer = ?2", DB_INT(place.kind),
		DB_INT(place.id));
	db_run(db,
		"UPDATE invite_links SET requested = 0"
		" WHERE peer_kind = ?1 AND peer = ?2 AND requested <> 0",
		DB_INT(place.kind), DB_INT(place.id));
}

#define BEHIND                                                                                     \
	" AND (date < ?3 OR (date = ?3 AND user_id < ?4)) ORDER BY date DESC, user_id DESC LIMIT " \
	"?5"

size_t home_joins(struct db *db, struct arena *arena, struct home_place place, const uint8_t *link,
	bool waits, const struct home_join_mark *mark, size_t limit, struct home_join **out)
{
	const int64_t before_s = mark->date_s ? mark->date_s : INT64_MAX;
	struct query q;
	size_t count = 0;

	if (link)
		q = db_query(db,
			"SELECT " JOIN " FROM joins WHERE peer_kind = ?1 AND peer = ?2"
			" AND hash = ?6 AND waits = ?7" BEHIND,
			DB_INT(place.kind), DB_INT(place.id), DB_INT(before_s), DB_INT(mark->user),
			DB_INT(limit), DB_BYTES(hash_bytes(link)), DB_INT(waits));
	else
		q = db_query(db,
			"SELECT " JOIN " FROM joins WHERE peer_kind = ?1 AND peer = ?2"
			" AND waits = 1" BEHIND,
			DB_INT(place.kind), DB_INT(place.id), DB_INT(before_s), DB_INT(mark->user),
			DB_INT(limit));
	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		join_read(&q, arena, &(*out)[count++]);
	query_end(&q);
	return count;
}

int64_t home_joins_waiting(struct db *db, struct home_place place)
{
	return db_get_int(db, 0,
		"SELECT waiting FROM join_counts WHERE peer_kind = ?1 AND peer = ?2",
		DB_INT(place.kind), DB_INT(place.id));
}

int64_t home_joins_of_user(struct db *db, int64_t user, int64_t limit)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM (SELECT 1 FROM joins WHERE user_id = ?1 AND waits = 1"
		" LIMIT ?2) AS waiting",
		DB_INT(user), DB_INT(limit));
}

void home_joins_drop_account(struct db *db, int64_t user)
{
	db_run(db,
		"UPDATE join_counts SET waiting = waiting - 1 WHERE (peer_kind, peer) IN"
		" (SELECT peer_kind, peer FROM joins WHERE user_id = ?1 AND waits = 1)",
		DB_INT(user));
	db_run(db,
		"UPDATE invite_links SET requested = requested - 1 WHERE hash IN"
		" (SELECT hash FROM joins WHERE user_id = ?1 AND waits = 1)",
		DB_INT(user));
	db_run(db, "DELETE FROM joins WHERE user_id = ?1", DB_INT(user));
	db_run(db, "DELETE FROM invite_links WHERE admin = ?1", DB_INT(user));
}
