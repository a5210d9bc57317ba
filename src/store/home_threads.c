/* SPDX-License-Identifier: Apache-2.0 */
/* The tables threads and thread_reads. */
#include "store/home_threads.h"

void home_thread_get(struct db *db, int64_t channel, int32_t thread, struct thread_row *row)
{
	struct query q = db_query(db,
		"SELECT recent_1, recent_2, recent_3, read_max FROM threads"
		" WHERE channel = ?1 AND thread = ?2",
		DB_INT(channel), DB_INT(thread));

	*row = (struct thread_row){0};
	if (query_next(&q)) {
		for (int i = 0; i < THREAD_RECENT; i++)
			row->recent[i] = query_int(&q, i);
		row->read_max = (int32_t)query_int(&q, THREAD_RECENT);
	}
	query_end(&q);
}

void home_thread_put(struct db *db, int64_t channel, int32_t thread, const struct thread_row *row)
{
	db_run(db,
		"INSERT INTO threads (channel, thread, recent_1, recent_2, recent_3, read_max)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, thread) DO UPDATE SET"
		" recent_1 = ?3, recent_2 = ?4, recent_3 = ?5, read_max = ?6",
		DB_INT(channel), DB_INT(thread), DB_INT(row->recent[0]), DB_INT(row->recent[1]),
		DB_INT(row->recent[2]), DB_INT(row->read_max));
}

void home_thread_delete(struct db *db, int64_t channel, int32_t thread)
{
	db_run(db, "DELETE FROM threads WHERE channel = ?1 AND thread = ?2", DB_INT(channel),
		DB_INT(thread));
}

int32_t home_thread_read_get(struct db *db, int64_t user, int64_t channel, int32_t thread)
{
	return (int32_t)db_get_int(db, 0,
		"SELECT read_id FROM thread_reads WHERE user_id = ?1 AND channel = ?2"
		" AND thread = ?3",
		DB_INT(user), DB_INT(channel), DB_INT(thread));
}

void home_thread_read_put(
	struct db *db, int64_t user, int64_t channel, int32_t thread, int32_t read_id)
{
	db_run(db,
		"INSERT INTO thread_reads (user_id, channel, thread, read_id)"
		" VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, channel, thread)"
		" DO UPDATE SET read_id = ?4",
		DB_INT(user), DB_INT(channel), DB_INT(thread), DB_INT(read_id));
}
