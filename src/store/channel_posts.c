/* SPDX-License-Identifier: Apache-2.0 */
/* Posts of a channel, sealed on the way into the home and opened on the way out. */
#include "store/channel_rows.h"

#include "store/home_counts.h"
#include "store/square_search.h"

/* One column list for all reads, so that one function reads a row. */
#define POST_COLUMNS                                                                               \
	"id, date, edit_date, action, body, text, views, random_id, hidden_by, pinned, forwards, " \
	"thread, replies, replies_top, discussion, discussion_post, reactions, content, "          \
	"labelled_by"

static struct seal_place post_seal_place(const struct channel_place *place, int32_t id)
{
	return (struct seal_place){
		.owner_salt = place->salt, .table = "posts", .owner = place->channel, .id = id};
}

static struct seal_place post_reactions_seal_place(const struct channel_place *place, int32_t id)
{
	return (struct seal_place){.owner_salt = place->salt,
		.table = "posts.reactions",
		.owner = place->channel,
		.id = id};
}

static struct bytes post_body_in(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	const struct seal_place at = post_seal_place(place, row->id);

	return place->vault ? vault_seal(place->vault, &at, row->body, arena) : row->body;
}

static struct bytes post_reactions_in(
	const struct channel_place *place, struct arena *arena, int32_t id, struct bytes reactions)
{
	const struct seal_place at = post_reactions_seal_place(place, id);

	if (!reactions.size)
		return (struct bytes){NULL, 0};
	return place->vault ? vault_seal(place->vault, &at, reactions, arena) : reactions;
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

const struct channel_place *post_place(const struct channel_place *place, int32_t id)
{
	const struct channel_rest *rest = place->rest;

	return rest && id > rest->above && id <= rest->upto ? &rest->place : place;
}

bool post_left_behind(const struct channel_place *place, int32_t id)
{
	return place->vault && !post_place(place, id)->vault;
}

const struct channel_place *post_place_written(const struct channel_place *place, int32_t id)
{
	if (post_left_behind(place, id))
		db_fail(place->db, "a private channel's post would be written to the square");
	return post_place(place, id);
}

size_t post_parts(const struct channel_place *place, struct post_part parts[POST_PARTS_MAX])
{
	const struct channel_rest *rest = place->rest;

	if (!rest) {
		parts[0] = (struct post_part){place, 0, INT32_MAX};
		return 1;
	}
	parts[0] = (struct post_part){place, rest->upto, INT32_MAX};
	parts[1] = (struct post_part){&rest->place, rest->above, rest->upto};
	parts[2] = (struct post_part){place, 0, rest->above};
	return rest->above > 0 ? 3 : 2;
}

/* What the index has of the post. */
static void post_index(const struct channel_place *place, struct arena *arena,
	const struct post_row *row, bool has_old)
{
	if (place->vault)
		return;
	if (has_old)
		square_search_drop(place->db, place->channel, row->id);
	if (!place->unlisted && !row->hidden_by && row->text.size > 0)
		square_search_add(
			place->db, arena, place->channel, row->id, row->date_s, row->text);
}

void post_rows_insert(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	db_run(place->db,
		"INSERT INTO posts (channel, id, date, edit_date, action, body, text, views,"
		" random_id, hidden_by, pinned, forwards, thread, replies, replies_top, discussion,"
		" discussion_post, reactions, content, labelled_by) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, ?7, ?8, ?9, "
		"?10, ?11,"
		" ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
		DB_INT(place->channel), DB_INT(row->id), DB_INT(row->date_s),
		DB_INT(row->edit_date_s), DB_INT(row->action),
		DB_BYTES(post_body_in(place, arena, row)), DB_TEXT(post_text_in(place, row)),
		DB_INT(row->views), post_optional(row->random_id), post_optional(row->hidden_by),
		DB_INT(row->pinned), DB_INT(row->forwards), DB_INT(row->thread),
		DB_INT(row->replies), DB_INT(row->replies_top), DB_INT(row->discussion),
		DB_INT(row->discussion_post),
		DB_BYTES(post_reactions_in(place, arena, row->id, row->reactions)),
		DB_INT(row->content), post_optional(row->labelled_by));
	post_index(place, arena, row, false);
}

void post_rows_update(
	const struct channel_place *place, struct arena *arena, const struct post_row *row)
{
	place = post_place_written(place, row->id);
	db_run(place->db,
		"UPDATE posts SET edit_date = ?3, body = ?4, text = ?5, content = ?6"
		" WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(row->id), DB_INT(row->edit_date_s),
		DB_BYTES(post_body_in(place, arena, row)), DB_TEXT(post_text_in(place, row)),
		DB_INT(row->content));
	post_index(place, arena, row, true);
}

void post_rows_set_reactions(
	const struct channel_place *place, struct arena *arena, int32_t id, struct bytes reactions)
{
	place = post_place_written(place, id);
	db_run(place->db, "UPDATE posts SET reactions = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id),
		DB_BYTES(post_reactions_in(place, arena, id, reactions)));
}

bool post_rows_delete(const struct channel_place *place, int32_t id)
{
	place = post_place(place, id);
	if (!place->vault)
		square_search_drop(place->db, place->channel, id);
	return db_run(place->db, "DELETE FROM posts WHERE channel = ?1 AND id = ?2",
		       DB_INT(place->channel), DB_INT(id)) > 0;
}

void post_rows_delete_copy(struct db *db, int64_t channel, int32_t id)
{
	db_run(db, "DELETE FROM posts WHERE channel = ?1 AND id = ?2", DB_INT(channel), DB_INT(id));
}

void post_rows_delete_between(const struct channel_place *place, int32_t above, int32_t upto)
{
	if (!place->vault)
		square_search_drop_between(place->db, place->channel, above, upto);
	db_run(place->db, "DELETE FROM posts WHERE channel = ?1 AND id > ?2 AND id <= ?3",
		DB_INT(place->channel), DB_INT(above), DB_INT(upto));
}

bool post_rows_delete_some(const struct channel_place *place, int32_t limit)
{
	return db_run(place->db,
		       "DELETE FROM posts WHERE channel = ?1 AND id IN"
		       " (SELECT id FROM posts WHERE channel = ?1 ORDER BY id LIMIT ?2)",
		       DB_INT(place->channel), DB_INT(limit)) == limit;
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
		.pinned = query_int(q, 9) != 0,
		.forwards = query_int(q, 10),
		.thread = (int32_t)query_int(q, 11),
		.replies = (int32_t)query_int(q, 12),
		.replies_top = (int32_t)query_int(q, 13),
		.discussion = query_int(q, 14),
		.discussion_post = (int32_t)query_int(q, 15),
		.reactions = query_bytes(q, arena, 16),
		.content = (int32_t)query_int(q, 17),
		.labelled_by = query_int(q, 18),
	};
	if (!place->vault)
		return;
	at = post_reactions_seal_place(place, row->id);
	if (row->reactions.size &&
		vault_open(place->vault, &at, row->reactions, arena, &row->reactions) < 0)
		db_fail(place->db, "the reactions of a post do not open");
	at = post_seal_place(place, row->id);
	if (vault_open(place->vault, &at, row->body, arena, &row->body) < 0)
		db_fail(place->db, "a sealed post does not open");
}

