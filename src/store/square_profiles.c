/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of profiles. */
#include "store/square_profiles.h"

bool square_profile_get(struct db *db, struct arena *arena, int64_t id, struct profile_row *out)
{
	struct query q = db_query(db,
		"SELECT username, title, about, bot, since, restricted_everywhere,"
		" restricted_countries, restriction_text, restriction_reason, label_text"
		" FROM profiles WHERE id = ?1",
		DB_INT(id));
	const bool found = query_next(&q);

	if (found)
		*out = (struct profile_row){
			.id = id,
			.username = query_bytes(&q, arena, 0),
			.title = query_bytes(&q, arena, 1),
			.about = query_bytes(&q, arena, 2),
			.is_bot = query_int(&q, 3) != 0,
			.since_s = query_int(&q, 4),
			.restricted_everywhere = query_int(&q, 5) != 0,
			.restricted_countries = query_bytes(&q, arena, 6),
			.restriction_text = query_bytes(&q, arena, 7),
			.restriction_reason = query_bytes(&q, arena, 8),
			.label_text = query_bytes(&q, arena, 9),
		};
	query_end(&q);
	return found;
}

void square_profile_put(struct db *db, const struct profile_row *row)
{
	db_run(db,
		"INSERT INTO profiles (id, username, title, about, bot, since,"
		" restricted_everywhere, restricted_countries, restriction_text,"
		" restriction_reason, label_text)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
		" ON CONFLICT (id) DO UPDATE SET username = excluded.username,"
		" title = excluded.title, about = excluded.about, bot = excluded.bot,"
		" restricted_everywhere = excluded.restricted_everywhere,"
		" restricted_countries = excluded.restricted_countries,"
		" restriction_text = excluded.restriction_text,"
		" restriction_reason = excluded.restriction_reason,"
		" label_text = excluded.label_text",
		DB_INT(row->id), DB_TEXT(row->username), DB_TEXT(row->title), DB_TEXT(row->about),
		DB_INT(row->is_bot), DB_INT(row->since_s), DB_INT(row->restricted_everywhere),
		DB_TEXT(row->restricted_countries), DB_TEXT(row->restriction_text),
		DB_TEXT(row->restriction_reason), DB_TEXT(row->label_text));
}

void square_profile_delete(struct db *db, int64_t id)
{
	db_run(db, "DELETE FROM profiles WHERE id = ?1", DB_INT(id));
}

void square_profile_note_change(
	struct db *db, int64_t id, struct bytes username, int64_t now_s, int64_t old_s)
{
	db_run(db, "DELETE FROM profiles_changed WHERE changed_at < ?1", DB_INT(old_s));
	db_run(db,
		"INSERT INTO profiles_changed (id, username, changed_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (id) DO UPDATE SET username = excluded.username,"
		" changed_at = excluded.changed_at",
		DB_INT(id), DB_TEXT(username), DB_INT(now_s));
}

size_t square_profile_changes(
	struct db *db, struct arena *arena, int64_t after, struct profile_change *out, size_t limit)
{
	struct query q = db_query(db,
		"SELECT id, username FROM profiles_changed WHERE id > ?1 ORDER BY id LIMIT ?2",
		DB_INT(after), DB_INT(limit));
	size_t count = 0;

	while (query_next(&q))
		out[count++] = (struct profile_change){
			.id = query_int(&q, 0), .username = query_bytes(&q, arena, 1)};
	query_end(&q);
	return count;
}

size_t square_profiles_named(struct db *db, struct arena *arena, int peer_kind, struct bytes *after,
	int64_t *ids, size_t limit)
{
	struct query q = db_query(db,
		"SELECT name, peer, peer_kind FROM usernames WHERE name > ?1 ORDER BY name"
		" LIMIT ?2",
		DB_TEXT(*after), DB_INT(limit));
	size_t count = 0;

	while (query_next(&q)) {
		*after = query_bytes(&q, arena, 0);
		if (query_int(&q, 2) == peer_kind)
			ids[count++] = query_int(&q, 1);
	}
	query_end(&q);
	return count;
}

bool square_profiles_begin(struct db *db)
{
	return db_counter_add(db, 0, "profiles", 1) == 1;
}
