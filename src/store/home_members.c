/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of memberships, member counts, authors and letters. */
#include "store/home_members.h"

static void membership_read(const struct query *q, struct membership_row *row)
{
	*row = (struct membership_row){
		.user = query_int(q, 0),
		.channel = query_int(q, 1),
		.role = (int)query_int(q, 2),
		.joined_at_s = query_int(q, 3),
		.read_inbox = (int32_t)query_int(q, 4),
		.viewed = (int32_t)query_int(q, 5),
		.read_at_s = query_int(q, 6),
	};
}

bool home_members_find(struct db *db, int64_t user, int64_t channel, struct membership_row *row)
{
	struct query q = db_query(db,
		"SELECT user_id, channel, role, joined_at, read_inbox, viewed, read_at FROM "
		"memberships"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel));
	const bool found = query_next(&q);

	*row = (struct membership_row){.user = user, .channel = channel};
	if (found)
		membership_read(&q, row);
	query_end(&q);
	return found;
}

void home_members_insert(struct db *db, const struct membership_row *row)
{
	db_run(db,
		"INSERT INTO memberships (user_id, channel, role, joined_at, read_inbox, viewed,"
		" read_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(row->user), DB_INT(row->channel), DB_INT(row->role),
		DB_INT(row->joined_at_s), DB_INT(row->read_inbox), DB_INT(row->viewed),
		DB_INT(row->read_at_s));
	db_run(db,
		"INSERT INTO members (channel, user_id, role, joined_at) VALUES (?1, ?2, ?3, ?4)",
		DB_INT(row->channel), DB_INT(row->user), DB_INT(row->role),
		DB_INT(row->joined_at_s));
	db_run(db, "DELETE FROM departures WHERE user_id = ?1 AND channel = ?2", DB_INT(row->user),
		DB_INT(row->channel));
}

void home_members_delete(struct db *db, int64_t user, int64_t channel)
{
	db_run(db, "DELETE FROM memberships WHERE user_id = ?1 AND channel = ?2", DB_INT(user),
		DB_INT(channel));
	db_run(db, "DELETE FROM members WHERE channel = ?1 AND user_id = ?2", DB_INT(channel),
		DB_INT(user));
}

void home_members_delete_all(struct db *db, int64_t channel)
{
	db_run(db,
		"DELETE FROM memberships WHERE channel = ?1 AND user_id IN"
		" (SELECT user_id FROM members WHERE channel = ?1)",
		DB_INT(channel));
	db_run(db, "DELETE FROM members WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM member_counts WHERE channel = ?1", DB_INT(channel));
}

void home_members_set_read(
	struct db *db, int64_t user, int64_t channel, int32_t read_inbox, int64_t now_s)
{
	db_run(db,
		"UPDATE memberships SET read_inbox = ?3, read_at = ?4"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(read_inbox), DB_INT(now_s));
}

