/* SPDX-License-Identifier: Apache-2.0 */
#include "store/square_arrivals.h"
#include "store/take.h"

void square_arrival_note(struct db *db, int64_t channel, int32_t top_id)
{
	db_run(db,
		"INSERT INTO arrivals (channel, below) VALUES (?1, ?2)"
		" ON CONFLICT (channel) DO UPDATE SET below = excluded.below",
		DB_INT(channel), DB_INT(top_id + 1));
}

void square_arrival_drop(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM arrivals WHERE channel = ?1", DB_INT(channel));
}

bool square_arrival_next(struct db *db, struct square_arrival *out)
{
	struct query q = db_query(db, "SELECT a.channel, a.below, c.rest_upto FROM arrivals a"
				      " JOIN channels c ON c.id = a.channel"
				      " WHERE c.leaving_at IS NULL AND a.below > c.rest_upto + 1"
				      " ORDER BY a.channel LIMIT 1");
	const bool found = query_next(&q);

	if (found)
		*out = (struct square_arrival){.channel = query_int(&q, 0),
			.below = (int32_t)query_int(&q, 1),
			.upto = (int32_t)query_int(&q, 2)};
	query_end(&q);
	return found;
}

size_t square_arrival_posts(
	struct db *db, const struct square_arrival *arrival, int32_t *ids, size_t limit)
{
	return take_posts(db_query(db,
				  "SELECT id FROM posts WHERE channel = ?1 AND id < ?2 AND id > ?3"
				  " ORDER BY id DESC LIMIT ?4",
				  DB_INT(arrival->channel), DB_INT(arrival->below),
				  DB_INT(arrival->upto), DB_INT((int64_t)limit)),
		ids, limit);
}

void square_arrival_set(struct db *db, const struct square_arrival *arrival)
{
	if (arrival->below <= 1)
		square_arrival_drop(db, arrival->channel);
	else
		db_run(db, "UPDATE arrivals SET below = ?2 WHERE channel = ?1",
			DB_INT(arrival->channel), DB_INT(arrival->below));
}
