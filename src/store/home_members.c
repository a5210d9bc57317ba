/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of memberships, member counts, authors and letters. */
#include "store/home_members.h"

#include "store/home_invite_links.h"
#include "store/home_admin_log.h"
#include "store/home_heirs.h"
#include "store/take.h"

#define STANDING "role, admin_rights, banned_rights, until_at, joined_at"
#define MEMBERSHIP                                                                                 \
	"user_id, channel, " STANDING                                                              \
	", read_inbox, viewed, read_at, pinned, folder, unread_mark, "                             \
	"available_min, mentions, viewed_bits, changed_at"
#define MEMBER "user_id, channel, " STANDING ", inviter, by_user, changed_at, sealed_rank"

static void standing_read(const struct query *q, struct membership_row *row)
{
	*row = (struct membership_row){
		.user = query_int(q, 0),
		.channel = query_int(q, 1),
		.role = (int)query_int(q, 2),
		.admin_rights = (uint32_t)query_int(q, 3),
		.banned_rights = (uint32_t)query_int(q, 4),
		.until_s = query_int(q, 5),
		.joined_at_s = query_int(q, 6),
	};
}

/* The account's own row. */
static void membership_read(const struct query *q, struct membership_row *row)
{
	standing_read(q, row);
	row->read_inbox = (int32_t)query_int(q, 7);
	row->viewed = (int32_t)query_int(q, 8);
	row->read_at_s = query_int(q, 9);
	row->pinned = (int32_t)query_int(q, 10);
	row->folder = (int32_t)query_int(q, 11);
	row->unread_mark = query_int(q, 12) != 0;
	row->available_min = (int32_t)query_int(q, 13);
	row->mentions = (int32_t)query_int(q, 14);
	row->viewed_bits = (uint64_t)query_int(q, 15);
	row->changed_at_s = query_int(q, 16);
}

/* The channel's row. */
static void member_read(const struct query *q, struct arena *arena, struct membership_row *row)
{
	standing_read(q, row);
	row->inviter = query_int(q, 7);
	row->by_user = query_int(q, 8);
	row->changed_at_s = query_int(q, 9);
	row->sealed_rank = query_bytes(q, arena, 10);
}

bool home_members_find(struct db *db, int64_t user, int64_t channel, struct membership_row *row)
{
	struct query q = db_query(db,
		"SELECT " MEMBERSHIP " FROM memberships"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel));
	const bool found = query_next(&q);

	*row = (struct membership_row){.user = user, .channel = channel};
	if (found)
		membership_read(&q, row);
	query_end(&q);
	return found;
}

bool home_members_find_in(struct db *db, struct arena *arena, int64_t channel, int64_t user,
	struct membership_row *row)
{
	struct query q =
		db_query(db, "SELECT " MEMBER " FROM members WHERE channel = ?1 AND user_id = ?2",
			DB_INT(channel), DB_INT(user));
	const bool found = query_next(&q);

	if (found)
		member_read(&q, arena, row);
	query_end(&q);
	return found;
}

/* Who is banned, and who is limited, is counted where it is written. 5: banned, 6: out with his
 * limits, as enum channel_role has it. */
static void kinds_add(struct db *db, int64_t channel, const struct membership_row *row, int by)
{
	const int kicked = row->role == 5 ? by : 0;
	const int limited = row->role != 5 && row->banned_rights ? by : 0;

	if (kicked || limited)
		db_run(db,
			"UPDATE member_counts SET kicked = kicked + ?2, limited = limited + ?3"
			" WHERE channel = ?1",
			DB_INT(channel), DB_INT(kicked), DB_INT(limited));
}

static void kinds_leave(struct db *db, int64_t user, int64_t channel)
{
	struct membership_row before;

	if (home_members_find(db, user, channel, &before))
		kinds_add(db, channel, &before, -1);
}

