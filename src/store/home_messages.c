/* SPDX-License-Identifier: Apache-2.0 */
/* The table messages. */
#include "store/home_messages.h"

#include <assert.h>

#define COLUMNS                                                                                    \
	"id, peer_kind, peer, author, is_out, date, edit_date, action, pts, random_id, twin, "     \
	"sealed_body"

static struct seal_place body_place(const struct home_box *box, int32_t id)
{
	return (struct seal_place){
		.owner_salt = box->salt, .table = "messages", .owner = box->owner, .id = id};
}

static void message_read(
	const struct home_box *box, const struct query *q, struct home_message *out)
{
	struct seal_place place;

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
	};
	place = body_place(box, out->id);
	if (vault_open(box->vault, &place, query_bytes(q, box->arena, 11), box->arena, &out->body) <
		0)
		db_fail(box->db, "a message body does not open");
}

void home_message_insert(const struct home_box *box, const struct home_message *m)
{
	struct seal_place place = body_place(box, m->id);
	struct db_value random =
		m->random_id ? DB_INT(m->random_id) : (struct db_value){.kind = DB_KIND_NULL};

	db_run(box->db,
		"INSERT INTO messages (owner, " COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
		DB_INT(box->owner), DB_INT(m->id), DB_INT(m->peer_kind), DB_INT(m->peer),
		DB_INT(m->author), DB_INT(m->out), DB_INT(m->date_s), DB_INT(m->edit_date_s),
		DB_INT(m->action), DB_INT(m->pts), random, DB_INT(m->twin),
		DB_BYTES(vault_seal(box->vault, &place, m->body, box->arena)));
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

void home_message_delete(const struct home_box *box, int32_t id)
{
	db_run(box->db, "DELETE FROM messages WHERE owner = ?1 AND id = ?2", DB_INT(box->owner),
		DB_INT(id));
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

void home_messages_older(
	const struct home_box *box, const struct home_page *page, struct home_messages *out)
{
	struct query q;

	assert(page->limit >= 0 && page->skip >= 0);
	if (page->peer_kind)
		q = db_query(box->db,
			"SELECT " COLUMNS
			" FROM messages WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3"
			" AND id > ?4 AND id < ?5 ORDER BY id DESC LIMIT ?6 OFFSET ?7",
			DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),
			DB_INT(page->above), DB_INT(page->below), DB_INT(page->limit),
			DB_INT(page->skip));
	else
		q = db_query(box->db,
			"SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND id > ?2 AND id < ?3"
			" ORDER BY id DESC LIMIT ?4 OFFSET ?5",
			DB_INT(box->owner), DB_INT(page->above), DB_INT(page->below),
			DB_INT(page->limit), DB_INT(page->skip));
	page_read(box, &q, page->limit, out);
}

void home_messages_newer(
	const struct home_box *box, const struct home_page *page, struct home_messages *out)
{
	struct query q;

	assert(page->limit >= 0 && page->skip >= 0);
	q = db_query(box->db,
		"SELECT " COLUMNS " FROM messages WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3"
		" AND id > ?4 AND id < ?5 ORDER BY id LIMIT ?6 OFFSET ?7",
		DB_INT(box->owner), DB_INT(page->peer_kind), DB_INT(page->peer),
		DB_INT(page->above), DB_INT(page->below), DB_INT(page->limit), DB_INT(page->skip));
	page_read(box, &q, page->limit, out);
	for (size_t i = 0; i < out->count / 2; i++) {
		struct home_message swap = out->at[i];

		out->at[i] = out->at[out->count - 1 - i];
		out->at[out->count - 1 - i] = swap;
	}
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

int32_t home_messages_incoming(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int32_t above, int32_t to)
{
	return (int32_t)db_get_int(box->db, 0,
		"SELECT COUNT(*) FROM messages WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3"
		" AND id > ?4 AND id <= ?5 AND is_out = 0",
		DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(above), DB_INT(to));
}
