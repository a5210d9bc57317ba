/* SPDX-License-Identifier: Apache-2.0 */
/* The table dialogs. */
#include "store/home_dialogs.h"

#define COLUMNS                                                                                    \
	"peer_kind, peer, top_id, top_date, read_inbox, read_outbox, unread, message_count, "      \
	"pinned, folder, unread_mark"

static void dialog_read(const struct query *q, struct home_dialog *out)
{
	*out = (struct home_dialog){
		.peer_kind = (int32_t)query_int(q, 0),
		.peer = query_int(q, 1),
		.top_id = (int32_t)query_int(q, 2),
		.top_date_s = query_int(q, 3),
		.read_inbox = (int32_t)query_int(q, 4),
		.read_outbox = (int32_t)query_int(q, 5),
		.unread = (int32_t)query_int(q, 6),
		.message_count = (int32_t)query_int(q, 7),
		.pinned = (int32_t)query_int(q, 8),
		.folder = (int32_t)query_int(q, 9),
		.unread_mark = query_int(q, 10) != 0,
	};
}

static void dialogs_read(const struct home_box *box, struct query q, int32_t limit,
	struct home_dialog **out, size_t *count)
{
	*out = arena_array(box->arena, (size_t)limit, sizeof(**out));
	*count = 0;
	while (*count < (size_t)limit && query_next(&q))
		dialog_read(&q, &(*out)[(*count)++]);
	query_end(&q);
}

bool home_dialog_get(
	const struct home_box *box, int32_t peer_kind, int64_t peer, struct home_dialog *out)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS " FROM dialogs WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3",
		DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer));
	bool found = query_next(&q);

	*out = (struct home_dialog){.peer_kind = peer_kind, .peer = peer};
	if (found)
		dialog_read(&q, out);
	query_end(&q);
	return found;
}

int32_t home_dialog_follow(
	const struct home_box *box, const struct home_dialog_step *step, bool *begun)
{
	const int32_t inbox = step->alone && !step->news ? step->id : 0;
	const int32_t outbox = step->alone ? step->id : 0;
	const struct home_dialog first = {.peer_kind = step->peer_kind,
		.peer = step->peer,
		.top_id = step->id,
		.top_date_s = step->date_s,
		.read_inbox = inbox,
		.read_outbox = outbox,
		.unread = step->news,
		.message_count = 1};
	int64_t folder = db_get_int(box->db, -1,
		"UPDATE dialogs SET top_id = ?4, top_date = ?5,"
		" read_inbox = CASE WHEN ?6 > 0 THEN ?6 ELSE read_inbox END,"
		" read_outbox = CASE WHEN ?7 > 0 THEN ?7 ELSE read_outbox END,"
		" unread = CASE WHEN ?6 > 0 THEN 0 ELSE unread + ?8 END,"
		" message_count = message_count + 1"
		" WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3 RETURNING folder",
		DB_INT(box->owner), DB_INT(step->peer_kind), DB_INT(step->peer), DB_INT(step->id),
		DB_INT(step->date_s), DB_INT(inbox), DB_INT(outbox), DB_INT(step->news));

	*begun = folder < 0;
	if (*begun)
		home_dialog_put(box, &first);
	return *begun ? 0 : (int32_t)folder;
}

void home_dialog_put(const struct home_box *box, const struct home_dialog *d)
{
	db_run(box->db,
		"INSERT INTO dialogs (owner, " COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
		" ON CONFLICT (owner, peer_kind, peer) DO UPDATE SET top_id = ?4, top_date = ?5,"
		" read_inbox = ?6, read_outbox = ?7, unread = ?8, message_count = ?9, pinned = ?10,"
		" folder = ?11, unread_mark = ?12",
		DB_INT(box->owner), DB_INT(d->peer_kind), DB_INT(d->peer), DB_INT(d->top_id),
		DB_INT(d->top_date_s), DB_INT(d->read_inbox), DB_INT(d->read_outbox),
		DB_INT(d->unread), DB_INT(d->message_count), DB_INT(d->pinned), DB_INT(d->folder),
		DB_INT(d->unread_mark));
}

void home_dialogs_page(const struct home_box *box, const struct home_dialog_page *page,
	struct home_dialog **out, size_t *count)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS " FROM dialogs WHERE owner = ?1 AND folder = ?2 AND pinned = 0"
		" AND top_id > 0 AND (top_date, top_id) < (?3, ?4) ORDER BY top_date DESC, top_id "
		"DESC LIMIT ?5",
		DB_INT(box->owner), DB_INT(page->folder), DB_INT(page->date_s), DB_INT(page->id),
		DB_INT(page->limit));

	dialogs_read(box, q, page->limit, out, count);
}

void home_dialogs_pinned(const struct home_box *box, int32_t folder, int32_t limit,
	struct home_dialog **out, size_t *count)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS " FROM dialogs WHERE owner = ?1 AND folder = ?2 AND pinned > 0"
		" AND top_id > 0 ORDER BY pinned DESC LIMIT ?3",
		DB_INT(box->owner), DB_INT(folder), DB_INT(limit));

	dialogs_read(box, q, limit, out, count);
}

int64_t home_dialogs_count(const struct home_box *box, int32_t folder)
{
	return db_get_int(box->db, 0,
		"SELECT COUNT(*) FROM dialogs WHERE owner = ?1 AND folder = ?2 AND pinned = 0 AND "
		"top_id > 0",
		DB_INT(box->owner), DB_INT(folder));
}

int32_t home_dialogs_unread(const struct home_box *box)
{
	return (int32_t)db_get_int(box->db, 0,
		"SELECT COALESCE(SUM(unread), 0) FROM dialogs WHERE owner = ?1",
		DB_INT(box->owner));
}

void home_dialogs_marked(
	const struct home_box *box, int32_t limit, struct home_dialog **out, size_t *count)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS " FROM dialogs WHERE owner = ?1 AND unread_mark <> 0"
		" ORDER BY top_date DESC LIMIT ?2",
		DB_INT(box->owner), DB_INT(limit));

	dialogs_read(box, q, limit, out, count);
}

void home_dialogs_unread_in(const struct home_box *box, int32_t folder, int32_t limit,
	struct home_dialog **out, size_t *count)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS " FROM dialogs WHERE owner = ?1 AND folder = ?2 AND unread > 0"
		" AND top_id > 0 ORDER BY top_date DESC LIMIT ?3",
		DB_INT(box->owner), DB_INT(folder), DB_INT(limit));

	dialogs_read(box, q, limit, out, count);
}
