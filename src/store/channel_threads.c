/* SPDX-License-Identifier: Apache-2.0 */
/* Threads of posts, and the table topics. */
#include "store/channel_threads.h"

void post_rows_set_discussion(
	const struct channel_place *place, int32_t id, int64_t channel, int32_t post)
{
	db_run(post_place_written(place, id)->db,
		"UPDATE posts SET discussion = ?3, discussion_post = ?4"
		" WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(channel), DB_INT(post));
}

#define NEWER(also)                                                                                \
	"SELECT count(*) FROM (SELECT 1 FROM posts WHERE channel = ?1"                             \
	" AND id > ?2 AND id <= ?3" also " LIMIT ?4) AS newer"

int32_t post_rows_count_after(
	const struct channel_place *place, int32_t thread, int32_t after, int32_t limit)
{
	struct post_part parts[POST_PARTS_MAX];
	const size_t count = post_parts(place, parts);
	int32_t found = 0;

	for (size_t i = 0; i < count && found < limit && after < parts[i].upto; i++) {
		const struct db_value channel = DB_INT(place->channel),
				      above = DB_INT(
					      after > parts[i].above ? after : parts[i].above),
				      upto = DB_INT(parts[i].upto), room = DB_INT(limit - found);

		found += (int32_t)(thread ? db_get_int(parts[i].place->db, 0,
						    NEWER(" AND thread = ?5"), channel, above, upto,
						    room,
						    DB_INT(thread == POST_NO_THREAD ? 0 : thread))
					  : db_get_int(parts[i].place->db, 0, NEWER(""), channel,
						    above, upto, room));
	}
	return found;
}

void post_rows_leave_threads(const struct channel_place *place, int32_t limit)
{
	const int64_t top_id = db_get_int(
		place->db, 0, "SELECT top_id FROM channels WHERE id = ?1", DB_INT(place->channel));
	struct post_part parts[POST_PARTS_MAX];
	const size_t count = post_parts(place, parts);

	/* Beside posts that have not moved yet are the topics of the day when the move began. */
	for (size_t i = 0; i < count; i++)
		db_run(parts[i].place->db,
			"UPDATE posts SET thread = 0 WHERE channel = ?1 AND thread <> 0 AND id > ?2"
			" AND id <= ?3 AND NOT EXISTS (SELECT 1 FROM topics"
			" WHERE topics.channel = ?1 AND topics.id = posts.thread)",
			DB_INT(place->channel),
			DB_INT(top_id - limit > parts[i].above ? top_id - limit : parts[i].above),
			DB_INT(parts[i].upto));
}

/* ---- Topics ---- */

#define TOPIC_COLUMNS "id, title, color, emoji, closed, hidden, pinned, top_id, date"

static struct seal_place title_place(const struct channel_place *place, int32_t id)
{
	return (struct seal_place){
		.owner_salt = place->salt, .table = "topics", .owner = place->channel, .id = id};
}

void topic_rows_put(
	const struct channel_place *place, struct arena *arena, const struct topic_row *row)
{
	const struct seal_place at = title_place(place, row->id);
	const struct bytes title =
		place->vault ? vault_seal(place->vault, &at, row->title, arena) : row->title;

	db_run(place->db,
		"INSERT INTO topics (channel, " TOPIC_COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		" ?8, ?9, ?10) ON CONFLICT (channel, id) DO UPDATE SET title = ?3, color = ?4,"
		" emoji = ?5, closed = ?6, hidden = ?7, pinned = ?8, top_id = ?9",
		DB_INT(place->channel), DB_INT(row->id), DB_BYTES(title), DB_INT(row->color),
		DB_INT(row->emoji), DB_INT(row->closed), DB_INT(row->hidden), DB_INT(row->pinned),
		DB_INT(row->top_id), DB_INT(row->date_s));
}

static void topic_read(const struct channel_place *place, struct arena *arena,
	const struct query *q, struct topic_row *row)
{
	struct seal_place at;

	*row = (struct topic_row){
		.id = (int32_t)query_int(q, 0),
		.title = query_bytes(q, arena, 1),
		.color = (int32_t)query_int(q, 2),
		.emoji = query_int(q, 3),
		.closed = query_int(q, 4) != 0,
		.hidden = query_int(q, 5) != 0,
		.pinned = (int32_t)query_int(q, 6),
		.top_id = (int32_t)query_int(q, 7),
		.date_s = query_int(q, 8),
	};
	at = title_place(place, row->id);
	if (place->vault && vault_open(place->vault, &at, row->title, arena, &row->title) < 0)
		db_fail(place->db, "the title of a topic does not open");
}

bool topic_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct topic_row *row)
{
	struct query q = db_query(place->db,
		"SELECT " TOPIC_COLUMNS " FROM topics WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id));
	const bool found = query_next(&q);

	if (found)
		topic_read(place, arena, &q, row);
	query_end(&q);
	return found;
}

bool topic_rows_has(const struct channel_place *place, int32_t id)
{
	return db_get_int(place->db, 0, "SELECT 1 FROM topics WHERE channel = ?1 AND id = ?2",
		       DB_INT(place->channel), DB_INT(id)) != 0;
}

void topic_rows_delete(const struct channel_place *place, int32_t id)
{
	db_run(place->db, "DELETE FROM topics WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id));
}

void topic_rows_set_top(const struct channel_place *place, int32_t id, int32_t top_id)
{
	db_run(place->db, "UPDATE topics SET top_id = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(top_id));
}

void topic_rows_set_pinned(const struct channel_place *place, int32_t id, int32_t pinned)
{
	db_run(place->db, "UPDATE topics SET pinned = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(pinned));
}

size_t topic_rows_list(const struct channel_place *place, struct arena *arena, bool pinned,
	int32_t below, struct topic_row *rows, size_t limit)
{
	struct query q =
		pinned ? db_query(place->db,
				 "SELECT " TOPIC_COLUMNS " FROM topics WHERE channel = ?1 AND"
				 " pinned > 0 ORDER BY pinned DESC LIMIT ?2",
				 DB_INT(place->channel), DB_INT(limit))
		       : db_query(place->db,
				 "SELECT " TOPIC_COLUMNS " FROM topics WHERE channel = ?1 AND"
				 " pinned = 0 AND top_id < ?2 ORDER BY top_id DESC LIMIT ?3",
				 DB_INT(place->channel), DB_INT(below), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		topic_read(place, arena, &q, &rows[count++]);
	query_end(&q);
	return count;
}

void topic_rows_copy(
	const struct channel_place *from, const struct channel_place *to, struct arena *arena)
{
	struct query q = db_query(from->db,
		"SELECT " TOPIC_COLUMNS " FROM topics WHERE channel = ?1 ORDER BY id",
		DB_INT(from->channel));

	db_run(to->db, "DELETE FROM topics WHERE channel = ?1", DB_INT(to->channel));
	while (query_next(&q)) {
		struct topic_row row;

		topic_read(from, arena, &q, &row);
		topic_rows_put(to, arena, &row);
	}
}

int32_t topic_rows_count(const struct channel_place *place)
{
	return (int32_t)db_get_int(place->db, 0, "SELECT count(*) FROM topics WHERE channel = ?1",
		DB_INT(place->channel));
}
