/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of public channels, and who has which public name. */
#include "store/square_channels.h"

#include "store/square_arrivals.h"
#include "store/square_reindex.h"
#include "store/square_search.h"
#include "store/square_similar.h"
#include "store/take.h"

bool square_channels_find(struct db *db, struct arena *arena, int64_t id, struct channel_row *row)
{
	struct query q = db_query(db,
		"SELECT title, about, username, broadcast, date, pts, top_id, post_count, members,"
		" restricted_everywhere, restricted_countries, restriction_text, "
		"restriction_reason,"
		" settings, rest_above, rest_upto, label_text, frozen_until FROM channels"
		" WHERE id = ?1 AND leaving_at IS NULL",
		DB_INT(id));
	const bool found = query_next(&q);

	if (found)
		*row = (struct channel_row){
			.id = id,
			.in_square = true,
			.title = query_bytes(&q, arena, 0),
			.about = query_bytes(&q, arena, 1),
			.username = query_bytes(&q, arena, 2),
			.broadcast = query_int(&q, 3) != 0,
			.date_s = query_int(&q, 4),
			.pts = (int32_t)query_int(&q, 5),
			.top_id = (int32_t)query_int(&q, 6),
			.post_count = query_int(&q, 7),
			.members = query_int(&q, 8),
			.restricted_everywhere = query_int(&q, 9) != 0,
			.restricted_countries = query_bytes(&q, arena, 10),
			.restriction_text = query_bytes(&q, arena, 11),
			.restriction_reason = query_bytes(&q, arena, 12),
			.settings = query_bytes(&q, arena, 13),
			.rest_above = (int32_t)query_int(&q, 14),
			.rest_upto = (int32_t)query_int(&q, 15),
			.label_text = query_bytes(&q, arena, 16),
			.frozen_until_s = query_int(&q, 17),
		};
	query_end(&q);
	return found;
}

bool square_channels_has(struct db *db, int64_t id)
{
	return db_get_int(db, 0, "SELECT 1 FROM channels WHERE id = ?1", DB_INT(id)) != 0;
}

void square_channels_insert(
	struct db *db, const struct channel_row *row, struct channel_place *place)
{
	*place = (struct channel_place){.db = db, .channel = row->id};
	db_run(db,
		"INSERT INTO channels (id, title, about, username, broadcast, date, pts, top_id,"
		" members, restricted_everywhere, restricted_countries, restriction_text,"
		" restriction_reason, post_count, settings, rest_above, rest_upto, label_text,"
		" frozen_until)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
		" ?17, ?18, ?19)",
		DB_INT(row->id), DB_TEXT(row->title), DB_TEXT(row->about), DB_TEXT(row->username),
		DB_INT(row->broadcast), DB_INT(row->date_s), DB_INT(row->pts), DB_INT(row->top_id),
		DB_INT(row->members), DB_INT(row->restricted_everywhere),
		DB_TEXT(row->restricted_countries), DB_TEXT(row->restriction_text),
		DB_TEXT(row->restriction_reason), DB_INT(row->post_count), DB_BYTES(row->settings),
		DB_INT(row->rest_above), DB_INT(row->rest_upto), DB_TEXT(row->label_text),
		DB_INT(row->frozen_until_s));
	square_search_set_channel(db, row);
}

void square_channels_update(struct db *db, const struct channel_row *row)
{
	db_run(db,
		"UPDATE channels SET title = ?2, about = ?3, username = ?4, settings = ?5"
		" WHERE id = ?1",
		DB_INT(row->id), DB_TEXT(row->title), DB_TEXT(row->about), DB_TEXT(row->username),
		DB_BYTES(row->settings));
	square_search_set_channel(db, row);
}

void square_channels_set_members(struct db *db, int64_t id, int64_t members)
{
	db_run(db, "UPDATE channels SET members = ?2 WHERE id = ?1", DB_INT(id), DB_INT(members));
}

void square_channels_leave(struct db *db, int64_t id, int64_t now_s)
{
	square_search_drop_channel(db, id);
	square_similar_drop(db, id);
	db_run(db, "UPDATE channels SET leaving_at = ?2 WHERE id = ?1", DB_INT(id), DB_INT(now_s));
}

int64_t square_channels_leaving(struct db *db, int64_t id)
{
	return db_get_int(db, 0,
		"SELECT leaving_at FROM channels WHERE id = ?1 AND leaving_at IS NOT NULL",
		DB_INT(id));
}

void square_channels_stay(struct db *db, int64_t id)
{
	db_run(db, "UPDATE channels SET leaving_at = NULL WHERE id = ?1", DB_INT(id));
}

void square_channels_delete(struct db *db, int64_t id)
{
	const struct channel_place place = {.db = db, .channel = id};

	square_search_drop_between(db, id, 0, INT32_MAX);
	square_search_drop_channel(db, id);
	square_similar_drop(db, id);
	square_arrival_drop(db, id);
	square_reindex_drop(db, id);
	channel_rows_clear(&place);
	db_run(db, "DELETE FROM channels WHERE id = ?1", DB_INT(id));
}

size_t square_channels_list_leaving(struct db *db, int64_t after, int64_t *ids, size_t limit)
{
	return take_ids(db_query(db,
				"SELECT id FROM channels WHERE id > ?1 AND leaving_at IS NOT NULL"
				" ORDER BY id LIMIT ?2",
				DB_INT(after), DB_INT(limit)),
		ids, limit);
}

size_t square_channels_list(struct db *db, int64_t after, int64_t *ids, size_t limit)
{
	return take_ids(db_query(db,
				"SELECT id FROM channels WHERE id > ?1 AND leaving_at IS NULL"
				" ORDER BY id LIMIT ?2",
				DB_INT(after), DB_INT(limit)),
		ids, limit);
}

int64_t square_names_find(struct db *db, struct bytes name, int peer_kind)
{
	return db_get_int(db, 0, "SELECT peer FROM usernames WHERE name = ?1 AND peer_kind = ?2",
		DB_TEXT(name), DB_INT(peer_kind));
}

bool square_names_taken(struct db *db, struct bytes name)
{
	return db_get_int(db, 0, "SELECT 1 FROM usernames WHERE name = ?1", DB_TEXT(name)) != 0;
}

void square_names_insert(struct db *db, struct bytes name, int peer_kind, int64_t peer)
{
	db_run(db, "INSERT INTO usernames (name, peer_kind, peer) VALUES (?1, ?2, ?3)",
		DB_TEXT(name), DB_INT(peer_kind), DB_INT(peer));
}

void square_names_delete(struct db *db, struct bytes name)
{
	db_run(db, "DELETE FROM usernames WHERE name = ?1", DB_TEXT(name));
}

size_t square_names_prefix(
	struct db *db, struct bytes prefix, int peer_kind, int64_t *peers, size_t limit)
{
	/* '~' sorts behind every character a name may have, in every collation of bytes. */
	return take_ids(db_query(db,
				"SELECT peer FROM usernames WHERE name >= ?1 AND name < ?1 || '~'"
				" AND peer_kind = ?2 ORDER BY name LIMIT ?3",
				DB_TEXT(prefix), DB_INT(peer_kind), DB_INT(limit)),
		peers, limit);
}
