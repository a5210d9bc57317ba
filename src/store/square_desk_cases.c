/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The messenger's tables are only read here, and only the columns of the public. */
#include "store/square_desk_cases.h"

#include <string.h>

/* enum peer_kind of core/model.h, as stored in usernames */
#define PEER_KIND_USER 1
#define PEER_KIND_CHANNEL 3

#define FACE_COLUMNS                                                                               \
	"-p.id, p.username, p.title, p.about, 0, p.bot + 1" /* enum desk_subject_kind */

#define CASE_COLUMNS                                                                               \
	"id, channel, post, name, salt, previous, state, category, lane, clock_at, due_at, "       \
	"priority, notices, claimed_by, claimed_until, action, countries, decided_by, "            \
	"decided_at, order_id, in_force, met, head_seq, head_hash"

static bool case_read(struct query *q, struct arena *arena, struct desk_case *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->channel = query_int(q, 1);
	out->post = (int32_t)query_int(q, 2);
	out->name = query_bytes(q, arena, 3);
	out->salt = query_bytes(q, arena, 4);
	out->previous = query_int(q, 5);
	out->state = query_bytes(q, arena, 6);
	out->category = query_bytes(q, arena, 7);
	out->lane = query_bytes(q, arena, 8);
	out->clock_at = query_int(q, 9);
	out->due_at = query_int(q, 10);
	out->priority = query_int(q, 11);
	out->notices = (int32_t)query_int(q, 12);
	out->claimed_by = query_int(q, 13);
	out->claimed_until = query_int(q, 14);
	out->action = query_bytes(q, arena, 15);
	out->countries = query_bytes(q, arena, 16);
	out->decided_by = query_int(q, 17);
	out->decided_at = query_int(q, 18);
	out->order_id = query_int(q, 19);
	out->in_force = query_int(q, 20) != 0;
	out->met = (int32_t)query_int(q, 21);
	out->head_seq = (int32_t)query_int(q, 22);
	out->head_hash = query_bytes(q, arena, 23);
	query_end(q);
	return true;
}

bool desk_case_equal(const struct desk_case *a, const struct desk_case *b)
{
	return a->id == b->id && a->channel == b->channel && a->post == b->post &&
	       bytes_equal(a->name, b->name) && bytes_equal(a->salt, b->salt) &&
	       a->previous == b->previous && bytes_equal(a->state, b->state) &&
	       bytes_equal(a->category, b->category) && bytes_equal(a->lane, b->lane) &&
	       a->clock_at == b->clock_at && a->due_at == b->due_at && a->priority == b->priority &&
	       a->notices == b->notices && a->claimed_by == b->claimed_by &&
	       a->claimed_until == b->claimed_until && bytes_equal(a->action, b->action) &&
	       bytes_equal(a->countries, b->countries) && a->decided_by == b->decided_by &&
	       a->decided_at == b->decided_at && a->order_id == b->order_id &&
	       a->in_force == b->in_force && a->met == b->met && a->head_seq == b->head_seq &&
	       bytes_equal(a->head_hash, b->head_hash);
}

bool desk_case_get(struct db *db, struct arena *arena, int64_t id, struct desk_case *out)
{
	struct query q =
		db_query(db, "SELECT " CASE_COLUMNS " FROM cases WHERE id = ?1", DB_INT(id));

	return case_read(&q, arena, out);
}

bool desk_case_of(
	struct db *db, struct arena *arena, int64_t channel, int32_t post, struct desk_case *out)
{
	struct query q = db_query(db,
		"SELECT " CASE_COLUMNS
		" FROM cases WHERE channel = ?1 AND post = ?2 ORDER BY id DESC LIMIT 1",
		DB_INT(channel), DB_INT(post));

	return case_read(&q, arena, out);
}

void desk_case_put(struct db *db, const struct desk_case *row)
{
	db_run(db, "DELETE FROM cases WHERE id = ?1", DB_INT(row->id));
	db_run(db,
		"INSERT INTO cases (" CASE_COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		"?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
		DB_INT(row->id), DB_INT(row->channel), DB_INT(row->post), DB_TEXT(row->name),
		DB_BYTES(row->salt), DB_INT(row->previous), DB_TEXT(row->state),
		DB_TEXT(row->category), DB_TEXT(row->lane), DB_INT(row->clock_at),
		DB_INT(row->due_at), DB_INT(row->priority), DB_INT(row->notices),
		DB_INT(row->claimed_by), DB_INT(row->claimed_until), DB_TEXT(row->action),
		DB_TEXT(row->countries), DB_INT(row->decided_by), DB_INT(row->decided_at),
		DB_INT(row->order_id), DB_INT(row->in_force), DB_INT(row->met),
		DB_INT(row->head_seq), DB_BYTES(row->head_hash));
}

void desk_case_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM cases");
}

