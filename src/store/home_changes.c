/* SPDX-License-Identifier: Apache-2.0 */
/* The table changes. */
#include "store/home_changes.h"

void home_change_put(struct db *db, int64_t owner, const struct home_change *c)
{
	db_run(db,
		"INSERT INTO changes (owner, kind, peer_kind, peer, item, changed_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		" ON CONFLICT (owner, kind, peer_kind, peer, item) DO UPDATE SET changed_at = ?6",
		DB_INT(owner), DB_INT(c->kind), DB_INT(c->peer_kind), DB_INT(c->peer),
		DB_INT(c->item), DB_INT(c->changed_at_s));
}

size_t home_changes_since(struct db *db, struct arena *arena, int64_t owner, int64_t since_s,
	int32_t limit, struct home_change **out)
{
	struct query q = db_query(db,
		"SELECT kind, peer_kind, peer, item, changed_at FROM changes"
		" WHERE owner = ?1 AND changed_at >= ?2 ORDER BY changed_at DESC LIMIT ?3",
		DB_INT(owner), DB_INT(since_s), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, (size_t)limit, sizeof(**out));
	while (count < (size_t)limit && query_next(&q)) {
		(*out)[count++] = (struct home_change){
			.kind = (int32_t)query_int(&q, 0),
			.peer_kind = (int32_t)query_int(&q, 1),
			.peer = query_int(&q, 2),
			.item = query_int(&q, 3),
			.changed_at_s = query_int(&q, 4),
		};
	}
	query_end(&q);
	return count;
}

int64_t home_change_at(struct db *db, int64_t owner, int32_t kind)
{
	return db_get_int(db, 0,
		"SELECT changed_at FROM changes"
		" WHERE owner = ?1 AND kind = ?2 AND peer_kind = 0 AND peer = 0 AND item = 0",
		DB_INT(owner), DB_INT(kind));
}

void home_changes_forget(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM changes WHERE owner = ?1", DB_INT(owner));
}

int64_t home_changes_purge(struct db *db, int64_t owner, int64_t before_s, int64_t rows)
{
	return db_run(db,
		"DELETE FROM changes WHERE owner = ?1 AND (kind, peer_kind, peer, item) IN"
		" (SELECT kind, peer_kind, peer, item FROM changes WHERE owner = ?1"
		" AND changed_at < ?2 ORDER BY changed_at LIMIT ?3)",
		DB_INT(owner), DB_INT(before_s), DB_INT(rows));
}
