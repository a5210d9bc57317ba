/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a channel lives, and its numbers. Posts are in channel_posts.c, events in channel_events.c.
 */
#include "store/channel_rows.h"

#include "store/home_channels.h"
#include "store/square_channels.h"
#include "store/store.h"
#include "store/take.h"

bool channel_rows_find(struct store *store, struct arena *arena, int64_t id,
	struct channel_row *row, struct channel_place *place)
{
	struct channel_rest *rest;
	bool found = true;

	*place = (struct channel_place){.db = store_square(store), .channel = id};
	if (!square_channels_find(place->db, arena, id, row)) {
		place->db = store_home(store);
		place->vault = store->vault;
		found = home_channels_find(place->db, store->vault, arena, id, row, place->salt);
	}
	if (!found || row->rest_upto <= row->rest_above)
		return found;
	rest = ARENA_NEW(arena, struct channel_rest);
	*rest = (struct channel_rest){.place = {.db = store_square(store), .channel = id},
		.above = row->rest_above,
		.upto = row->rest_upto};
	rest->place.unlisted = true;
	if (row->in_square)
		home_channels_place(store_home(store), store->vault, arena, id, &rest->place);
	place->rest = rest;
	return true;
}

void channel_rows_set_rest(const struct channel_place *place, int32_t above, int32_t upto)
{
	db_run(place->db, "UPDATE channels SET rest_above = ?2, rest_upto = ?3 WHERE id = ?1",
		DB_INT(place->channel), DB_INT(above), DB_INT(upto));
}

size_t channel_rows_list_moving(struct db *db, int64_t *ids, size_t limit)
{
	return take_ids(
		db_query(db, "SELECT id FROM channels WHERE rest_upto > 0 ORDER BY id LIMIT ?1",
			DB_INT(limit)),
		ids, limit);
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
		" restriction_text = ?4, restriction_reason = ?5, label_text = ?6,"
		" frozen_until = ?7 WHERE id = ?1",
		DB_INT(place->channel), DB_INT(row->restricted_everywhere),
		DB_TEXT(row->restricted_countries), DB_TEXT(row->restriction_text),
		DB_TEXT(row->restriction_reason), DB_TEXT(row->label_text),
		DB_INT(row->frozen_until_s));
}

void channel_rows_clear(const struct channel_place *place)
{
	db_run(place->db, "DELETE FROM topics WHERE channel = ?1", DB_INT(place->channel));
	db_run(place->db, "DELETE FROM posts WHERE channel = ?1", DB_INT(place->channel));
	db_run(place->db, "DELETE FROM channel_events WHERE channel = ?1", DB_INT(place->channel));
}