void home_members_insert(struct db *db, const struct membership_row *row)
{
	kinds_add(db, row->channel, &(struct membership_row){.role = row->role}, 1);
	db_run(db,
		"INSERT INTO memberships (user_id, channel, role, joined_at, read_inbox, viewed,"
		" read_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(row->user), DB_INT(row->channel), DB_INT(row->role),
		DB_INT(row->joined_at_s), DB_INT(row->read_inbox), DB_INT(row->viewed),
		DB_INT(row->read_at_s));
	db_run(db,
		"INSERT INTO members (channel, user_id, role, joined_at, inviter)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		DB_INT(row->channel), DB_INT(row->user), DB_INT(row->role),
		DB_INT(row->joined_at_s), DB_INT(row->inviter));
	db_run(db, "DELETE FROM departures WHERE user_id = ?1 AND channel = ?2", DB_INT(row->user),
		DB_INT(row->channel));
}

void home_members_set_standing(struct db *db, const struct membership_row *row)
{
	kinds_leave(db, row->user, row->channel);
	kinds_add(db, row->channel, row, 1);
	db_run(db,
		"UPDATE memberships SET role = ?3, admin_rights = ?4, banned_rights = ?5,"
		" until_at = ?6, changed_at = ?7 WHERE user_id = ?1 AND channel = ?2",
		DB_INT(row->user), DB_INT(row->channel), DB_INT(row->role),
		DB_INT(row->admin_rights), DB_INT(row->banned_rights), DB_INT(row->until_s),
		DB_INT(row->changed_at_s));
	db_run(db,
		"UPDATE members SET role = ?3, admin_rights = ?4, banned_rights = ?5,"
		" until_at = ?6, by_user = ?7, changed_at = ?8, sealed_rank = ?9"
		" WHERE channel = ?2 AND user_id = ?1",
		DB_INT(row->user), DB_INT(row->channel), DB_INT(row->role),
		DB_INT(row->admin_rights), DB_INT(row->banned_rights), DB_INT(row->until_s),
		DB_INT(row->by_user), DB_INT(row->changed_at_s), DB_BYTES(row->sealed_rank));
}

void home_members_delete(struct db *db, int64_t user, int64_t channel)
{
	kinds_leave(db, user, channel);
	db_run(db, "DELETE FROM memberships WHERE user_id = ?1 AND channel = ?2", DB_INT(user),
		DB_INT(channel));
	db_run(db, "DELETE FROM members WHERE channel = ?1 AND user_id = ?2", DB_INT(channel),
		DB_INT(user));
	/* 3 is PEER_CHANNEL. */
	db_run(db,
		"DELETE FROM joins WHERE peer_kind = 3 AND peer = ?1 AND user_id = ?2"
		" AND waits = 0",
		DB_INT(channel), DB_INT(user));
	db_run(db, "DELETE FROM post_mentions WHERE user_id = ?1 AND channel = ?2", DB_INT(user),
		DB_INT(channel));
}

void home_members_forget(struct db *db, int64_t user)
{
	db_run(db,
		"UPDATE member_counts SET kicked = kicked - (SELECT count(*) FROM memberships m"
		" WHERE m.user_id = ?1 AND m.channel = member_counts.channel AND m.role = 5),"
		" limited = limited - (SELECT count(*) FROM memberships m WHERE m.user_id = ?1"
		" AND m.channel = member_counts.channel AND m.role <> 5 AND m.banned_rights <> 0)"
		" WHERE channel IN (SELECT channel FROM memberships WHERE user_id = ?1)",
		DB_INT(user));
	db_run(db,
		"DELETE FROM members WHERE user_id = ?1 AND channel IN"
		" (SELECT channel FROM memberships WHERE user_id = ?1)",
		DB_INT(user));
	db_run(db, "DELETE FROM memberships WHERE user_id = ?1", DB_INT(user));
	db_run(db, "DELETE FROM departures WHERE user_id = ?1", DB_INT(user));
}

