/* SPDX-License-Identifier: Apache-2.0 */
/* The tables top_peers and top_peers_off. */
#include "store/home_contacts_top.h"

bool home_top_get(struct db *db, int64_t owner, struct home_top *top, bool *off)
{
	struct query q = db_query(db,
		"SELECT (SELECT score FROM top_peers WHERE owner = ?1 AND category = ?2 AND"
		" peer_kind = ?3 AND peer = ?4),"
		" (SELECT count(*) FROM top_peers_off WHERE owner = ?1)",
		DB_INT(owner), DB_INT(top->category), DB_INT(top->peer_kind), DB_INT(top->peer));
	bool found = query_next(&q) && !query_is_null(&q, 0);

	top->score = query_int(&q, 0);
	*off = query_int(&q, 1) > 0;
	query_end(&q);
	return found;
}

void home_top_put(struct db *db, int64_t owner, const struct home_top *top)
{
	db_run(db,
		"INSERT INTO top_peers (owner, category, peer_kind, peer, score) VALUES (?1, ?2, "
		"?3,"
		" ?4, ?5) ON CONFLICT (owner, category, peer_kind, peer) DO UPDATE SET score ="
		" excluded.score",
		DB_INT(owner), DB_INT(top->category), DB_INT(top->peer_kind), DB_INT(top->peer),
		DB_INT(top->score));
}

void home_top_delete(struct db *db, int64_t owner, const struct home_top *top)
{
	db_run(db,
		"DELETE FROM top_peers WHERE owner = ?1 AND category = ?2 AND peer_kind = ?3 AND"
		" peer = ?4",
		DB_INT(owner), DB_INT(top->category), DB_INT(top->peer_kind), DB_INT(top->peer));
}

size_t home_top_list(struct db *db, struct arena *arena, int64_t owner, int32_t category,
	size_t limit, struct home_top **out)
{
	struct query q = db_query(db,
		"SELECT peer_kind, peer, score FROM top_peers WHERE owner = ?1 AND category = ?2"
		" ORDER BY score DESC, peer LIMIT ?3",
		DB_INT(owner), DB_INT(category), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = (struct home_top){.category = category,
			.peer_kind = (int32_t)query_int(&q, 0),
			.peer = query_int(&q, 1),
			.score = query_int(&q, 2)};
	query_end(&q);
	return count;
}

void home_top_trim(struct db *db, int64_t owner, int32_t category, size_t keep)
{
	db_run(db,
		"DELETE FROM top_peers WHERE owner = ?1 AND category = ?2 AND score < (SELECT"
		" min(score) FROM (SELECT score FROM top_peers WHERE owner = ?1 AND category = ?2"
		" ORDER BY score DESC LIMIT ?3) AS best)",
		DB_INT(owner), DB_INT(category), DB_INT(keep));
}

void home_top_delete_all(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM top_peers WHERE owner = ?1", DB_INT(owner));
}

bool home_top_is_off(struct db *db, int64_t owner)
{
	return db_get_int(db, 0, "SELECT 1 FROM top_peers_off WHERE owner = ?1", DB_INT(owner)) ==
	       1;
}

void home_top_set_off(struct db *db, int64_t owner, bool off)
{
	if (off)
		db_run(db,
			"INSERT INTO top_peers_off (owner) VALUES (?1) ON CONFLICT (owner) DO "
			"NOTHING",
			DB_INT(owner));
	else
		db_run(db, "DELETE FROM top_peers_off WHERE owner = ?1", DB_INT(owner));
}
