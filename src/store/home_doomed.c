/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a channel away piece by piece. */
#include "store/home_doomed.h"

void home_doomed_put(struct db *db, int64_t channel, bool broadcast)
{
	db_run(db,
		"INSERT INTO doomed_channels (channel, broadcast) VALUES (?1, ?2)"
		" ON CONFLICT (channel) DO NOTHING",
		DB_INT(channel), DB_INT(broadcast));
}

bool home_doomed_next(struct db *db, int64_t *channel, bool *broadcast)
{
	struct query q = db_query(
		db, "SELECT channel, broadcast FROM doomed_channels ORDER BY channel LIMIT 1");
	const bool found = query_next(&q);

	if (found) {
		*channel = query_int(&q, 0);
		*broadcast = query_int(&q, 1) != 0;
	}
	query_end(&q);
	return found;
}

bool home_doomed_has(struct db *db, int64_t channel)
{
	return db_get_int(db, 0, "SELECT 1 FROM doomed_channels WHERE channel = ?1",
		       DB_INT(channel)) != 0;
}

void home_doomed_done(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM doomed_channels WHERE channel = ?1", DB_INT(channel));
}

void channel_rows_drop(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM channels WHERE id = ?1", DB_INT(channel));
}

bool channel_rows_clear_some(struct db *db, int64_t channel, size_t limit)
{
	int64_t deleted = db_run(db,
		"DELETE FROM posts WHERE channel = ?1 AND id IN"
		" (SELECT id FROM posts WHERE channel = ?1 ORDER BY id LIMIT ?2)",
		DB_INT(channel), DB_INT(limit));

	deleted += db_run(db,
		"DELETE FROM channel_events WHERE channel = ?1 AND pts IN"
		" (SELECT pts FROM channel_events WHERE channel = ?1 ORDER BY pts LIMIT ?2)",
		DB_INT(channel), DB_INT(limit));
	return deleted > 0;
}

bool home_authors_clear_some(struct db *db, int64_t channel, size_t limit)
{
	return db_run(db,
		       "DELETE FROM post_authors WHERE channel = ?1 AND post IN"
		       " (SELECT post FROM post_authors WHERE channel = ?1 ORDER BY post LIMIT ?2)",
		       DB_INT(channel), DB_INT(limit)) > 0;
}
