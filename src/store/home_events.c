/* SPDX-License-Identifier: Apache-2.0 */
/* The table events. */
#include "store/home_events.h"

static struct bytes ids_pack(struct arena *arena, const int32_t *ids, size_t count)
{
	uint8_t *packed;

	if (!count)
		return (struct bytes){0};
	packed = arena_array(arena, count, 4);
	for (size_t i = 0; i < count; i++)
		store_u32le(packed + 4 * i, (uint32_t)ids[i]);
	return bytes_of(packed, count * 4);
}

static void ids_unpack(struct arena *arena, struct bytes packed, struct home_event *event)
{
	event->id_count = packed.size / 4;
	event->ids = arena_array(arena, event->id_count, sizeof(*event->ids));
	for (size_t i = 0; i < event->id_count; i++)
		event->ids[i] = (int32_t)load_u32le(packed.data + 4 * i);
}

void home_event_insert(const struct home_box *box, const struct home_event *e)
{
	db_run(box->db,
		"INSERT INTO events (owner, pts, pts_count, kind, peer_kind, peer, message, ids, "
		"date)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(box->owner), DB_INT(e->pts), DB_INT(e->pts_count), DB_INT(e->kind),
		DB_INT(e->peer_kind), DB_INT(e->peer), DB_INT(e->message),
		DB_BYTES(ids_pack(box->arena, e->ids, e->id_count)), DB_INT(e->date_s));
}

void home_events_after(const struct home_box *box, int32_t pts, int32_t limit,
	struct home_event **out, size_t *count)
{
	struct home_event *events = arena_array(box->arena, (size_t)limit, sizeof(*events));
	struct query q = db_query(box->db,
		"SELECT pts, pts_count, kind, peer_kind, peer, message, ids, date FROM events"
		" WHERE owner = ?1 AND pts > ?2 ORDER BY pts LIMIT ?3",
		DB_INT(box->owner), DB_INT(pts), DB_INT(limit));

	*out = events;
	*count = 0;
	while (*count < (size_t)limit && query_next(&q)) {
		struct home_event *e = &events[(*count)++];

		e->pts = (int32_t)query_int(&q, 0);
		e->pts_count = (int32_t)query_int(&q, 1);
		e->kind = (enum home_event_kind)query_int(&q, 2);
		e->peer_kind = (int32_t)query_int(&q, 3);
		e->peer = query_int(&q, 4);
		e->message = (int32_t)query_int(&q, 5);
		ids_unpack(box->arena, query_bytes(&q, box->arena, 6), e);
		e->date_s = query_int(&q, 7);
	}
	query_end(&q);
}

bool home_events_reach(const struct home_box *box, int32_t pts)
{
	return db_get_int(box->db, 0, "SELECT 1 FROM events WHERE owner = ?1 AND pts <= ?2 LIMIT 1",
		       DB_INT(box->owner), DB_INT(pts)) == 1;
}

size_t home_logs_after(struct db *db, int64_t owner, struct home_log *out, size_t max)
{
	struct query q = db_query(db,
		"SELECT b.owner, b.pts, (SELECT e.pts FROM events e WHERE e.owner = b.owner"
		" ORDER BY e.pts LIMIT 1), (SELECT e.date FROM events e WHERE e.owner = b.owner"
		" ORDER BY e.pts LIMIT 1) FROM boxes b WHERE b.owner > ?1 ORDER BY b.owner LIMIT "
		"?2",
		DB_INT(owner), DB_INT(max));
	size_t count = 0;

	while (count < max && query_next(&q))
		out[count++] = (struct home_log){.owner = query_int(&q, 0),
			.pts = (int32_t)query_int(&q, 1),
			.oldest_pts = (int32_t)query_int(&q, 2),
			.oldest_s = query_int(&q, 3)};
	query_end(&q);
	return count;
}

int64_t home_events_purge(
	struct db *db, int64_t owner, int32_t to_pts, int64_t before_s, int64_t rows)
{
	return db_run(db,
		"DELETE FROM events WHERE owner = ?1 AND pts IN (SELECT pts FROM events WHERE"
		" owner = ?1 ORDER BY pts LIMIT ?4) AND (pts <= ?2 OR date < ?3)",
		DB_INT(owner), DB_INT(to_pts), DB_INT(before_s), DB_INT(rows));
}
