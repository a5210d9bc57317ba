/* SPDX-License-Identifier: Apache-2.0 */
/* The table messages. */
#include "store/home_messages.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"

#define COLUMNS                                                                                    \
	"id, peer_kind, peer, author, is_out, date, edit_date, action, pts, random_id, twin, "     \
	"sealed_body, pinned, attention, content, saved_kind, saved_peer, expires_at, "            \
	"sealed_reactions"

#define REACTIONS_TABLE "messages.reactions"

static _Atomic int64_t damaged_count;

int64_t home_messages_damaged(void)
{
	return damaged_count;
}

void home_message_spoil(const struct home_message *message)
{
	if (!message->damaged && damaged_count++ == 0)
		log_error("message_damaged",
			"a stored message can't be read and is left out; more are only counted");
}

static struct seal_place body_place(const struct home_box *box, int32_t id)
{
	return (struct seal_place){
		.owner_salt = box->salt, .table = "messages", .owner = box->owner, .id = id};
}

static void message_read(
	const struct home_box *box, const struct query *q, struct home_message *out)
{
	struct seal_place place;
	bool damaged = false;

	*out = (struct home_message){
		.id = (int32_t)query_int(q, 0),
		.peer_kind = (int32_t)query_int(q, 1),
		.peer = query_int(q, 2),
		.author = query_int(q, 3),
		.out = query_int(q, 4) != 0,
		.date_s = query_int(q, 5),
		.edit_date_s = query_int(q, 6),
		.action = (int32_t)query_int(q, 7),
		.pts = (int32_t)query_int(q, 8),
		.random_id = query_int(q, 9),
		.twin = query_int(q, 10),
		.pinned = query_int(q, 12) != 0,
		.attention = (int32_t)query_int(q, 13),
		.content = (int32_t)query_int(q, 14),
		.saved_kind = (int32_t)query_int(q, 15),
		.saved_peer = query_int(q, 16),
		.expires_at_s = query_int(q, 17),
	};
	place = body_place(box, out->id);
	if (vault_open(box->vault, &place, query_bytes(q, box->arena, 11), box->arena, &out->body) <
		0)
		damaged = true;
	place.table = REACTIONS_TABLE;
	if (!query_is_null(q, 18) && vault_open(box->vault, &place, query_bytes(q, box->arena, 18),
					     box->arena, &out->reactions) < 0)
		damaged = true;
	if (damaged)
		home_message_spoil(out);
	out->damaged = damaged;
}

void home_message_insert(const struct home_box *box, const struct home_message *m)
{
	struct seal_place place = body_place(box, m->id);
	struct db_value random =
		m->random_id ? DB_INT(m->random_id) : (struct db_value){.kind = DB_KIND_NULL};
	struct db_value expires =
		m->expires_at_s ? DB_INT(m->expires_at_s) : (struct db_value){.kind = DB_KIND_NULL};

	db_run(box->db,
		"INSERT INTO messages (owner, " COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		"?17, ?18, ?19, NULL)",
		DB_INT(box->owner), DB_INT(m->id), DB_INT(m->peer_kind), DB_INT(m->peer),
		DB_INT(m->author), DB_INT(m->out), DB_INT(m->date_s), DB_INT(m->edit_date_s),
		DB_INT(m->action), DB_INT(m->pts), random, DB_INT(m->twin),
		DB_BYTES(vault_seal(box->vault, &place, m->body, box->arena)), DB_INT(m->pinned),
		DB_INT(m->attention), DB_INT(m->content), DB_INT(m->saved_kind),
		DB_INT(m->saved_peer), expires);
}

static bool message_only(const struct home_box *box, struct query q, struct home_message *out)
{
	bool found = query_next(&q);

	if (found)
		message_read(box, &q, out);
	query_end(&q);
	return found && !db_failed(box->db);
}

bool home_message_get(const struct home_box *box, int32_t id, struct home_message *out)
{
	return message_only(box,
		db_query(box->db, "SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND id = ?2",
			DB_INT(box->owner), DB_INT(id)),
		out);
}

