/* SPDX-License-Identifier: Apache-2.0 */
/* The tables post_reactions, reactions_taken, unread_reactions and channel_remains. */
#include "store/home_post_reactions.h"

#include "store/home_polls.h"
#include "store/take.h"

#define REACTION_COLUMNS "user_id, kind, big, reacted_at"

static struct post_reaction_row reaction_read(const struct query *q)
{
	return (struct post_reaction_row){
		query_int(q, 0), (int)query_int(q, 1), query_int(q, 2) != 0, query_int(q, 3)};
}

bool home_post_reaction_get(
	struct db *db, int64_t channel, int32_t post, int64_t user, struct post_reaction_row *row)
{
	struct query q = db_query(db,
		"SELECT " REACTION_COLUMNS " FROM post_reactions"
		" WHERE channel = ?1 AND post = ?2 AND user_id = ?3",
		DB_INT(channel), DB_INT(post), DB_INT(user));
	const bool found = query_next(&q);

	if (found)
		*row = reaction_read(&q);
	query_end(&q);
	return found;
}

void home_post_reaction_put(
	struct db *db, int64_t channel, int32_t post, const struct post_reaction_row *row)
{
	db_run(db,
		"INSERT INTO post_reactions (channel, post, " REACTION_COLUMNS ")"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, post, user_id)"
		" DO UPDATE SET kind = ?4, big = ?5, reacted_at = ?6",
		DB_INT(channel), DB_INT(post), DB_INT(row->user), DB_INT(row->kind),
		DB_INT(row->big), DB_INT(row->reacted_at_s));
}

void home_post_reaction_delete(struct db *db, int64_t channel, int32_t post, int64_t user)
{
	db_run(db, "DELETE FROM post_reactions WHERE channel = ?1 AND post = ?2 AND user_id = ?3",
		DB_INT(channel), DB_INT(post), DB_INT(user));
}

#define REACTIONS_PAGE(of_kind)                                                                    \
	"SELECT " REACTION_COLUMNS " FROM post_reactions WHERE channel = ?1 AND post = ?2" of_kind \
	" AND (reacted_at, user_id) < (?3, ?4) ORDER BY reacted_at DESC, user_id DESC LIMIT ?5"

size_t home_post_reactions_page(struct db *db, int64_t channel, int32_t post, int kind,
	const struct post_reaction_row *after, struct post_reaction_row *rows, size_t limit)
{
	struct query q =
		kind < 0 ? db_query(db, REACTIONS_PAGE(""), DB_INT(channel), DB_INT(post),
				   DB_INT(after->reacted_at_s), DB_INT(after->user), DB_INT(limit))
			 : db_query(db, REACTIONS_PAGE(" AND kind = ?6"), DB_INT(channel),
				   DB_INT(post), DB_INT(after->reacted_at_s), DB_INT(after->user),
				   DB_INT(limit), DB_INT(kind));
	size_t count = 0;

	while (count < limit && query_next(&q))
		rows[count++] = reaction_read(&q);
	query_end(&q);
	return count;
}

size_t home_post_reactions_of(
	struct db *db, int64_t channel, int64_t user, int32_t *posts, size_t limit)
{
	return take_posts(
		db_query(db,
			"SELECT post FROM post_reactions WHERE user_id = ?1 AND channel = ?2"
			" ORDER BY post DESC LIMIT ?3",
			DB_INT(user), DB_INT(channel), DB_INT(limit)),
		posts, limit);
}

void home_reactions_taken_put(struct db *db, int64_t channel, int64_t user)
{
	db_run(db,
		"INSERT INTO reactions_taken (channel, user_id) VALUES (?1, ?2)"
		" ON CONFLICT (user_id, channel) DO NOTHING",
		DB_INT(channel), DB_INT(user));
}

bool home_reactions_taken_next(struct db *db, int64_t *channel, int64_t *user)
{
	struct query q = db_query(db, "SELECT channel, user_id FROM reactions_taken LIMIT 1");
	const bool found = query_next(&q);

	if (found) {
		*channel = query_int(&q, 0);
		*user = query_int(&q, 1);
	}
	query_end(&q);
	return found;
}

void home_reactions_taken_done(struct db *db, int64_t channel, int64_t user)
{
	db_run(db, "DELETE FROM reactions_taken WHERE channel = ?1 AND user_id = ?2",
		DB_INT(channel), DB_INT(user));
}

/* ---- What the author has not seen ---- */

int64_t home_unread_reaction_since(struct db *db, int64_t owner, int64_t channel, int32_t post)
{
	return db_get_int(db, 0,
		"SELECT since FROM unread_reactions WHERE owner = ?1 AND channel = ?2 AND post = "
		"?3",
		DB_INT(owner), DB_INT(channel), DB_INT(post));
}

void home_unread_reaction_put(
	struct db *db, int64_t owner, int64_t channel, int32_t post, int32_t thread, int64_t now_s)
{
	db_run(db,
		"INSERT INTO unread_reactions (owner, channel, post, thread, since)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, channel, post) DO NOTHING",
		DB_INT(owner), DB_INT(channel), DB_INT(post), DB_INT(thread), DB_INT(now_s));
}

void home_unread_reaction_delete(struct db *db, int64_t owner, int64_t channel, int32_t post)
{
	db_run(db, "DELETE FROM unread_reactions WHERE owner = ?1 AND channel = ?2 AND post = ?3",
		DB_INT(owner), DB_INT(channel), DB_INT(post));
}

