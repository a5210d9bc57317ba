/* SPDX-License-Identifier: Apache-2.0 */
/* The tables channel_days, channel_day_people, post_days and channel_forwards. */
#include "store/home_stats.h"

void home_day_add(struct db *db, int64_t channel, const struct home_day *add)
{
	db_run(db,
		"INSERT INTO channel_days (channel, day, members, joins, leaves, posts, views, "
		"forwards, reactions, people) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)"
		" ON CONFLICT (channel, day) DO UPDATE SET members = excluded.members,"
		" joins = channel_days.joins + excluded.joins,"
		" leaves = channel_days.leaves + excluded.leaves,"
		" posts = channel_days.posts + excluded.posts,"
		" views = channel_days.views + excluded.views,"
		" forwards = channel_days.forwards + excluded.forwards,"
		" reactions = channel_days.reactions + excluded.reactions",
		DB_INT(channel), DB_INT(add->day), DB_INT(add->members), DB_INT(add->joins),
		DB_INT(add->leaves), DB_INT(add->posts), DB_INT(add->views), DB_INT(add->forwards),
		DB_INT(add->reactions));
}

size_t home_days_get(struct db *db, int64_t channel, int64_t first, int64_t last,
	struct home_day *days, size_t limit)
{
	struct query q = db_query(db,
		"SELECT day, members, joins, leaves, posts, views, forwards, reactions, people "
		"FROM channel_days WHERE channel = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day LIMIT "
		"?4",
		DB_INT(channel), DB_INT(first), DB_INT(last), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		days[count++] = (struct home_day){query_int(&q, 0), query_int(&q, 1),
			query_int(&q, 2), query_int(&q, 3), query_int(&q, 4), query_int(&q, 5),
			query_int(&q, 6), query_int(&q, 7), query_int(&q, 8)};
	query_end(&q);
	return count;
}

/* Whether the person has a row that day, or gets one. */
static bool has_room(struct db *db, int64_t channel, int64_t day, int64_t user)
{
	if (db_get_int(db, 0,
		    "SELECT 1 FROM channel_day_people WHERE channel = ?1 AND day = ?2 AND user_id "
		    "= "
		    "?3",
		    DB_INT(channel), DB_INT(day), DB_INT(user)) == 1)
		return true;
	return db_run(db,
		       "UPDATE channel_days SET people = people + 1 WHERE channel = ?1 AND day = "
		       "?2 AND people < ?3",
		       DB_INT(channel), DB_INT(day), DB_INT(HOME_STATS_POSTERS)) == 1;
}

void home_day_person_add(
	struct db *db, int64_t channel, int64_t day, const struct home_day_person *add)
{
	if (!has_room(db, channel, day, add->user))
		return;
	db_run(db,
		"INSERT INTO channel_day_people (channel, day, user_id, messages, chars, deleted, "
		"banned, invited, kicked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
		" ON CONFLICT (channel, day, user_id) DO UPDATE SET"
		" messages = channel_day_people.messages + excluded.messages,"
		" chars = channel_day_people.chars + excluded.chars,"
		" deleted = channel_day_people.deleted + excluded.deleted,"
		" banned = channel_day_people.banned + excluded.banned,"
		" invited = channel_day_people.invited + excluded.invited,"
		" kicked = channel_day_people.kicked + excluded.kicked",
		DB_INT(channel), DB_INT(day), DB_INT(add->user), DB_INT(add->messages),
		DB_INT(add->chars), DB_INT(add->deleted), DB_INT(add->banned), DB_INT(add->invited),
		DB_INT(add->kicked));
}

/* Bounded: so many people a day, and few days. */
#define PEOPLE                                                                                     \
	"SELECT user_id, sum(messages), sum(chars), sum(deleted), sum(kicked), sum(banned), "      \
	"sum(invited) FROM channel_day_people WHERE channel = ?1 AND day BETWEEN ?2 AND ?3 GROUP " \
	"BY user_id "

size_t home_day_people_top(struct db *db, int64_t channel, int64_t first, int64_t last,
	enum home_day_order order, struct home_day_person *out, size_t limit)
{
	struct query q;
	size_t count = 0;