bool home_message_by_random(const struct home_box *box, int64_t random_id, struct home_message *out)
{
	return message_only(box,
		db_query(box->db,
			"SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND random_id = ?2",
			DB_INT(box->owner), DB_INT(random_id)),
		out);
}

bool home_random_is_spent(const struct home_box *box, int64_t random_id)
{
	return db_get_int(box->db, 0,
		       "SELECT 1 FROM messages WHERE owner = ?1 AND random_id = ?2"
		       " UNION ALL SELECT 1 FROM spent_sends WHERE owner = ?1 AND random_id = ?2"
		       " UNION ALL SELECT 1 FROM scheduled WHERE owner = ?1 AND random_id = ?2"
		       " LIMIT 1",
		       DB_INT(box->owner), DB_INT(random_id)) == 1;
}

bool home_message_by_twin(const struct home_box *box, int64_t twin, struct home_message *out)
{
	if (!twin)
		return false;
	return message_only(box,
		db_query(box->db, "SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND twin = ?2",
			DB_INT(box->owner), DB_INT(twin)),
		out);
}

void home_message_set_body(
	const struct home_box *box, int32_t id, int64_t edit_date_s, struct bytes body)
{
	struct seal_place place = body_place(box, id);

	db_run(box->db,
		"UPDATE messages SET edit_date = ?3, sealed_body = ?4 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(id), DB_INT(edit_date_s),
		DB_BYTES(vault_seal(box->vault, &place, body, box->arena)));
}