size_t home_unread_reactions_list(struct db *db, int64_t owner, int64_t channel, int32_t thread,
	int32_t below, int32_t *posts, size_t limit)
{
	return take_posts(db_query(db,
				  "SELECT post FROM unread_reactions WHERE owner = ?1 AND channel "
				  "= ?2 AND post < ?3"
				  " AND (?4 = 0 OR thread = ?4 OR (?4 < 0 AND thread = 0)) ORDER "
				  "BY post DESC LIMIT "
				  "?5",
				  DB_INT(owner), DB_INT(channel), DB_INT(below), DB_INT(thread),
				  DB_INT(limit)),
		posts, limit);
}

int32_t home_unread_reactions_count(
	struct db *db, int64_t owner, int64_t channel, int32_t thread, int32_t limit)
{
	return (int32_t)db_get_int(db, 0,
		"SELECT count(*) FROM (SELECT 1 FROM unread_reactions WHERE owner = ?1"
		" AND channel = ?2 AND (?3 = 0 OR thread = ?3 OR (?3 < 0 AND thread = 0)) LIMIT "
		"?4) AS waiting",
		DB_INT(owner), DB_INT(channel), DB_INT(thread), DB_INT(limit));
}

/* ---- What is left behind ---- */

void home_remains_put(struct db *db, int64_t channel, int32_t post)
{
	db_run(db,
		"INSERT INTO channel_remains (channel, post) VALUES (?1, ?2)"
		" ON CONFLICT (channel, post) DO NOTHING",
		DB_INT(channel), DB_INT(post));
}

/* Polls are under the channel's number below zero (core/messages/polls.h). */
static bool purge_poll(struct db *db, int64_t channel, int32_t post, int64_t rows)
{
	const int64_t poll = home_poll_placed(db, -channel, post);

	if (!poll)
		return false;
	if (db_run(db,
		    "DELETE FROM poll_votes WHERE owner = ?1 AND poll = ?2 AND voter IN"
		    " (SELECT voter FROM poll_votes WHERE owner = ?1 AND poll = ?2 LIMIT ?3)",
		    DB_INT(-channel), DB_INT(poll), DB_INT(rows)) > 0)
		return true;
	db_run(db, "DELETE FROM polls WHERE owner = ?1 AND id = ?2", DB_INT(-channel),
		DB_INT(poll));
	return false;
}

static bool purge_post(struct db *db, int64_t channel, int32_t post, int64_t rows)
{
	db_run(db, "DELETE FROM unread_reactions WHERE channel = ?1 AND post = ?2", DB_INT(channel),
		DB_INT(post));
	return db_run(db,
		       "DELETE FROM post_reactions WHERE channel = ?1 AND post = ?2 AND user_id IN"
		       " (SELECT user_id FROM post_reactions WHERE channel = ?1 AND post = ?2"
		       " LIMIT ?3)",
		       DB_INT(channel), DB_INT(post), DB_INT(rows)) > 0 ||
	       purge_poll(db, channel, post, rows);
}

static bool purge_channel(struct db *db, int64_t channel, int64_t rows)
{
	db_run(db, "DELETE FROM channel_salts WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM polls WHERE owner = ?1", DB_INT(-channel));
	db_run(db, "DELETE FROM scheduled WHERE owner = ?1", DB_INT(-channel));
	db_run(db, "DELETE FROM counters WHERE owner = ?1", DB_INT(-channel));
	return db_run(db,
		       "DELETE FROM post_reactions WHERE channel = ?1 AND (post, user_id) IN"
		       " (SELECT post, user_id FROM post_reactions WHERE channel = ?1 LIMIT ?2)",
		       DB_INT(channel), DB_INT(rows)) > 0 ||
	       db_run(db,
		       "DELETE FROM poll_votes WHERE owner = ?1 AND (poll, voter) IN (SELECT poll,"
		       " voter FROM poll_votes WHERE owner = ?1 LIMIT ?2)",
		       DB_INT(-channel), DB_INT(rows)) > 0 ||
	       db_run(db,
		       "DELETE FROM unread_reactions WHERE channel = ?1 AND (owner, post) IN"
		       " (SELECT owner, post FROM unread_reactions WHERE channel = ?1 LIMIT ?2)",
		       DB_INT(channel), DB_INT(rows)) > 0 ||
	       db_run(db,
		       "DELETE FROM thread_reads WHERE channel = ?1 AND (user_id, thread) IN"
		       " (SELECT user_id, thread FROM thread_reads WHERE channel = ?1 LIMIT ?2)",
		       DB_INT(channel), DB_INT(rows)) > 0 ||
	       db_run(db,
		       "DELETE FROM threads WHERE channel = ?1 AND thread IN (SELECT thread FROM"
		       " threads WHERE channel = ?1 LIMIT ?2)",
		       DB_INT(channel), DB_INT(rows)) > 0;
}

bool home_remains_purge(struct db *db, int64_t rows)
{
	struct query q = db_query(db, "SELECT channel, post FROM channel_remains LIMIT 1");
	int64_t channel;
	int32_t post;
	bool more;

	if (!query_next(&q)) {
		query_end(&q);
		return false;
	}
	channel = query_int(&q, 0);
	post = (int32_t)query_int(&q, 1);
	query_end(&q);
	more = post ? purge_post(db, channel, post, rows) : purge_channel(db, channel, rows);
	if (!more)
		db_run(db, "DELETE FROM channel_remains WHERE channel = ?1 AND post = ?2",
			DB_INT(channel), DB_INT(post));
	return true;
}

bool home_reactions_purge_user(struct db *db, int64_t user, int64_t rows)
{
	return db_run(db,
		       "DELETE FROM post_reactions WHERE user_id = ?1 AND (channel, post) IN"
		       " (SELECT channel, post FROM post_reactions WHERE user_id = ?1 LIMIT ?2)",
		       DB_INT(user), DB_INT(rows)) > 0;
}