void desk_event_insert(struct db *db, const struct desk_event *event)
{
	db_run(db,
		"INSERT INTO case_events (case_id, seq, at, actor, kind, data, hash)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(event->case_id), DB_INT(event->seq), DB_INT(event->at), DB_INT(event->actor),
		DB_TEXT(event->kind), DB_TEXT(event->data), DB_BYTES(event->hash));
}

bool desk_event_next(
	struct db *db, struct arena *arena, int64_t case_id, int32_t seq, struct desk_event *out)
{
	struct query q = db_query(db,
		"SELECT case_id, seq, at, actor, kind, data, hash FROM case_events"
		" WHERE case_id > ?1 OR (case_id = ?1 AND seq > ?2) ORDER BY case_id, seq LIMIT 1",
		DB_INT(case_id), DB_INT(seq));

	if (!query_next(&q))
		return false;
	out->case_id = query_int(&q, 0);
	out->seq = (int32_t)query_int(&q, 1);
	out->at = query_int(&q, 2);
	out->actor = query_int(&q, 3);
	out->kind = query_bytes(&q, arena, 4);
	out->data = query_bytes(&q, arena, 5);
	out->hash = query_bytes(&q, arena, 6);
	query_end(&q);
	return true;
}

#define NOTICE_COLUMNS "id, case_id, reporter, lane, subject, category, law, reasons, created_at"

void desk_notice_insert(struct db *db, const struct desk_notice *notice)
{
	db_run(db,
		"INSERT INTO notices (" NOTICE_COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(notice->id), DB_INT(notice->case_id), DB_INT(notice->reporter),
		DB_TEXT(notice->lane), DB_TEXT(notice->subject), DB_TEXT(notice->category),
		DB_TEXT(notice->law), DB_TEXT(notice->reasons), DB_INT(notice->created_at));
}

static bool notice_read(struct query *q, struct arena *arena, struct desk_notice *out)
{
	if (!query_next(q))
		return false;
	out->id = query_int(q, 0);
	out->case_id = query_int(q, 1);
	out->reporter = query_int(q, 2);
	out->lane = query_bytes(q, arena, 3);
	out->subject = query_bytes(q, arena, 4);
	out->category = query_bytes(q, arena, 5);
	out->law = query_bytes(q, arena, 6);
	out->reasons = query_bytes(q, arena, 7);
	out->created_at = query_int(q, 8);
	query_end(q);
	return true;
}

bool desk_notice_get(struct db *db, struct arena *arena, int64_t id, struct desk_notice *out)
{
	struct query q =
		db_query(db, "SELECT " NOTICE_COLUMNS " FROM notices WHERE id = ?1", DB_INT(id));

	return notice_read(&q, arena, out);
}

bool desk_notice_next(
	struct db *db, struct arena *arena, int64_t case_id, int64_t after, struct desk_notice *out)
{
	struct query q = db_query(db,
		"SELECT " NOTICE_COLUMNS
		" FROM notices WHERE case_id = ?1 AND id > ?2 ORDER BY id LIMIT 1",
		DB_INT(case_id), DB_INT(after));

	return notice_read(&q, arena, out);
}

bool desk_notice_known(struct db *db, const char *lane, struct bytes subject, struct bytes reasons)
{
	return db_get_int(db, 0,
		       "SELECT count(*) FROM notices WHERE lane = ?1 AND subject = ?2 AND reasons "
		       "= ?3",
		       DB_STR(lane), DB_TEXT(subject), DB_TEXT(reasons)) > 0;
}

int64_t desk_notices_count(struct db *db, const char *lane, int64_t since_s)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM notices WHERE created_at >= ?1 AND lane = ?2",
		DB_INT(since_s), DB_STR(lane));
}

void desk_evidence_insert(struct db *db, int64_t case_id, int32_t seq, int32_t item, int64_t now_s,
	struct bytes content)
{
	db_run(db,
		"INSERT INTO evidence (case_id, seq, item, taken_at, content)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		DB_INT(case_id), DB_INT(seq), DB_INT(item), DB_INT(now_s), DB_TEXT(content));
}

struct query desk_evidence_list(struct db *db, int64_t case_id)
{
	return db_query(db,
		"SELECT taken_at, content FROM evidence WHERE case_id = ?1 AND seq ="
		" (SELECT max(seq) FROM evidence WHERE case_id = ?1) ORDER BY item",
		DB_INT(case_id));
}

static bool subject_read(struct query *q, struct arena *arena, struct desk_subject *out)
{
	if (!query_next(q))
		return false;
	out->channel = query_int(q, 0);
	out->username = query_bytes(q, arena, 1);
	out->title = query_bytes(q, arena, 2);
	out->about = query_bytes(q, arena, 3);
	out->members = query_int(q, 4);
	out->kind = (enum desk_subject_kind)query_int(q, 5);
	query_end(q);
	return true;
}

bool desk_subject_by_name(
	struct db *db, struct arena *arena, const char *name, struct desk_subject *out)
{
	struct query q = db_query(db,
		"SELECT c.id, c.username, c.title, c.about, c.members, 0 FROM usernames n"
		" JOIN channels c ON c.id = n.peer WHERE n.name = ?1 AND n.peer_kind = ?2"
		" AND c.leaving_at IS NULL",
		DB_STR(name), DB_INT(PEER_KIND_CHANNEL));