void home_members_delete_all(struct db *db, int64_t channel)
{
	db_run(db,
		"DELETE FROM memberships WHERE channel = ?1 AND user_id IN"
		" (SELECT user_id FROM members WHERE channel = ?1)",
		DB_INT(channel));
	db_run(db, "DELETE FROM members WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM member_counts WHERE channel = ?1", DB_INT(channel));
	home_heirs_delete(db, channel);
	home_invites_delete_all(db, (struct home_place){3, channel});
	db_run(db, "DELETE FROM post_mentions WHERE channel = ?1", DB_INT(channel));
	db_run(db, "DELETE FROM channel_reads WHERE channel = ?1", DB_INT(channel));
	home_admin_log_delete_all(db, channel);
}

void home_members_set_read(
	struct db *db, int64_t user, int64_t channel, int32_t read_inbox, int64_t now_s)
{
	db_run(db,
		"UPDATE memberships SET read_inbox = ?3, read_at = ?4"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(read_inbox), DB_INT(now_s));
}

void home_members_set_place(struct db *db, const struct membership_row *row)
{
	db_run(db,
		"UPDATE memberships SET pinned = ?3, folder = ?4, unread_mark = ?5"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(row->user), DB_INT(row->channel), DB_INT(row->pinned), DB_INT(row->folder),
		DB_INT(row->unread_mark));
}