void home_members_set_viewed(struct db *db, int64_t user, int64_t channel, int32_t viewed)
{
	db_run(db, "UPDATE memberships SET viewed = ?3 WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(viewed));
}

size_t home_members_of_user(struct db *db, int64_t user, struct membership_row *rows, size_t limit)
{
	struct query q = db_query(db,
		"SELECT user_id, channel, role, joined_at, read_inbox, viewed, read_at FROM "
		"memberships"
		" WHERE user_id = ?1 ORDER BY channel LIMIT ?2",
		DB_INT(user), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		membership_read(&q, &rows[count++]);
	query_end(&q);
	return count;
}

int64_t home_members_of_user_count(struct db *db, int64_t user)
{
	return db_get_int(
		db, 0, "SELECT count(*) FROM memberships WHERE user_id = ?1", DB_INT(user));
}

static size_t members_take(struct query q, struct membership_row *rows, size_t limit)
{
	size_t count = 0;

	while (count < limit && query_next(&q))
		membership_read(&q, &rows[count++]);
	query_end(&q);
	return count;
}

#define MEMBER_COLUMNS "user_id, channel, role, joined_at, 0, 0, 0"

size_t home_members_of_channel(
	struct db *db, int64_t channel, int64_t offset, struct membership_row *rows, size_t limit)
{
	return members_take(db_query(db,
				    "SELECT " MEMBER_COLUMNS " FROM members WHERE channel = ?1"
				    " ORDER BY user_id LIMIT ?2 OFFSET ?3",
				    DB_INT(channel), DB_INT(limit), DB_INT(offset)),
		rows, limit);
}

size_t home_members_admins(struct db *db, int64_t channel, int least_role, int most_role,
	struct membership_row *rows, size_t limit)
{
	/* role > 2 in these words: the index has no other rows. */
	return members_take(
		db_query(db,
			"SELECT " MEMBER_COLUMNS " FROM members WHERE channel = ?1"
			" AND role > 2 AND role >= ?2 AND role <= ?3"
			" ORDER BY user_id LIMIT ?4",
			DB_INT(channel), DB_INT(least_role), DB_INT(most_role), DB_INT(limit)),
		rows, limit);
}

void home_departures_put(struct db *db, int64_t user, const struct departure_row *row)
{
	db_run(db, "DELETE FROM departures WHERE user_id = ?1 AND left_at < ?2", DB_INT(user),
		DB_INT(row->left_at_s - DEPARTURES_KEPT_S));
	db_run(db,
		"INSERT INTO departures (user_id, channel, broadcast, left_at)"
		" VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, channel) DO UPDATE SET"
		" left_at = ?4",
		DB_INT(user), DB_INT(row->channel), DB_INT(row->broadcast), DB_INT(row->left_at_s));
}

size_t home_departures_since(
	struct db *db, int64_t user, int64_t since_s, struct departure_row *rows, size_t limit)
{
	struct query q = db_query(db,
		"SELECT channel, broadcast, left_at FROM departures"
		" WHERE user_id = ?1 AND left_at >= ?2 ORDER BY left_at DESC LIMIT ?3",
		DB_INT(user), DB_INT(since_s), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		rows[count++] = (struct departure_row){
			query_int(&q, 0), query_int(&q, 1) != 0, query_int(&q, 2)};
	query_end(&q);
	return count;
}

int64_t home_member_counts_get(struct db *db, int64_t channel)
{
	return db_get_int(
		db, 0, "SELECT members FROM member_counts WHERE channel = ?1", DB_INT(channel));
}

int64_t home_member_counts_add(struct db *db, int64_t channel, int64_t delta)
{
	db_run(db,
		"INSERT INTO member_counts (channel, members) VALUES (?1, ?2)"
		" ON CONFLICT (channel) DO UPDATE SET members = member_counts.members + ?2",
		DB_INT(channel), DB_INT(delta));
	return home_member_counts_get(db, channel);
}

size_t home_member_counts_list(struct db *db, int64_t after, int64_t *ids, size_t limit)
{
	struct query q = db_query(db,
		"SELECT channel FROM member_counts WHERE channel > ?1 ORDER BY channel LIMIT ?2",
		DB_INT(after), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

int64_t home_authors_get(struct db *db, int64_t channel, int32_t post)
{
	return db_get_int(db, 0, "SELECT author FROM post_authors WHERE channel = ?1 AND post = ?2",
		DB_INT(channel), DB_INT(post));
}

void home_authors_set(struct db *db, int64_t channel, int32_t post, int64_t author)
{
	/* After a crash between the two commits the id may be given out again: the last one holds.
	 */
	db_run(db,
		"INSERT INTO post_authors (channel, post, author) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (channel, post) DO UPDATE SET author = ?3",
		DB_INT(channel), DB_INT(post), DB_INT(author));
}

void home_authors_delete(struct db *db, int64_t channel, int32_t post)
{
	db_run(db, "DELETE FROM post_authors WHERE channel = ?1 AND post = ?2", DB_INT(channel),
		DB_INT(post));
}

void home_authors_delete_all(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM post_authors WHERE channel = ?1", DB_INT(channel));
}

bool home_letters_has(struct db *db, int64_t order)
{
	return db_get_int(db, 0, "SELECT 1 FROM letters WHERE order_id = ?1", DB_INT(order)) != 0;
}

void home_letters_insert(struct db *db, int64_t order, int64_t owner, int64_t now_s)
{
	db_run(db, "INSERT INTO letters (order_id, owner, sent_at) VALUES (?1, ?2, ?3)",
		DB_INT(order), DB_INT(owner), DB_INT(now_s));
}