	if (order == BY_MESSAGES)
		q = db_query(db,
			PEOPLE "HAVING sum(messages) > 0 ORDER BY 2 DESC, user_id LIMIT ?4",
			DB_INT(channel), DB_INT(first), DB_INT(last), DB_INT(limit));
	else if (order == BY_INVITED)
		q = db_query(db, PEOPLE "HAVING sum(invited) > 0 ORDER BY 7 DESC, user_id LIMIT ?4",
			DB_INT(channel), DB_INT(first), DB_INT(last), DB_INT(limit));
	else
		q = db_query(db,
			PEOPLE "HAVING sum(deleted) + sum(kicked) + sum(banned) > 0 ORDER BY "
			       "sum(deleted) + sum(kicked) + sum(banned) DESC, user_id LIMIT ?4",
			DB_INT(channel), DB_INT(first), DB_INT(last), DB_INT(limit));
	while (count < limit && query_next(&q))
		out[count++] = (struct home_day_person){query_int(&q, 0), query_int(&q, 1),
			query_int(&q, 2), query_int(&q, 3), query_int(&q, 4), query_int(&q, 5),
			query_int(&q, 6)};
	query_end(&q);
	return count;
}

int64_t home_day_people_count(struct db *db, int64_t channel, int64_t first, int64_t last)
{
	return db_get_int(db, 0,
		"SELECT count(DISTINCT user_id) FROM channel_day_people WHERE channel = ?1 AND day "
		"BETWEEN ?2 AND ?3 AND messages > 0",
		DB_INT(channel), DB_INT(first), DB_INT(last));
}

void home_post_day_add(
	struct db *db, int64_t channel, int32_t post, const struct home_post_day *add)
{
	db_run(db,
		"INSERT INTO post_days (channel, post, day, views, forwards, votes) VALUES (?1, "
		"?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, post, day) DO UPDATE SET"
		" views = post_days.views + excluded.views,"
		" forwards = post_days.forwards + excluded.forwards,"
		" votes = post_days.votes + excluded.votes",
		DB_INT(channel), DB_INT(post), DB_INT(add->day), DB_INT(add->views),
		DB_INT(add->forwards), DB_INT(add->votes));
}

void home_post_day_unvote(struct db *db, int64_t channel, int32_t post, int64_t day)
{
	db_run(db,
		"UPDATE post_days SET votes = votes - 1 WHERE channel = ?1 AND post = ?2"
		" AND day = ?3 AND votes > 0",
		DB_INT(channel), DB_INT(post), DB_INT(day));
}

size_t home_post_days_get(
	struct db *db, int64_t channel, int32_t post, struct home_post_day *days, size_t limit)
{
	struct query q = db_query(db,
		"SELECT day, views, forwards, votes FROM post_days WHERE channel = ?1 AND post = "
		"?2 ORDER "
		"BY day LIMIT ?3",
		DB_INT(channel), DB_INT(post), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		days[count++] = (struct home_post_day){
			query_int(&q, 0), query_int(&q, 1), query_int(&q, 2), query_int(&q, 3)};
	query_end(&q);
	return count;
}

void home_forward_insert(
	struct db *db, int64_t channel, int32_t post, const struct home_forward *at)
{
	db_run(db,
		"INSERT INTO channel_forwards (channel, post, at_channel, at_post) VALUES (?1, ?2, "
		"?3, ?4) ON CONFLICT (channel, post, at_channel, at_post) DO NOTHING",
		DB_INT(channel), DB_INT(post), DB_INT(at->at_channel), DB_INT(at->at_post));
}

size_t home_forwards_after(struct db *db, int64_t channel, int32_t post,
	const struct home_forward *after, struct home_forward *out, size_t limit)
{
	struct query q = db_query(db,
		"SELECT at_channel, at_post FROM channel_forwards WHERE channel = ?1 AND post = ?2 "
		"AND (at_channel > ?3 OR (at_channel = ?3 AND at_post > ?4)) ORDER BY at_channel, "
		"at_post LIMIT ?5",
		DB_INT(channel), DB_INT(post), DB_INT(after->at_channel), DB_INT(after->at_post),
		DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		out[count++] = (struct home_forward){query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return count;
}

int64_t home_forwards_count(struct db *db, int64_t channel, int32_t post)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM channel_forwards WHERE channel = ?1 AND post = ?2",
		DB_INT(channel), DB_INT(post));
}

void home_stats_delete(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM channel_days WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM channel_day_people WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM post_days WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM channel_forwards WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM channel_forwards WHERE at_channel = ?1", DB_INT(channel));
}

bool home_stats_purge(struct db *db, int64_t day, int64_t rows)
{
	bool more;

	more = db_run(db,
		       "DELETE FROM channel_days WHERE (channel, day) IN (SELECT channel, day FROM "
		       "channel_days WHERE day < ?1 LIMIT ?2)",
		       DB_INT(day), DB_INT(rows)) == rows;
	more |= db_run(db,
			"DELETE FROM channel_day_people WHERE (channel, day, user_id) IN (SELECT "
			"channel, day, user_id FROM channel_day_people WHERE day < ?1 LIMIT ?2)",
			DB_INT(day), DB_INT(rows)) == rows;
	more |= db_run(db,
			"DELETE FROM post_days WHERE (channel, post, day) IN (SELECT channel, "
			"post, "
			"day FROM post_days WHERE day < ?1 LIMIT ?2)",
			DB_INT(day), DB_INT(rows)) == rows;
	return more;
}
