/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a channel lives, and its numbers. Posts are in channel_posts.c, events in channel_events.c.
 */
#include "store/channel_rows.h"

#include "store/home_channels.h"
#include "store/square_channels.h"
#include "store/store.h"

bool channel_rows_find(struct store *store, struct arena *arena, int64_t id,
	struct channel_row *row, struct channel_place *place)
{
	struct channel_place found = {.channel = id};

	found.db = store_square(store);
	if (square_channels_find(found.db, arena, id, row)) {
		*place = found;
		return true;
	}
	found.db = store_home(store);
	found.vault = store->vault;
	if (!home_channels_find(found.db, store->vault, arena, id, row, found.salt))
		return false;
	*place = found;
	return true;
}

void channel_rows_advance(const struct channel_place *place, int32_t pts_count, int32_t new_posts,
	int64_t posts_delta, int32_t *pts, int32_t *top_id)
{
	struct query q;

	db_run(place->db,
		"UPDATE channels SET pts = pts + ?2, top_id = top_id + ?3,"
		" post_count = post_count + ?4 WHERE id = ?1",
		DB_INT(place->channel), DB_INT(pts_count), DB_INT(new_posts), DB_INT(posts_delta));
	q = db_query(place->db, "SELECT pts, top_id FROM channels WHERE id = ?1",
		DB_INT(place->channel));
	*pts = 0;
	*top_id = 0;
	if (query_next(&q)) {
		*pts = (int32_t)query_int(&q, 0);
		*top_id = (int32_t)query_int(&q, 1);
	}
	query_end(&q);
}

void channel_rows_restrict(const struct channel_place *place, const struct channel_row *row)
{
	db_run(place->db,
		"UPDATE channels SET restricted_everywhere = ?2, restricted_countries = ?3,"
		" restriction_text = ?4, restriction_reason = ?5 WHERE id = ?1",
		DB_INT(place->channel), DB_INT(row->restricted_everywhere),
		DB_TEXT(row->restricted_countries), DB_TEXT(row->restriction_text),
		DB_TEXT(row->restriction_reason));
}

void channel_rows_clear(const struct channel_place *place)
{
	db_run(place->db, "DELETE FROM posts WHERE channel = ?1", DB_INT(place->channel));
	db_run(place->db, "DELETE FROM channel_events WHERE channel = ?1", DB_INT(place->channel));
}
