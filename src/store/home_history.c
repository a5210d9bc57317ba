/* SPDX-License-Identifier: Apache-2.0 */
/* The tables history_ttls and read_dates. */
#include "store/home_history.h"

int32_t home_history_ttl_get(struct db *db, int64_t owner, int32_t peer_kind, int64_t peer)
{
	return (int32_t)db_get_int(db, 0,
		"SELECT period FROM history_ttls WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3",
		DB_INT(owner), DB_INT(peer_kind), DB_INT(peer));
}

void home_history_ttl_put(
	struct db *db, int64_t owner, int32_t peer_kind, int64_t peer, int32_t period_s)
{
	db_run(db,
		"INSERT INTO history_ttls (owner, peer_kind, peer, period) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (owner, peer_kind, peer) DO UPDATE SET period = ?4",
		DB_INT(owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(period_s));
}

void home_read_date_put(struct db *db, int64_t owner, int32_t peer_kind, int64_t peer,
	int32_t max_id, int64_t read_at_s)
{
	db_run(db,
		"INSERT INTO read_dates (owner, peer_kind, peer, max_id, read_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT (owner, peer_kind, peer, max_id) DO NOTHING",
		DB_INT(owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(max_id), DB_INT(read_at_s));
}

int64_t home_read_date_get(
	struct db *db, int64_t owner, int32_t peer_kind, int64_t peer, int32_t id)
{
	return db_get_int(db, 0,
		"SELECT read_at FROM read_dates WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3"
		" AND max_id >= ?4 ORDER BY max_id LIMIT 1",
		DB_INT(owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(id));
}

bool home_read_dates_purge(struct db *db, int64_t before_s, int rows)
{
	return db_run(db,
		       "DELETE FROM read_dates WHERE (owner, peer_kind, peer, max_id) IN"
		       " (SELECT owner, peer_kind, peer, max_id FROM read_dates"
		       " WHERE read_at < ?1 ORDER BY read_at LIMIT ?2)",
		       DB_INT(before_s), DB_INT(rows)) == rows;
}
