/* SPDX-License-Identifier: Apache-2.0 */
#include "store/home_mentions.h"

static void count(struct db *db, int64_t user, int64_t channel, int64_t delta)
{
	db_run(db,
		"UPDATE memberships SET mentions = mentions + ?3"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(delta));
}

void home_mention_add(struct db *db, int64_t user, int64_t channel, int32_t post, int32_t thread)
{
	/* After a crash between the two commits the id may be given out again. */
	if (db_run(db,
		    "INSERT INTO post_mentions (user_id, channel, post, thread, unread)"
		    " VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT (user_id, channel, post) DO NOTHING",
		    DB_INT(user), DB_INT(channel), DB_INT(post), DB_INT(thread)) > 0)
		count(db, user, channel, 1);
}

bool home_mention_get(struct db *db, int64_t user, int64_t channel, int32_t post, bool *unread)
{
	const int64_t found = db_get_int(db, -1,
		"SELECT unread FROM post_mentions"
		" WHERE user_id = ?1 AND channel = ?2 AND post = ?3",
		DB_INT(user), DB_INT(channel), DB_INT(post));

	*unread = found > 0;
	return found >= 0;
}

bool home_mention_read(struct db *db, int64_t user, int64_t channel, int32_t post)
{
	if (db_run(db,
		    "UPDATE post_mentions SET unread = 0"
		    " WHERE user_id = ?1 AND channel = ?2 AND post = ?3 AND unread <> 0",
		    DB_INT(user), DB_INT(channel), DB_INT(post)) == 0)
		return false;
	count(db, user, channel, -1);
	return true;
}

#define OF                                                                                         \
	" FROM post_mentions WHERE user_id = ?1 AND channel = ?2 AND post > ?3 AND post < ?4"      \
	" AND (?5 = 0 OR thread = ?5 OR (?5 < 0 AND thread = 0))"
#define UNREAD " AND unread <> 0"
#define LIST(also) "SELECT post" OF also " ORDER BY post DESC LIMIT ?6"

size_t home_mentions_list(struct db *db, int64_t user, int64_t channel,
	const struct mention_filter *filter, int32_t *ids, size_t limit)
{
	const struct db_value above = DB_INT(filter->above), from = DB_INT(filter->from),
			      thread = DB_INT(filter->thread), most = DB_INT(limit);
	struct query q = filter->unread ? db_query(db, LIST(UNREAD), DB_INT(user), DB_INT(channel),
						  above, from, thread, most)
					: db_query(db, LIST(""), DB_INT(user), DB_INT(channel),
						  above, from, thread, most);
	size_t found = 0;

	while (found < limit && query_next(&q))
		ids[found++] = (int32_t)query_int(&q, 0);
	query_end(&q);
	return found;
}

int64_t home_mentions_count(
	struct db *db, int64_t user, int64_t channel, const struct mention_filter *filter)
{
	const struct db_value above = DB_INT(filter->above), from = DB_INT(filter->from),
			      thread = DB_INT(filter->thread);

	return filter->unread ? db_get_int(db, 0, "SELECT count(*)" OF UNREAD, DB_INT(user),
					DB_INT(channel), above, from, thread)
			      : db_get_int(db, 0, "SELECT count(*)" OF, DB_INT(user),
					DB_INT(channel), above, from, thread);
}

size_t home_mentions_of_post(
	struct db *db, int64_t channel, int32_t post, int64_t *users, size_t limit, size_t *unread)
{
	struct query q = db_query(db,
		"SELECT user_id, unread FROM post_mentions WHERE channel = ?1 AND post = ?2"
		" ORDER BY unread DESC LIMIT ?3",
		DB_INT(channel), DB_INT(post), DB_INT(limit));
	size_t found = 0;

	*unread = 0;
	while (found < limit && query_next(&q)) {
		users[found++] = query_int(&q, 0);
		*unread += query_int(&q, 1) != 0;
	}
	query_end(&q);
	return found;
}

void home_mentions_drop(struct db *db, int64_t channel, int32_t post)
{
	db_run(db,
		"UPDATE memberships SET mentions = mentions - 1 WHERE channel = ?1 AND user_id IN"
		" (SELECT user_id FROM post_mentions WHERE channel = ?1 AND post = ?2"
		" AND unread <> 0)",
		DB_INT(channel), DB_INT(post));
	db_run(db, "DELETE FROM post_mentions WHERE channel = ?1 AND post = ?2", DB_INT(channel),
		DB_INT(post));
}

void home_members_set_available(struct db *db, int64_t user, int64_t channel, int32_t min)
{
	db_run(db, "UPDATE memberships SET available_min = ?3 WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(min));
}

struct channel_reads home_channel_reads_get(struct db *db, int64_t channel)
{
	struct query q = db_query(db,
		"SELECT reader, max_id, other_id FROM channel_reads WHERE channel = ?1",
		DB_INT(channel));
	struct channel_reads reads = {0};

	if (query_next(&q))
		reads = (struct channel_reads){
			query_int(&q, 0), (int32_t)query_int(&q, 1), (int32_t)query_int(&q, 2)};
	query_end(&q);
	return reads;
}

void home_channel_reads_put(struct db *db, int64_t channel, const struct channel_reads *reads)
{
	db_run(db,
		"INSERT INTO channel_reads (channel, reader, max_id, other_id)"
		" VALUES (?1, ?2, ?3, ?4) ON CONFLICT (channel) DO UPDATE SET reader = ?2,"
		" max_id = ?3, other_id = ?4",
		DB_INT(channel), DB_INT(reads->reader), DB_INT(reads->max_id),
		DB_INT(reads->other_id));
}