	if (subject_read(&q, arena, out))
		return true;
	query_end(&q);
	q = db_query(db,
		"SELECT " FACE_COLUMNS " FROM usernames n JOIN profiles p ON p.id = n.peer"
		" WHERE n.name = ?1 AND n.peer_kind = ?2",
		DB_STR(name), DB_INT(PEER_KIND_USER));
	return subject_read(&q, arena, out);
}

bool desk_subject_get(struct db *db, struct arena *arena, int64_t channel, struct desk_subject *out)
{
	struct query q;

	if (channel < 0)
		q = db_query(db, "SELECT " FACE_COLUMNS " FROM profiles p WHERE p.id = ?1",
			DB_INT(-channel));
	else
		q = db_query(db,
			"SELECT id, username, title, about, members, 0 FROM channels WHERE id = ?1"
			" AND leaving_at IS NULL",
			DB_INT(channel));
	return subject_read(&q, arena, out);
}

enum desk_subject_kind desk_subject_kind_of(struct db *db, int64_t channel)
{
	if (channel >= 0)
		return DESK_CHANNEL;
	return db_get_int(db, 0, "SELECT bot FROM profiles WHERE id = ?1", DB_INT(-channel))
		       ? DESK_BOT
		       : DESK_PROFILE;
}

struct desk_reach desk_reach_of(struct db *db, int64_t channel, int32_t post)
{
	struct desk_reach reach = {0};
	struct query q;

	if (channel < 0)
		return (struct desk_reach){
			.content_at = db_get_int(db, 0, "SELECT since FROM profiles WHERE id = ?1",
				DB_INT(-channel))};
	q = db_query(db,
		"SELECT c.date, c.members, c.post_count, (SELECT p.date FROM posts p WHERE"
		" p.channel = c.id AND p.id = ?2) FROM channels c WHERE c.id = ?1"
		" AND c.leaving_at IS NULL",
		DB_INT(channel), DB_INT(post));
	if (query_next(&q))
		reach = (struct desk_reach){.content_at = query_int(&q, post ? 3 : 0),
			.members = query_int(&q, 1),
			.posts = post ? 1 : query_int(&q, 2)};
	query_end(&q);
	return reach;
}

bool desk_post_get(
	struct db *db, struct arena *arena, int64_t channel, int32_t id, struct desk_post *out)
{
	struct query q = db_query(db,
		"SELECT p.date, p.edit_date, p.text FROM channels c JOIN posts p"
		" ON p.channel = c.id WHERE c.id = ?1 AND c.leaving_at IS NULL AND p.id = ?2",
		DB_INT(channel), DB_INT(id));

	if (!query_next(&q))
		return false;
	out->channel = channel;
	out->id = id;
	out->date = query_int(&q, 0);
	out->edit_date = query_int(&q, 1);
	out->text = query_bytes(&q, arena, 2);
	query_end(&q);
	return true;
}

bool desk_discussion_of(struct db *db, int64_t channel, int32_t post, struct desk_discussion *out)
{
	struct query q = db_query(db,
		"SELECT discussion, discussion_post FROM posts WHERE channel = ?1 AND id = ?2"
		" AND discussion <> 0",
		DB_INT(channel), DB_INT(post));
	const bool found = query_next(&q);

	if (found)
		*out = (struct desk_discussion){query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return found;
}

bool desk_comment_exists(struct db *db, const struct desk_discussion *where, int32_t comment)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM posts WHERE channel = ?1 AND id = ?2 AND thread = ?3",
		       DB_INT(where->group), DB_INT(comment), DB_INT(where->post)) == 1;
}

struct query desk_post_newest(struct db *db, int64_t channel, int limit)
{
	return db_query(db,
		"SELECT p.id, p.date, p.edit_date, p.text FROM channels c JOIN posts p"
		" ON p.channel = c.id WHERE c.id = ?1 AND c.leaving_at IS NULL"
		" ORDER BY p.id DESC LIMIT ?2",
		DB_INT(channel), DB_INT(limit));
}

struct query desk_post_changes(struct db *db, int64_t since_s, int limit)
{
	return db_query(db,
		"SELECT channel, post, date FROM channel_events WHERE date >= ?1 AND post > 0"
		" ORDER BY date, channel, pts LIMIT ?2",
		DB_INT(since_s), DB_INT(limit));
}