void home_message_set_content(const struct home_box *box, int32_t id, int32_t content)
{
	db_run(box->db, "UPDATE messages SET content = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(id), DB_INT(content));
}

void home_message_set_pinned(const struct home_box *box, int32_t id, bool pinned)
{
	db_run(box->db, "UPDATE messages SET pinned = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(id), DB_INT(pinned));
}

void home_message_set_attention(const struct home_box *box, int32_t id, int32_t attention)
{
	db_run(box->db, "UPDATE messages SET attention = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(id), DB_INT(attention));
}

void home_message_set_reactions(const struct home_box *box, int32_t id, struct bytes reactions)
{
	struct seal_place place = body_place(box, id);

	place.table = REACTIONS_TABLE;
	db_run(box->db, "UPDATE messages SET sealed_reactions = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(id),
		DB_BYTES(vault_seal(box->vault, &place, reactions, box->arena)));
}

void home_message_delete(const struct home_box *box, int32_t id)
{
	db_run(box->db, "DELETE FROM messages WHERE owner = ?1 AND id = ?2", DB_INT(box->owner),
		DB_INT(id));
}

size_t home_messages_expired(
	struct db *db, struct arena *arena, int64_t now_s, int32_t limit, struct home_expired **out)
{
	struct query q = db_query(db,
		"SELECT owner, id FROM messages WHERE expires_at IS NOT NULL AND expires_at <= ?1"
		" ORDER BY expires_at, owner, id LIMIT ?2",
		DB_INT(now_s), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, (size_t)limit, sizeof(**out));
	while (count < (size_t)limit && query_next(&q))
		(*out)[count++] = (struct home_expired){
			.owner = query_int(&q, 0), .id = (int32_t)query_int(&q, 1)};
	query_end(&q);
	return db_failed(db) ? 0 : count;
}

static void page_read(
	const struct home_box *box, struct query *q, int32_t limit, struct home_messages *out)
{
	out->at = arena_array(box->arena, (size_t)limit, sizeof(*out->at));
	out->count = 0;
	while (out->count < (size_t)limit && query_next(q))
		message_read(box, q, &out->at[out->count++]);
	query_end(q);
	if (db_failed(box->db))
		out->count = 0;
}

/* One text per part and direction: prepared statements are found by their address. */
#define PAGE_QUERY(which, order)                                                                   \
	db_query(box->db,                                                                          \
		"SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND " which                     \
		" AND id > ?4 AND id < ?5 ORDER BY id" order " LIMIT ?6 OFFSET ?7",                \
		DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),                   \
		DB_INT(page->above), DB_INT(page->below), DB_INT(page->limit), DB_INT(page->skip))
#define PAGE_QUERY_CONTENT(which, order)                                                           \
	db_query(box->db,                                                                          \
		"SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND " which                     \
		" AND id > ?4 AND id < ?5 AND content <> 0 AND (content & ?8) <> 0"                \
		" ORDER BY id" order " LIMIT ?6 OFFSET ?7",                                        \
		DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),                   \
		DB_INT(page->above), DB_INT(page->below), DB_INT(page->limit), DB_INT(page->skip), \
		DB_INT(page->content))
#define OF_CHAT "peer_kind = ?2 AND peer = ?3"
#define OF_ALL "?2 = 0 AND ?3 = ?3"

static struct query query_older(const struct home_box *box, const struct home_page *page)
{
	switch (page->of) {
	case PAGE_OF_PINNED:
		return PAGE_QUERY(OF_CHAT " AND pinned <> 0", " DESC");
	case PAGE_OF_MENTIONS:
		return PAGE_QUERY(OF_CHAT " AND attention <> 0 AND (attention & 1) <> 0", " DESC");
	case PAGE_OF_REACTIONS:
		return PAGE_QUERY(OF_CHAT " AND attention <> 0 AND (attention & 2) <> 0", " DESC");
	case PAGE_OF_SAVED:
		return PAGE_QUERY(
			"saved_kind = ?2 AND saved_peer = ?3 AND saved_kind <> 0", " DESC");
	case PAGE_OF_CONTENT:
		return page->peer_kind ? PAGE_QUERY_CONTENT(OF_CHAT, " DESC")
				       : PAGE_QUERY_CONTENT(OF_ALL, " DESC");
	case PAGE_OF_CHAT:
		break;
	}
	return page->peer_kind ? PAGE_QUERY(OF_CHAT, " DESC") : PAGE_QUERY(OF_ALL, " DESC");
}

static struct query query_newer(const struct home_box *box, const struct home_page *page)
{
	switch (page->of) {
	case PAGE_OF_PINNED:
		return PAGE_QUERY(OF_CHAT " AND pinned <> 0", "");
	case PAGE_OF_MENTIONS:
		return PAGE_QUERY(OF_CHAT " AND attention <> 0 AND (attention & 1) <> 0", "");
	case PAGE_OF_REACTIONS:
		return PAGE_QUERY(OF_CHAT " AND attention <> 0 AND (attention & 2) <> 0", "");
	case PAGE_OF_SAVED:
		return PAGE_QUERY("saved_kind = ?2 AND saved_peer = ?3 AND saved_kind <> 0", "");
	case PAGE_OF_CONTENT:
		return page->peer_kind ? PAGE_QUERY_CONTENT(OF_CHAT, "")
				       : PAGE_QUERY_CONTENT(OF_ALL, "");
	case PAGE_OF_CHAT:
		break;
	}
	return page->peer_kind ? PAGE_QUERY(OF_CHAT, "") : PAGE_QUERY(OF_ALL, "");
}

void home_messages_older(
	const struct home_box *box, const struct home_page *page, struct home_messages *out)
{
	struct query q;

	assert(page->limit >= 0 && page->skip >= 0);
	q = query_older(box, page);
	page_read(box, &q, page->limit, out);
}

void home_messages_newer(
	const struct home_box *box, const struct home_page *page, struct home_messages *out)
{
	struct query q;

	assert(page->limit >= 0 && page->skip >= 0);
	q = query_newer(box, page);
	page_read(box, &q, page->limit, out);
	for (size_t i = 0; i < out->count / 2; i++) {
		struct home_message swap = out->at[i];

		out->at[i] = out->at[out->count - 1 - i];
		out->at[out->count - 1 - i] = swap;
	}
}

/* Further than this nobody counts: what a call costs must not grow with what an account has. */
#define COUNT_OF(which)                                                                            \
	(int32_t)db_get_int(box->db, 0,                                                            \
		"SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE owner = ?1 AND " which         \
		" LIMIT ?4) AS counted",                                                           \
		DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),                   \
		DB_INT(HOME_COUNT_MAX))