bool post_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct post_row *row)
{
	const struct channel_place *at = post_place(place, id);
	struct query q = db_query(at->db,
		"SELECT " POST_COLUMNS " FROM posts WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id));
	const bool found = id > place->hidden_to && query_next(&q);

	if (found)
		post_read(at, arena, &q, row);
	query_end(&q);
	if (found && post_left_behind(place, id))
		home_counts_apply(place, row);
	return found;
}

int32_t post_rows_by_random(const struct channel_place *place, int64_t random_id)
{
	const int32_t id = (int32_t)db_get_int(place->db, 0,
		"SELECT id FROM posts WHERE channel = ?1 AND random_id = ?2",
		DB_INT(place->channel), DB_INT(random_id));

	return id || !place->rest ? id : post_rows_by_random(&place->rest->place, random_id);
}

void post_rows_hide(const struct channel_place *place, int32_t id, int64_t order)
{
	place = post_place(place, id);
	if (!place->vault)
		square_search_drop(place->db, place->channel, id);
	db_run(place->db, "UPDATE posts SET hidden_by = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), post_optional(order));
}

void post_rows_show(
	const struct channel_place *place, struct arena *arena, int32_t id, int64_t edit_date_s)
{
	struct post_row row;

	place = post_place(place, id);
	db_run(place->db,
		"UPDATE posts SET hidden_by = NULL, edit_date = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(edit_date_s));
	if (!place->vault && post_rows_find(place, arena, id, &row))
		post_index(place, arena, &row, true);
}

void post_rows_label(const struct channel_place *place, int32_t id, int64_t order)
{
	place = post_place(place, id);
	db_run(place->db, "UPDATE posts SET labelled_by = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), post_optional(order));
}

void post_rows_count(const struct channel_place *place, int32_t id, const struct post_counts *more)
{
	if (post_left_behind(place, id)) {
		home_counts_add(place, id, more);
		return;
	}
	db_run(post_place(place, id)->db,
		"UPDATE posts SET views = views + ?3, forwards = forwards + ?4,"
		" replies = CASE WHEN replies + ?5 > 0 THEN replies + ?5 ELSE 0 END,"
		" replies_top = CASE WHEN replies_top < ?6 THEN ?6 ELSE replies_top END"
		" WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(more->views), DB_INT(more->forwards),
		DB_INT(more->replies), DB_INT(more->replies_top));
}

/* Adds what the query yields to out, up to limit in all. */
static void post_rows_take(const struct channel_place *place, struct arena *arena, struct query *q,
	int32_t limit, struct post_rows *out)
{
	while (out->count < (size_t)limit && query_next(q))
		post_read(place, arena, q, &out->at[out->count++]);
	query_end(q);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* One bound on each side: of several on one column the engine seeks by the first and walks over
 * what the others exclude. */
static int64_t post_below(const struct post_bounds *bounds, int64_t from)
{
	return bounds->max_id > 0 && bounds->max_id < from ? bounds->max_id : from;
}

/* A thread is an equality on the index that begins with it; without one the id alone is looked for.
 */
#define POSTS_OF " FROM posts WHERE channel = ?1 AND id > ?2 AND id < ?3"
#define POSTS_OLDER(also)                                                                          \
	"SELECT " POST_COLUMNS POSTS_OF also " ORDER BY id DESC LIMIT ?4 OFFSET ?5"
#define POSTS_NEWER(also) "SELECT " POST_COLUMNS POSTS_OF also " ORDER BY id LIMIT ?4 OFFSET ?5"
#define POSTS_COUNTED(also) "SELECT count(*) FROM (SELECT id" POSTS_OF also " LIMIT ?4) AS counted"
#define IN_THREAD " AND thread = ?6"
#define THREAD_OF " AND thread = ?5"

/* What of a part is wanted: above < id < below. */
struct post_span {
	const struct channel_place *place;
	int64_t above, below;
	bool in_thread;
	int32_t thread;
};

static struct post_span post_span_of(const struct post_part *part, const struct post_bounds *bounds,
	int64_t above, int64_t below)
{
	return (struct post_span){
		.place = part->place,
		.above = most(above, part->above),
		.below = least(below, (int64_t)part->upto + 1),
		.in_thread = bounds->thread != 0,
		.thread = bounds->thread == POST_NO_THREAD ? 0 : bounds->thread,
	};
}

/* Adds to out, and takes from *skip what was skipped. */
static void post_span_read(struct arena *arena, const struct post_span *span, bool newest_first,
	int32_t *skip, int32_t limit, bool last, struct post_rows *out)
{
	const struct db_value channel = DB_INT(span->place->channel), above = DB_INT(span->above),
			      below = DB_INT(span->below), thread = DB_INT(span->thread),
			      room = DB_INT(limit - (int32_t)out->count), skipped = DB_INT(*skip);
	struct db *db = span->place->db;
	const size_t before = out->count;
	struct query q;

	if (newest_first)
		q = span->in_thread
			    ? db_query(db, POSTS_OLDER(IN_THREAD), channel, above, below, room,
				      skipped, thread)
			    : db_query(db, POSTS_OLDER(""), channel, above, below, room, skipped);
	else
		q = span->in_thread
			    ? db_query(db, POSTS_NEWER(IN_THREAD), channel, above, below, room,
				      skipped, thread)
			    : db_query(db, POSTS_NEWER(""), channel, above, below, room, skipped);
	post_rows_take(span->place, arena, &q, limit, out);
	if (last || *skip == 0)
		return;
	if (out->count > before)
		*skip = 0;
	else if (span->in_thread)
		*skip -= (int32_t)db_get_int(
			db, 0, POSTS_COUNTED(THREAD_OF), channel, above, below, skipped, thread);
	else
		*skip -= (int32_t)db_get_int(
			db, 0, POSTS_COUNTED(""), channel, above, below, skipped);
}

static void post_rows_complete(const struct channel_place *place, struct post_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (post_left_behind(place, rows->at[i].id))
			home_counts_apply(place, &rows->at[i]);
}

void post_rows_older(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out)
{
	struct post_part parts[POST_PARTS_MAX];
	const size_t count = post_parts(place, parts);

	*out = (struct post_rows){.at = arena_array(arena, (size_t)limit, sizeof(*out->at))};
	for (size_t i = 0; i < count && out->count < (size_t)limit; i++) {
		const struct post_span span = post_span_of(&parts[i], bounds,
			most(bounds->min_id, place->hidden_to), post_below(bounds, from));

		post_span_read(arena, &span, true, &skip, limit, i + 1 == count, out);
	}
	post_rows_complete(place, out);
}

void post_rows_newer(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out)
{
	struct post_part parts[POST_PARTS_MAX];

	*out = (struct post_rows){.at = arena_array(arena, (size_t)limit, sizeof(*out->at))};
	for (size_t i = post_parts(place, parts); i > 0 && out->count < (size_t)limit; i--) {
		const struct post_span span = post_span_of(&parts[i - 1], bounds,
			most(most(bounds->min_id, place->hidden_to), (int64_t)from - 1),
			post_below(bounds, INT64_MAX));

		post_span_read(arena, &span, false, &skip, limit, i == 1, out);
	}
	post_rows_complete(place, out);
}

/* The first post from `id` on: its id and time. False: there is none. */
static bool post_next(const struct channel_place *place, int32_t *id, int64_t *date_s)
{
	struct post_part parts[POST_PARTS_MAX];

	for (size_t i = post_parts(place, parts); i > 0; i--) {
		const int64_t above = most((int64_t)*id - 1, parts[i - 1].above);
		struct query q = db_query(parts[i - 1].place->db,
			"SELECT id, date FROM posts WHERE channel = ?1 AND id > ?2 AND id < ?3"
			" ORDER BY id LIMIT 1",
			DB_INT(place->channel), DB_INT(above),
			DB_INT((int64_t)parts[i - 1].upto + 1));

		if (query_next(&q)) {
			*id = (int32_t)query_int(&q, 0);
			*date_s = query_int(&q, 1);
			query_end(&q);
			return true;
		}
	}
	return false;
}

int32_t post_rows_id_at(const struct channel_place *place, int32_t top_id, int64_t date_s)
{
	int32_t low = 1, high = top_id, found = 0;

	/* By halves over the ids, which rise with time: no index by date is needed. */
	while (low <= high) {
		const int32_t middle = low + (high - low) / 2;
		int32_t id = middle;
		int64_t posted_s;

		if (!post_next(place, &id, &posted_s)) {
			high = middle - 1;
		} else if (posted_s >= date_s) {
			found = id;
			high = middle - 1;
		} else {
			low = id + 1;
		}
	}
	return found;
}
