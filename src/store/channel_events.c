/* SPDX-License-Identifier: Apache-2.0 */
/* What happened in a channel, one row per pts; ids of deletions are packed as 4 bytes each. */
#include "store/channel_rows.h"

#define EVENT_IDS_MAX 100 /* a call deletes no more (core/posts/posts.h) */

void channel_events_append(const struct channel_place *place, const struct channel_event_row *event)
{
	uint8_t packed[4 * EVENT_IDS_MAX];
	struct bytes ids = {NULL, 0};

	if (event->id_count > 0 && event->id_count <= EVENT_IDS_MAX) {
		for (size_t i = 0; i < event->id_count; i++)
			store_u32le(packed + 4 * i, (uint32_t)event->ids[i]);
		ids = bytes_of(packed, 4 * event->id_count);
	}
	db_run(place->db,
		"INSERT INTO channel_events (channel, pts, pts_count, kind, post, ids, date)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(place->channel), DB_INT(event->pts), DB_INT(event->pts_count),
		DB_INT(event->kind), DB_INT(event->post), DB_BYTES(ids), DB_INT(event->date_s));
	if (event->pts > CHANNEL_EVENTS_KEPT)
		db_run(place->db, "DELETE FROM channel_events WHERE channel = ?1 AND pts <= ?2",
			DB_INT(place->channel), DB_INT(event->pts - CHANNEL_EVENTS_KEPT));
}

static void event_unpack(struct arena *arena, struct bytes ids, struct channel_event_row *event)
{
	event->id_count = ids.size / 4;
	event->ids = arena_array(arena, event->id_count, sizeof(*event->ids));
	for (size_t i = 0; i < event->id_count; i++)
		event->ids[i] = (int32_t)load_u32le(ids.data + 4 * i);
}

size_t channel_events_after(const struct channel_place *place, struct arena *arena, int32_t pts,
	int32_t limit, struct channel_event_row *out)
{
	struct query q = db_query(place->db,
		"SELECT kind, pts, pts_count, post, ids, date FROM channel_events"
		" WHERE channel = ?1 AND pts > ?2 ORDER BY pts LIMIT ?3",
		DB_INT(place->channel), DB_INT(pts), DB_INT(limit));
	size_t count = 0;

	while (count < (size_t)limit && query_next(&q)) {
		out[count] = (struct channel_event_row){
			.kind = (enum channel_event_kind)query_int(&q, 0),
			.pts = (int32_t)query_int(&q, 1),
			.pts_count = (int32_t)query_int(&q, 2),
			.post = (int32_t)query_int(&q, 3),
			.date_s = query_int(&q, 5),
		};
		event_unpack(arena, query_bytes(&q, arena, 4), &out[count]);
		count++;
	}
	query_end(&q);
	return count;
}

void channel_events_copy(
	const struct channel_place *from, const struct channel_place *to, int32_t pts)
{
	struct query q = db_query(from->db,
		"SELECT pts, pts_count, kind, post, ids, date FROM channel_events"
		" WHERE channel = ?1 AND pts > ?2 ORDER BY pts",
		DB_INT(from->channel), DB_INT(pts));
	struct arena row;

	arena_init(&row);
	while (query_next(&q)) {
		db_run(to->db,
			"INSERT INTO channel_events (channel, pts, pts_count, kind, post, ids,"
			" date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			DB_INT(to->channel), DB_INT(query_int(&q, 0)), DB_INT(query_int(&q, 1)),
			DB_INT(query_int(&q, 2)), DB_INT(query_int(&q, 3)),
			DB_BYTES(query_bytes(&q, &row, 4)), DB_INT(query_int(&q, 5)));
		arena_reset(&row);
	}
	arena_release(&row);
}

bool channel_events_reach(const struct channel_place *place, int32_t pts)
{
	/* The first event after pts must start at pts or before: pts - pts_count of it. */
	const int64_t start = db_get_int(place->db, INT64_MAX,
		"SELECT pts - pts_count FROM channel_events WHERE channel = ?1 AND pts > ?2"
		" ORDER BY pts LIMIT 1",
		DB_INT(place->channel), DB_INT(pts));

	return start <= pts;
}

int64_t channel_events_newest_s(const struct channel_place *place)
{
	return db_get_int(place->db, 0,
		"SELECT date FROM channel_events WHERE channel = ?1 ORDER BY pts DESC LIMIT 1",
		DB_INT(place->channel));
}
