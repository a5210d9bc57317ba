/* SPDX-License-Identifier: Apache-2.0 */
/* Posts of a channel, sealed on the way into the home and opened on the way out. */
#include "store/channel_rows.h"

/* One column list for all reads, so that one function reads a row. */
#define POST_COLUMNS "id, date, edit_date, action, body, text, views, random_id, hidden_by"

static struct seal_place post_seal_place(const struct channel_place *place, int32_t id)
{
	return (struct seal_place){
		.owner_salt = place->salt, .table = "posts", .owner = place->channel, .id = id};
}

static struct bytes post_body_in(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	const struct seal_place at = post_seal_place(place, row->id);

	return place->vault ? vault_seal(place->vault, &at, row->body, arena) : row->body;
}

static struct bytes post_text_in(const struct channel_place *place, const struct post_row *row)
{
	const struct bytes none = BYTES_LITERAL("");

	return place->vault || !row->text.data ? none : row->text;
}

static struct db_value post_optional(int64_t value)
{
	return value ? DB_INT(value) : (struct db_value){.kind = DB_KIND_NULL};
}

void post_rows_insert(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	db_run(place->db,
		"INSERT INTO posts (channel, id, date, edit_date, action, body, text, views,"
		" random_id, hidden_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		DB_INT(place->channel), DB_INT(row->id), DB_INT(row->date_s),
		DB_INT(row->edit_date_s), DB_INT(row->action),
		DB_BYTES(post_body_in(place, arena, row)), DB_TEXT(post_text_in(place, row)),
		DB_INT(row->views), post_optional(row->random_id), post_optional(row->hidden_by));
}

void post_rows_update(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	db_run(place->db,
		"UPDATE posts SET edit_date = ?3, body = ?4, text = ?5 WHERE channel = ?1 AND id = "
		"?2",
		DB_INT(place->channel), DB_INT(row->id), DB_INT(row->edit_date_s),
		DB_BYTES(post_body_in(place, arena, row)), DB_TEXT(post_text_in(place, row)));
}

bool post_rows_delete(const struct channel_place *place, int32_t id)
{
	return db_run(place->db, "DELETE FROM posts WHERE channel = ?1 AND id = ?2",
		       DB_INT(place->channel), DB_INT(id)) > 0;
}

static void post_read(const struct channel_place *place, struct arena *arena, const struct query *q,
	struct post_row *row)
{
	struct seal_place at;

	*row = (struct post_row){
		.id = (int32_t)query_int(q, 0),
		.date_s = query_int(q, 1),
		.edit_date_s = query_int(q, 2),
		.action = (int32_t)query_int(q, 3),
		.body = query_bytes(q, arena, 4),
		.text = query_bytes(q, arena, 5),
		.views = query_int(q, 6),
		.random_id = query_int(q, 7),
		.hidden_by = query_int(q, 8),
	};
	if (!place->vault)
		return;
	at = post_seal_place(place, row->id);
	if (vault_open(place->vault, &at, row->body, arena, &row->body) < 0)
		db_fail(place->db, "a sealed post does not open");
}

bool post_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct post_row *row)
{
	struct query q = db_query(place->db,
		"SELECT " POST_COLUMNS " FROM posts WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id));
	const bool found = query_next(&q);

	if (found)
		post_read(place, arena, &q, row);
	query_end(&q);
	return found;
}

int32_t post_rows_by_random(const struct channel_place *place, int64_t random_id)
{
	return (int32_t)db_get_int(place->db, 0,
		"SELECT id FROM posts WHERE channel = ?1 AND random_id = ?2",
		DB_INT(place->channel), DB_INT(random_id));
}

void post_rows_hide(const struct channel_place *place, int32_t id, int64_t order)
{
	db_run(place->db, "UPDATE posts SET hidden_by = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), post_optional(order));
}

void post_rows_show(const struct channel_place *place, int32_t id, int64_t edit_date_s)
{
	db_run(place->db,
		"UPDATE posts SET hidden_by = NULL, edit_date = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(edit_date_s));
}

void post_rows_add_view(const struct channel_place *place, int32_t id)
{
	db_run(place->db, "UPDATE posts SET views = views + 1 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id));
}

static void post_rows_take(const struct channel_place *place, struct arena *arena, struct query *q,
	int32_t limit, struct post_rows *out)
{
	out->at = arena_array(arena, (size_t)limit, sizeof(*out->at));
	out->count = 0;
	while (out->count < (size_t)limit && query_next(q))
		post_read(place, arena, q, &out->at[out->count++]);
	query_end(q);
}

/* One bound on each side: of several on one column the engine seeks by the first and walks over
 * what the others exclude. */
static int64_t post_below(const struct post_bounds *bounds, int64_t from)
{
	return bounds->max_id > 0 && bounds->max_id < from ? bounds->max_id : from;
}

void post_rows_older(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out)
{
	struct query q = db_query(place->db,
		"SELECT " POST_COLUMNS " FROM posts WHERE channel = ?1 AND id < ?2 AND id > ?3"
		" ORDER BY id DESC LIMIT ?4 OFFSET ?5",
		DB_INT(place->channel), DB_INT(post_below(bounds, from)), DB_INT(bounds->min_id),
		DB_INT(limit), DB_INT(skip));

	post_rows_take(place, arena, &q, limit, out);
}

void post_rows_newer(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out)
{
	const int64_t above = bounds->min_id >= from ? bounds->min_id : (int64_t)from - 1;
	struct query q = db_query(place->db,
		"SELECT " POST_COLUMNS " FROM posts WHERE channel = ?1 AND id > ?2 AND id < ?3"
		" ORDER BY id LIMIT ?4 OFFSET ?5",
		DB_INT(place->channel), DB_INT(above), DB_INT(post_below(bounds, INT64_MAX)),
		DB_INT(limit), DB_INT(skip));

	post_rows_take(place, arena, &q, limit, out);
}

int32_t post_rows_id_at(const struct channel_place *place, int32_t top_id, int64_t date_s)
{
	int32_t low = 1, high = top_id, found = 0;

	/* By halves over the ids, which rise with time: no index by date is needed. */
	while (low <= high) {
		const int32_t middle = low + (high - low) / 2;
		struct query q = db_query(place->db,
			"SELECT id, date FROM posts WHERE channel = ?1 AND id >= ?2"
			" ORDER BY id LIMIT 1",
			DB_INT(place->channel), DB_INT(middle));

		if (!query_next(&q)) {
			high = middle - 1;
			continue;
		}
		if (query_int(&q, 1) >= date_s) {
			found = (int32_t)query_int(&q, 0);
			high = middle - 1;
		} else {
			low = (int32_t)query_int(&q, 0) + 1;
		}
		query_end(&q);
	}
	return found;
}