int32_t home_messages_count(const struct home_box *box, const struct home_page *page)
{
	switch (page->of) {
	case PAGE_OF_PINNED:
		return COUNT_OF(OF_CHAT " AND pinned <> 0");
	case PAGE_OF_MENTIONS:
		return COUNT_OF(OF_CHAT " AND attention <> 0 AND (attention & 1) <> 0");
	case PAGE_OF_REACTIONS:
		return COUNT_OF(OF_CHAT " AND attention <> 0 AND (attention & 2) <> 0");
	case PAGE_OF_SAVED:
		return COUNT_OF("saved_kind = ?2 AND saved_peer = ?3 AND saved_kind <> 0");
	case PAGE_OF_CONTENT:
		return (int32_t)db_get_int(box->db, 0,
			"SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE owner = ?1"
			" AND " OF_CHAT " AND content <> 0 AND (content & ?4) <> 0"
			" LIMIT ?5) AS counted",
			DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),
			DB_INT(page->content), DB_INT(HOME_COUNT_MAX));
	case PAGE_OF_CHAT:
		break;
	}
	return page->peer_kind ? COUNT_OF(OF_CHAT) : COUNT_OF(OF_ALL);
}

int32_t home_messages_id_at(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int64_t date_s)
{
	int32_t low = 1, high = box->last_id, found = 0;

	/* By halves over the ids: there is no index by date, and none is needed. */
	while (low <= high) {
		int32_t middle = low + (high - low) / 2;
		struct query q = db_query(box->db,
			"SELECT id, date FROM messages WHERE owner = ?1 AND peer_kind = ?2 AND "
			"peer = "
			"?3 AND id >= ?4 ORDER BY id LIMIT 1",
			DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(middle));

		if (!query_next(&q)) {
			high = middle - 1;
		} else if (query_int(&q, 1) >= date_s) {
			found = (int32_t)query_int(&q, 0);
			high = middle - 1;
		} else {
			low = (int32_t)query_int(&q, 0) + 1;
		}
		query_end(&q);
	}
	return found;
}

int32_t home_messages_news(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int32_t above, int32_t to)
{
	return (int32_t)db_get_int(box->db, 0,
		"SELECT COUNT(*) FROM messages WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3"
		" AND id > ?4 AND id <= ?5 AND (is_out = 0 OR (content & ?6) <> 0)",
		DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(above), DB_INT(to),
		DB_INT(HOME_CONTENT_BY_CLOCK));
}

/* The newest message of the last part before (kind, peer), in the order of parts. */
static bool saved_part_before(
	const struct home_box *box, int32_t kind, int64_t peer, struct home_saved_part *out)
{
	struct query q = db_query(box->db,
		"SELECT saved_kind, saved_peer, id FROM messages WHERE owner = ?1 AND"
		" saved_kind <> 0 AND (saved_kind, saved_peer) < (?2, ?3)"
		" ORDER BY saved_kind DESC, saved_peer DESC, id DESC LIMIT 1",
		DB_INT(box->owner), DB_INT(kind), DB_INT(peer));
	bool found = query_next(&q);

	*out = (struct home_saved_part){.kind = (int32_t)query_int(&q, 0),
		.peer = query_int(&q, 1),
		.top_id = (int32_t)query_int(&q, 2)};
	query_end(&q);
	return found;
}

static int newest_part_first(const void *a, const void *b)
{
	const struct home_saved_part *x = a, *y = b;

	return (x->top_id < y->top_id) - (x->top_id > y->top_id);
}

/* One look per part, however many messages it has. */
size_t home_messages_saved_parts(const struct home_box *box, struct home_saved_part **out)
{
	struct home_saved_part part = {.kind = INT32_MAX};
	size_t count = 0, room = 0;

	*out = NULL;
	while (count < HOME_SAVED_PARTS_MAX &&
		saved_part_before(box, part.kind, part.peer, &part)) {
		if (count == room) {
			struct home_saved_part *more;

			room = room ? 2 * room : 32;
			more = arena_array(box->arena, room, sizeof(*more));
			if (count)
				memcpy(more, *out, count * sizeof(*more));
			*out = more;
		}
		(*out)[count++] = part;
	}
	if (count)
		qsort(*out, count, sizeof(**out), newest_part_first);
	return count;
}
