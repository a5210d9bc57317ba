/* SPDX-License-Identifier: Apache-2.0 */
/* The table scheduled. */
#include "store/home_scheduled.h"

#define COLUMNS "owner, id, peer_kind, peer, send_at, random_id, author, send_as"

static struct seal_place place_of(const struct home_box *box, int32_t id)
{
	return (struct seal_place){
		.owner_salt = box->salt, .table = "scheduled", .owner = box->owner, .id = id};
}

static struct home_scheduled row_read(const struct query *q)
{
	return (struct home_scheduled){.owner = query_int(q, 0),
		.id = (int32_t)query_int(q, 1),
		.peer_kind = (int32_t)query_int(q, 2),
		.peer = query_int(q, 3),
		.send_at_s = query_int(q, 4),
		.random_id = query_int(q, 5),
		.author = query_int(q, 6),
		.send_as = query_int(q, 7)};
}

static void row_open(const struct home_box *box, const struct query *q, struct home_scheduled *out)
{
	struct seal_place place;

	*out = row_read(q);
	place = place_of(box, out->id);
	if (vault_open(box->vault, &place, query_bytes(q, box->arena, 8), box->arena, &out->body) <
		0)
		db_fail(box->db, "a scheduled message does not open");
}

static struct bytes sealed_body(const struct home_box *box, const struct home_scheduled *s)
{
	struct seal_place place = place_of(box, s->id);

	return vault_seal(box->vault, &place, s->body, box->arena);
}

void home_scheduled_insert(const struct home_box *box, const struct home_scheduled *s)
{
	struct db_value random =
		s->random_id ? DB_INT(s->random_id) : (struct db_value){.kind = DB_KIND_NULL};

	db_run(box->db,
		"INSERT INTO scheduled (" COLUMNS ", sealed_body)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(box->owner), DB_INT(s->id), DB_INT(s->peer_kind), DB_INT(s->peer),
		DB_INT(s->send_at_s), random, DB_INT(s->author), DB_INT(s->send_as),
		DB_BYTES(sealed_body(box, s)));
}

void home_scheduled_update(const struct home_box *box, const struct home_scheduled *s)
{
	db_run(box->db,
		"UPDATE scheduled SET send_at = ?3, sealed_body = ?4 WHERE owner = ?1 AND id = ?2",
		DB_INT(box->owner), DB_INT(s->id), DB_INT(s->send_at_s),
		DB_BYTES(sealed_body(box, s)));
}

void home_scheduled_delete(struct db *db, int64_t owner, int32_t id)
{
	db_run(db, "DELETE FROM scheduled WHERE owner = ?1 AND id = ?2", DB_INT(owner), DB_INT(id));
}

static bool row_only(const struct home_box *box, struct query q, struct home_scheduled *out)
{
	bool found = query_next(&q);

	if (found)
		row_open(box, &q, out);
	query_end(&q);
	return found && !db_failed(box->db);
}

bool home_scheduled_get(const struct home_box *box, int32_t id, struct home_scheduled *out)
{
	return row_only(box,
		db_query(box->db,
			"SELECT " COLUMNS
			", sealed_body FROM scheduled WHERE owner = ?1 AND id = ?2",
			DB_INT(box->owner), DB_INT(id)),
		out);
}

bool home_scheduled_by_random(
	const struct home_box *box, int64_t random_id, struct home_scheduled *out)
{
	return row_only(box,
		db_query(box->db,
			"SELECT " COLUMNS
			", sealed_body FROM scheduled WHERE owner = ?1 AND random_id = ?2",
			DB_INT(box->owner), DB_INT(random_id)),
		out);
}

size_t home_scheduled_list(const struct home_box *box, int32_t peer_kind, int64_t peer,
	size_t limit, struct home_scheduled **out)
{
	struct query q = db_query(box->db,
		"SELECT " COLUMNS ", sealed_body FROM scheduled WHERE owner = ?1 AND peer_kind = ?2"
		" AND peer = ?3 ORDER BY send_at DESC, id DESC LIMIT ?4",
		DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(box->arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		row_open(box, &q, &(*out)[count++]);
	query_end(&q);
	return db_failed(box->db) ? 0 : count;
}

int64_t home_scheduled_count(const struct home_box *box, int32_t peer_kind, int64_t peer)
{
	return db_get_int(box->db, 0,
		"SELECT COUNT(*) FROM scheduled WHERE owner = ?1 AND peer_kind = ?2 AND peer = ?3",
		DB_INT(box->owner), DB_INT(peer_kind), DB_INT(peer));
}

#define ID_TRIES 1000 /* more than one chat can hold in a row */

bool home_scheduled_new_id(const struct home_box *box, int32_t end, int32_t *id)
{
	for (int tries = 0; tries < ID_TRIES; tries++) {
		int64_t next = db_counter_add(box->db, box->owner, "scheduled", 1);

		*id = (int32_t)(next % (end - 1)) + 1;
		if (!db_get_int(box->db, 0, "SELECT 1 FROM scheduled WHERE owner = ?1 AND id = ?2",
			    DB_INT(box->owner), DB_INT(*id)))
			return true;
	}
	return false;
}

static size_t rows_read(
	struct query q, struct arena *arena, size_t limit, struct home_scheduled **out)
{
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = row_read(&q);
	query_end(&q);
	return count;
}

size_t home_scheduled_due(struct db *db, struct arena *arena, int64_t now_s, size_t limit,
	struct home_scheduled **out)
{
	return rows_read(db_query(db,
				 "SELECT " COLUMNS " FROM scheduled WHERE send_at <= ?1"
				 " ORDER BY send_at, owner, id LIMIT ?2",
				 DB_INT(now_s), DB_INT(limit)),
		arena, limit, out);
}

size_t home_scheduled_waiting(struct db *db, struct arena *arena,
	const struct home_scheduled *after, size_t limit, struct home_scheduled **out)
{
	return rows_read(
		db_query(db,
			"SELECT " COLUMNS " FROM scheduled WHERE send_at = ?1 AND (owner > ?2 OR"
			" (owner = ?2 AND id > ?3)) ORDER BY owner, id LIMIT ?4",
			DB_INT(HOME_WHEN_ONLINE), DB_INT(after->owner), DB_INT(after->id),
			DB_INT(limit)),
		arena, limit, out);
}
