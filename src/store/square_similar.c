/* SPDX-License-Identifier: Apache-2.0 */
#include "store/square_similar.h"

void square_similar_set(
	struct db *db, int64_t channel, const int64_t *others, size_t count, int64_t now_s)
{
	db_run(db, "DELETE FROM similar_channels WHERE channel = ?1", DB_INT(channel));
	for (size_t i = 0; i < count; i++)
		db_run(db,
			"INSERT INTO similar_channels (channel, position, other) VALUES (?1, ?2, "
			"?3)",
			DB_INT(channel), DB_INT(i), DB_INT(others[i]));
	db_run(db, "UPDATE channels SET similar_at = ?2 WHERE id = ?1", DB_INT(channel),
		DB_INT(now_s));
}

void square_similar_drop(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM similar_channels WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM similar_channels WHERE other = ?1", DB_INT(channel));
}

size_t square_similar_list(struct db *db, int64_t channel, int64_t *others, size_t limit)
{
	struct query q = db_query(db,
		"SELECT other FROM similar_channels WHERE channel = ?1 ORDER BY position LIMIT ?2",
		DB_INT(channel), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		others[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

int64_t square_similar_due(struct db *db, int64_t before_s)
{
	return db_get_int(db, 0,
		"SELECT id FROM channels WHERE broadcast = 1 AND similar_at < ?1"
		" AND leaving_at IS NULL"
		" ORDER BY similar_at LIMIT 1",
		DB_INT(before_s));
}
