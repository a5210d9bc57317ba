/* SPDX-License-Identifier: Apache-2.0 */
/* The tables peer_bars and spam_reports. */
#include "store/home_contacts_bars.h"

void home_regard_get(struct db *db, int64_t one, int64_t other, struct home_regard *out)
{
	struct query q = db_query(db,
		"SELECT (SELECT count(*) FROM blocks WHERE owner = ?1 AND other = ?2),"
		" (SELECT count(*) FROM blocks WHERE owner = ?2 AND other = ?1),"
		" (SELECT state FROM peer_bars WHERE owner = ?1 AND peer = ?2),"
		" (SELECT count(*) FROM bot_tokens WHERE owner = ?2)",
		DB_INT(one), DB_INT(other));

	*out = (struct home_regard){0};
	if (query_next(&q))
		*out = (struct home_regard){.has_blocked = query_int(&q, 0) > 0,
			.is_blocked = query_int(&q, 1) > 0,
			.bar = (enum home_bar)query_int(&q, 2),
			.is_bot = query_int(&q, 3) > 0};
	query_end(&q);
}

enum home_bar home_bar_get(struct db *db, int64_t owner, int64_t peer)
{
	return (enum home_bar)db_get_int(db, HOME_BAR_NONE,
		"SELECT state FROM peer_bars WHERE owner = ?1 AND peer = ?2", DB_INT(owner),
		DB_INT(peer));
}

void home_bar_put(struct db *db, int64_t owner, int64_t peer, enum home_bar bar, int64_t now_s)
{
	db_run(db,
		"INSERT INTO peer_bars (owner, peer, state, made_at) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (owner, peer) DO UPDATE SET state = excluded.state",
		DB_INT(owner), DB_INT(peer), DB_INT(bar), DB_INT(now_s));
}

void home_bars_delete_all(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM peer_bars WHERE owner = ?1", DB_INT(owner));
}

bool home_report_put(struct db *db, int64_t owner, int64_t reporter, int64_t now_s)
{
	bool first =
		db_get_int(db, 0, "SELECT 1 FROM spam_reports WHERE owner = ?1 AND reporter = ?2",
			DB_INT(owner), DB_INT(reporter)) == 0;

	db_run(db,
		"INSERT INTO spam_reports (owner, reporter, reported_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (owner, reporter) DO UPDATE SET reported_at = excluded.reported_at",
		DB_INT(owner), DB_INT(reporter), DB_INT(now_s));
	return first;
}

int64_t home_reports_count(struct db *db, int64_t owner, int64_t since_s)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM spam_reports WHERE owner = ?1 AND reported_at >= ?2",
		DB_INT(owner), DB_INT(since_s));
}

/* In a private supergroup; a public one is a place for strangers. */
static bool share_supergroup(struct db *db, int64_t one, int64_t other)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM memberships mine JOIN memberships theirs ON theirs.user_id = "
		       "?2 AND theirs.channel = mine.channel JOIN channels ON channels.id = "
		       "mine.channel WHERE mine.user_id = ?1 AND channels.broadcast = 0 AND "
		       "mine.role BETWEEN 2 AND 4 AND theirs.role BETWEEN 2 AND 4 LIMIT 1",
		       DB_INT(one), DB_INT(other)) == 1;
}

bool home_share_group(struct db *db, int64_t one, int64_t other)
{
	return share_supergroup(db, one, other) ||
	       db_get_int(db, 0,
		       "SELECT 1 FROM user_chats mine JOIN user_chats theirs ON theirs.user_id = ?2"
		       " AND theirs.chat = mine.chat WHERE mine.user_id = ?1 AND mine.state = 1 AND"
		       " theirs.state = 1 LIMIT 1",
		       DB_INT(one), DB_INT(other)) == 1;
}