void home_members_set_viewed(
	struct db *db, int64_t user, int64_t channel, int32_t viewed, uint64_t bits)
{
	db_run(db,
		"UPDATE memberships SET viewed = ?3, viewed_bits = ?4"
		" WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(viewed), DB_INT(bits));
}

/* 5: banned, as enum channel_role has it; in these words the partial indexes are found. */
size_t home_members_of_user(struct db *db, int64_t user, struct membership_row *rows, size_t limit)
{
	struct query q = db_query(db,
		"SELECT " MEMBERSHIP " FROM memberships"
		" WHERE user_id = ?1 AND role < 5 ORDER BY channel LIMIT ?2",
		DB_INT(user), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		membership_read(&q, &rows[count++]);
	query_end(&q);
	return count;
}

int64_t home_members_of_user_count(struct db *db, int64_t user)
{
	return db_get_int(db, 0, "SELECT count(*) FROM memberships WHERE user_id = ?1 AND role < 5",
		DB_INT(user));
}

static size_t members_take(
	struct query q, struct arena *arena, struct membership_row *rows, size_t limit)
{
	size_t count = 0;

	while (count < limit && query_next(&q))
		member_read(&q, arena, &rows[count++]);
	query_end(&q);
	return count;
}

#define MEMBERS_OF(condition)                                                                      \
	"SELECT " MEMBER " FROM members WHERE channel = ?1 AND " condition                         \
	" ORDER BY user_id LIMIT ?2 OFFSET ?3"

static struct query members_query(
	struct db *db, int64_t channel, enum members_kind kind, int64_t offset, size_t limit)
{
	switch (kind) {
	case MEMBERS_KICKED:
		return db_query(
			db, MEMBERS_OF("role = 5"), DB_INT(channel), DB_INT(limit), DB_INT(offset));
	case MEMBERS_RESTRICTED:
		return db_query(db, MEMBERS_OF("role <> 5 AND banned_rights <> 0"), DB_INT(channel),
			DB_INT(limit), DB_INT(offset));
	default:
		return db_query(
			db, MEMBERS_OF("role < 5"), DB_INT(channel), DB_INT(limit), DB_INT(offset));
	}
}

size_t home_members_of_channel(struct db *db, struct arena *arena, int64_t channel,
	enum members_kind kind, int64_t offset, struct membership_row *rows, size_t limit)
{
	return members_take(members_query(db, channel, kind, offset, limit), arena, rows, limit);
}

size_t home_members_between(
	struct db *db, int64_t channel, int64_t from, int64_t upto, int64_t *users, size_t limit)
{
	struct query q = db_query(db,
		"SELECT user_id FROM members WHERE channel = ?1 AND user_id >= ?2"
		" AND user_id <= ?3 AND role < 5 ORDER BY user_id LIMIT ?4",
		DB_INT(channel), DB_INT(from), DB_INT(upto), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		users[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

bool home_members_ends(struct db *db, int64_t channel, int64_t *least, int64_t *greatest)
{
	struct query q;

	if (!home_members_between(db, channel, 1, INT64_MAX, least, 1))
		return false;
	q = db_query(db,
		"SELECT user_id FROM members WHERE channel = ?1 AND role < 5"
		" ORDER BY user_id DESC LIMIT 1",
		DB_INT(channel));
	*greatest = query_next(&q) ? query_int(&q, 0) : *least;
	query_end(&q);
	return true;
}

void home_members_kind_counts(struct db *db, int64_t channel, int64_t *kicked, int64_t *limited)
{
	struct query q = db_query(db,
		"SELECT kicked, limited FROM member_counts WHERE channel = ?1", DB_INT(channel));

	*kicked = *limited = 0;
	if (query_next(&q)) {
		*kicked = query_int(&q, 0);
		*limited = query_int(&q, 1);
	}
	query_end(&q);
}

size_t home_members_due(struct db *db, int64_t now_s, struct membership_row *rows, size_t limit)
{
	struct query q = db_query(db,
		"SELECT user_id, channel, role, admin_rights, banned_rights, until_at, joined_at"
		" FROM members WHERE until_at > 0 AND until_at <= ?1 ORDER BY until_at LIMIT ?2",
		DB_INT(now_s), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		standing_read(&q, &rows[count++]);
	query_end(&q);
	return count;
}

size_t home_members_admins(struct db *db, struct arena *arena, int64_t channel, int least_role,
	int most_role, struct membership_row *rows, size_t limit)
{
	return members_take(
		db_query(db,
			"SELECT " MEMBER " FROM members WHERE channel = ?1"
			" AND role > 2 AND role < 5 AND role >= ?2 AND role <= ?3"
			" ORDER BY user_id LIMIT ?4",
			DB_INT(channel), DB_INT(least_role), DB_INT(most_role), DB_INT(limit)),
		arena, rows, limit);
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

int64_t home_members_sent_at(struct db *db, int64_t user, int64_t channel)
{
	return db_get_int(db, 0,
		"SELECT sent_at FROM memberships WHERE user_id = ?1 AND channel = ?2", DB_INT(user),
		DB_INT(channel));
}

void home_members_set_sent_at(struct db *db, int64_t user, int64_t channel, int64_t now_s)
{
	db_run(db, "UPDATE memberships SET sent_at = ?3 WHERE user_id = ?1 AND channel = ?2",
		DB_INT(user), DB_INT(channel), DB_INT(now_s));
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
	return take_ids(db_query(db,
				"SELECT channel FROM member_counts WHERE channel > ?1 ORDER BY "
				"channel LIMIT ?2",
				DB_INT(after), DB_INT(limit)),
		ids, limit);
}

struct post_author home_authors_get(struct db *db, int64_t channel, int32_t post)
{
	struct query q = db_query(db,
		"SELECT author, shown FROM post_authors WHERE channel = ?1 AND post = ?2",
		DB_INT(channel), DB_INT(post));
	struct post_author author = {0, 0};

	if (query_next(&q))
		author = (struct post_author){query_int(&q, 0), query_int(&q, 1)};
	query_end(&q);
	return author;
}

void home_authors_set(
	struct db *db, int64_t channel, int32_t post, const struct post_author *author)
{
	/* After a crash between the two commits the id may be given out again: the last one holds.
	 */
	db_run(db,
		"INSERT INTO post_authors (channel, post, author, shown) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (channel, post) DO UPDATE SET author = ?3, shown = ?4,"
		" sealed_people = NULL",
		DB_INT(channel), DB_INT(post), DB_INT(author->author), DB_INT(author->shown));
}

size_t home_authors_posts(struct db *db, int64_t channel, int64_t author, int32_t above,
	int32_t below, int32_t *posts, size_t limit)
{
	return take_posts(db_query(db,
				  "SELECT post FROM post_authors WHERE channel = ?1 AND author = "
				  "?2 AND shown = 0"
				  " AND post > ?3 AND post < ?4 ORDER BY post DESC LIMIT ?5",
				  DB_INT(channel), DB_INT(author), DB_INT(above), DB_INT(below),
				  DB_INT(limit)),
		posts, limit);
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
