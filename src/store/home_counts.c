/* SPDX-License-Identifier: Apache-2.0 */
/* The table post_counts. */
#include "store/home_counts.h"

void home_counts_add(const struct channel_place *place, int32_t id, const struct post_counts *more)
{
	db_run(place->db,
		"INSERT INTO post_counts (channel, post, views, forwards, replies, replies_top)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, post) DO UPDATE SET"
		" views = post_counts.views + ?3, forwards = post_counts.forwards + ?4,"
		" replies = post_counts.replies + ?5, replies_top = CASE WHEN"
		" post_counts.replies_top < ?6 THEN ?6 ELSE post_counts.replies_top END",
		DB_INT(place->channel), DB_INT(id), DB_INT(more->views), DB_INT(more->forwards),
		DB_INT(more->replies), DB_INT(more->replies_top));
}

void home_counts_apply(const struct channel_place *place, struct post_row *row)
{
	struct query q = db_query(place->db,
		"SELECT views, forwards, replies, replies_top FROM post_counts"
		" WHERE channel = ?1 AND post = ?2",
		DB_INT(place->channel), DB_INT(row->id));

	if (query_next(&q)) {
		row->views += query_int(&q, 0);
		row->forwards += query_int(&q, 1);
		row->replies += (int32_t)query_int(&q, 2);
		if (row->replies < 0)
			row->replies = 0;
		if (row->replies_top < (int32_t)query_int(&q, 3))
			row->replies_top = (int32_t)query_int(&q, 3);
	}
	query_end(&q);
}

void home_counts_delete(const struct channel_place *place, int32_t above, int32_t upto)
{
	db_run(place->db, "DELETE FROM post_counts WHERE channel = ?1 AND post > ?2 AND post <= ?3",
		DB_INT(place->channel), DB_INT(above), DB_INT(upto));
}
