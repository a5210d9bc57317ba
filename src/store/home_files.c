/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables files and file_parts. */
#include "store/home_files.h"

#include <string.h>

#include "crypto/stream.h"
#include "store/home_users.h"

enum { FILE_COMING, FILE_TAKEN, FILE_GONE };

#define PARTS_PER_PURGE 32 /* 16 MiB: some ten milliseconds */
#define SEALED_OVERHEAD (STREAM_BEGIN_SIZE + STREAM_OVERHEAD)
#define COUNTER "file_bytes"

/* ---- Keys ---- */

static bool place_of(struct db *db, int64_t owner, int64_t id, uint8_t salt[VAULT_SALT_SIZE],
	struct seal_place *out)
{
	*out = (struct seal_place){.owner_salt = salt, .table = "files", .owner = owner, .id = id};
	return home_salt(db, owner, salt);
}

static bool open_key(const struct vault *vault, struct db *db, struct arena *arena, int64_t owner,
	int64_t id, struct bytes sealed, uint8_t key[STREAM_KEY_SIZE])
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;
	struct bytes text;

	if (!place_of(db, owner, id, salt, &place) ||
		vault_open(vault, &place, sealed, arena, &text) < 0 ||
		text.size != STREAM_KEY_SIZE) {
		db_fail(db, "the key of a file does not open");
		return false;
	}
	memcpy(key, text.data, STREAM_KEY_SIZE);
	bytes_wipe((void *)text.data, text.size);
	return true;
}

/* ---- Parts ---- */

/* A part is a stream of one piece, bound to its number. */
static struct bytes seal_part(
	struct arena *arena, const uint8_t key[STREAM_KEY_SIZE], int32_t part, struct bytes data)
{
	uint8_t *out = arena_array(arena, data.size + SEALED_OVERHEAD, 1), with[4];
	struct stream stream;

	store_u32le(with, (uint32_t)part);
	stream_seal_begin(&stream, key, out);
	stream_seal(&stream, data, bytes_of(with, sizeof(with)), true, out + STREAM_BEGIN_SIZE);
	bytes_wipe(&stream, sizeof(stream));
	return bytes_of(out, data.size + SEALED_OVERHEAD);
}

static bool open_part(
	const uint8_t key[STREAM_KEY_SIZE], int32_t part, struct bytes sealed, uint8_t *out)
{
	struct stream stream;
	uint8_t with[4];
	bool last, sound;

	if (sealed.size <= SEALED_OVERHEAD)
		return false;
	store_u32le(with, (uint32_t)part);
	sound = stream_open_begin(&stream, key, sealed.data) == 0 &&
		stream_open(&stream,
			bytes_of(sealed.data + STREAM_BEGIN_SIZE, sealed.size - STREAM_BEGIN_SIZE),
			bytes_of(with, sizeof(with)), &last, out) == 0 &&
		last;
	bytes_wipe(&stream, sizeof(stream));
	return sound;
}

/* ---- Coming ---- */

int64_t home_file_coming(struct db *db, int64_t owner, int64_t upload)
{
	return db_get_int(db, 0,
		"SELECT id FROM files WHERE owner = ?1 AND upload = ?2 AND state = 0",
		DB_INT(owner), DB_INT(upload));
}

void home_file_begin(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t id, int64_t upload, int64_t now_s)
{
	uint8_t key[STREAM_KEY_SIZE], salt[VAULT_SALT_SIZE];
	struct seal_place place;

	if (!place_of(db, owner, id, salt, &place)) {
		db_fail(db, "a file needs its owner");
		return;
	}
	stream_key_new(key);
	db_run(db,
		"INSERT INTO files (owner, id, upload, state, holders, part_size, size, touched_at,"
		" sealed_key) VALUES (?1, ?2, ?3, 0, 0, 0, 0, ?4, ?5)",
		DB_INT(owner), DB_INT(id), DB_INT(upload), DB_INT(now_s),
		DB_BYTES(vault_seal(vault, &place, bytes_of(key, sizeof(key)), arena)));
	bytes_wipe(key, sizeof(key));
}

struct row {
	int64_t size;
	int32_t part_size;
	bool taken;
};

/* With its key. False: there is none, or it is gone. */
static bool find(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t id, struct row *row, uint8_t key[STREAM_KEY_SIZE])
{
	struct query q = db_query(db,
		"SELECT size, part_size, state, sealed_key FROM files"
		" WHERE owner = ?1 AND id = ?2 AND state <> 2",
		DB_INT(owner), DB_INT(id));
	const bool found = query_next(&q);
	struct bytes sealed = {0};

	if (found) {
		*row = (struct row){.size = query_int(&q, 0),
			.part_size = (int32_t)query_int(&q, 1),
			.taken = query_int(&q, 2) == FILE_TAKEN};
		sealed = query_bytes(&q, arena, 3);
	}
	query_end(&q);
	return found && open_key(vault, db, arena, owner, id, sealed, key);
}

void home_file_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t id, int32_t part, struct bytes data, int64_t now_s)
{
	const int64_t before = db_get_int(db, 0,
		"SELECT size FROM file_parts WHERE owner = ?1 AND file = ?2 AND part = ?3",
		DB_INT(owner), DB_INT(id), DB_INT(part));
	const int64_t more = (int64_t)data.size - before;
	uint8_t key[STREAM_KEY_SIZE];
	struct row row;

	if (!find(db, vault, arena, owner, id, &row, key))
		return;
	db_run(db,
		"INSERT INTO file_parts (owner, file, part, size, data) VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT (owner, file, part) DO UPDATE SET size = ?4, data = ?5",
		DB_INT(owner), DB_INT(id), DB_INT(part), DB_INT(data.size),
		DB_BYTES(seal_part(arena, key, part, data)));
	bytes_wipe(key, sizeof(key));
	db_run(db,
		"UPDATE files SET size = size + ?3, touched_at = ?4 WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id), DB_INT(more), DB_INT(now_s));
	db_counter_add(db, HOME_INSTALLATION, COUNTER, more);
}

size_t home_file_parts(struct db *db, struct arena *arena, int64_t owner, int64_t id, size_t limit,
	struct home_file_part **out)
{
	struct query q = db_query(db,
		"SELECT part, size FROM file_parts WHERE owner = ?1 AND file = ?2 ORDER BY part"
		" LIMIT ?3",
		DB_INT(owner), DB_INT(id), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = (struct home_file_part){
			(int32_t)query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return count;
}

/* ---- Held ---- */

void home_file_take(struct db *db, int64_t owner, int64_t id, int32_t part_size)
{
	db_run(db, "UPDATE files SET state = 1, part_size = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id), DB_INT(part_size));
}

void home_file_hold(struct db *db, int64_t owner, int64_t id)
{
	db_run(db, "UPDATE files SET holders = holders + 1 WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id));
}

void home_file_let_go(struct db *db, int64_t owner, int64_t id)
{
	db_run(db, "UPDATE files SET holders = holders - 1 WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id));
	db_run(db,
		"UPDATE files SET state = 2, sealed_key = NULL"
		" WHERE owner = ?1 AND id = ?2 AND holders <= 0",
		DB_INT(owner), DB_INT(id));
}

int64_t home_file_size(struct db *db, int64_t owner, int64_t id)
{
	return db_get_int(db, -1,
		"SELECT size FROM files WHERE owner = ?1 AND id = ?2 AND state = 1", DB_INT(owner),
		DB_INT(id));
}

/* ---- Reading ---- */

struct reading {
	struct arena *arena;
	const uint8_t *key;
	int64_t offset, end; /* of what is asked for */
	uint8_t *out;
	size_t filled;
};

/* The part of this number begins at `begin`. */
static bool take_part(struct reading *r, int32_t part, int64_t begin, struct bytes sealed)
{
	const size_t size = sealed.size > SEALED_OVERHEAD ? sealed.size - SEALED_OVERHEAD : 0;
	uint8_t *text = arena_array(r->arena, size + 1, 1);
	const int64_t from = r->offset > begin ? r->offset - begin : 0;
	int64_t to = r->end - begin;

	if (!open_part(r->key, part, sealed, text))
		return false;
	if (to > (int64_t)size)
		to = (int64_t)size;
	if (to <= from)
		return true;
	memcpy(r->out + r->filled, text + from, (size_t)(to - from));
	r->filled += (size_t)(to - from);
	return true;
}

static void read_parts(
	struct db *db, struct reading *r, int64_t owner, int64_t id, int32_t part_size)
{
	struct query q = db_query(db,
		"SELECT part, data FROM file_parts WHERE owner = ?1 AND file = ?2 AND part >= ?3"
		" AND part <= ?4 ORDER BY part",
		DB_INT(owner), DB_INT(id), DB_INT(r->offset / part_size),
		DB_INT((r->end - 1) / part_size));

	while (query_next(&q)) {
		const int32_t part = (int32_t)query_int(&q, 0);

		if (!take_part(r, part, (int64_t)part * part_size, query_bytes(&q, r->arena, 1))) {
			db_fail(db, "a part of a file does not open");
			break;
		}
	}
	query_end(&q);
}

struct bytes home_file_read(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int64_t id, int64_t offset, int64_t limit)
{
	struct reading r = {.arena = arena, .offset = offset, .end = offset + limit};
	uint8_t key[STREAM_KEY_SIZE];
	struct row row;

	if (!find(db, vault, arena, owner, id, &row, key))
		return (struct bytes){0};
	if (!row.taken || offset < 0 || limit <= 0) {
		bytes_wipe(key, sizeof(key));
		return (struct bytes){0};
	}
	if (r.end > row.size)
		r.end = row.size;
	r.key = key;
	r.out = arena_array(arena, (size_t)(r.end > offset ? r.end - offset : 0) + 1, 1);
	if (r.end > offset)
		read_parts(db, &r, owner, id, row.part_size);
	bytes_wipe(key, sizeof(key));
	return bytes_of(r.out, r.filled);
}

/* ---- Sums ---- */

void home_files_of(struct db *db, int64_t owner, int64_t *count, int64_t *bytes)
{
	struct query q = db_query(db,
		"SELECT count(*), coalesce(sum(size), 0) FROM files WHERE owner = ?1 AND state <> "
		"2",
		DB_INT(owner));

	*count = *bytes = 0;
	if (query_next(&q)) {
		*count = query_int(&q, 0);
		*bytes = query_int(&q, 1);
	}
	query_end(&q);
}

int64_t home_files_bytes(struct db *db)
{
	return db_get_int(db, 0, "SELECT value FROM counters WHERE owner = ?1 AND name = ?2",
		DB_INT(HOME_INSTALLATION), DB_STR(COUNTER));
}

/* ---- Going ---- */

void home_files_end(struct db *db, int64_t owner)
{
	db_run(db, "UPDATE files SET state = 2, sealed_key = NULL WHERE owner = ?1", DB_INT(owner));
}

/* Of the first `limit` parts. */
static int64_t bytes_of_parts(struct db *db, int64_t owner, int64_t id, int64_t limit)
{
	struct query q = db_query(db,
		"SELECT size FROM file_parts WHERE owner = ?1 AND file = ?2 ORDER BY part LIMIT ?3",
		DB_INT(owner), DB_INT(id), DB_INT(limit));
	int64_t bytes = 0;

	while (query_next(&q))
		bytes += query_int(&q, 0);
	return bytes;
}

static void purge_file(struct db *db, int64_t owner, int64_t id)
{
	const int64_t bytes = bytes_of_parts(db, owner, id, PARTS_PER_PURGE);
	const int64_t parts = db_run(db,
		"DELETE FROM file_parts WHERE owner = ?1 AND file = ?2 AND part IN (SELECT part"
		" FROM file_parts WHERE owner = ?1 AND file = ?2 ORDER BY part LIMIT ?3)",
		DB_INT(owner), DB_INT(id), DB_INT(PARTS_PER_PURGE));

	if (bytes)
		db_counter_add(db, HOME_INSTALLATION, COUNTER, -bytes);
	if (parts < PARTS_PER_PURGE)
		db_run(db, "DELETE FROM files WHERE owner = ?1 AND id = ?2", DB_INT(owner),
			DB_INT(id));
}

bool home_files_purge_of(struct db *db, int64_t owner)
{
	const int64_t id = db_get_int(db, 0,
		"SELECT id FROM files WHERE owner = ?1 AND state = 2 LIMIT 1", DB_INT(owner));

	if (id)
		purge_file(db, owner, id);
	return id != 0;
}

bool home_files_purge(struct db *db)
{
	struct query q = db_query(
		db, "SELECT owner, id FROM files WHERE state = 2 ORDER BY touched_at LIMIT 1");
	int64_t owner = 0, id = 0;

	if (query_next(&q)) {
		owner = query_int(&q, 0);
		id = query_int(&q, 1);
	}
	query_end(&q);
	if (id)
		purge_file(db, owner, id);
	return id != 0;
}

bool home_files_give_up(struct db *db, int64_t before_s, int64_t rows)
{
	return db_run(db,
		       "UPDATE files SET state = 2, sealed_key = NULL WHERE (owner, id) IN (SELECT"
		       " owner, id FROM files WHERE state = 0 AND touched_at < ?1"
		       " ORDER BY touched_at LIMIT ?2)",
		       DB_INT(before_s), DB_INT(rows)) == rows;
}

/* ---- Looking ---- */

static bool next_file(struct db *db, int64_t *owner, int64_t *id)
{
	struct query q = db_query(db,
		"SELECT owner, id FROM files WHERE (owner, id) > (?1, ?2) AND state <> 2"
		" ORDER BY owner, id LIMIT 1",
		DB_INT(*owner), DB_INT(*id));
	const bool found = query_next(&q);

	if (found) {
		*owner = query_int(&q, 0);
		*id = query_int(&q, 1);
	}
	query_end(&q);
	return found;
}

/* -1: no more parts. */
static int check_next_part(struct db *db, struct arena *arena, const uint8_t key[STREAM_KEY_SIZE],
	int64_t owner, int64_t id, int32_t *after)
{
	struct query q = db_query(db,
		"SELECT part, data FROM file_parts WHERE owner = ?1 AND file = ?2 AND part > ?3"
		" ORDER BY part LIMIT 1",
		DB_INT(owner), DB_INT(id), DB_INT(*after));
	const bool found = query_next(&q);
	struct bytes sealed = {0};

	if (found) {
		*after = (int32_t)query_int(&q, 0);
		sealed = query_bytes(&q, arena, 1);
	}
	query_end(&q);
	if (!found)
		return -1;
	return open_part(key, *after, sealed, arena_array(arena, sealed.size + 1, 1));
}

void home_files_check(struct db *db, const struct vault *vault, int64_t *good, int64_t *bad)
{
	int64_t owner = INT64_MIN, id = 0;
	uint8_t key[STREAM_KEY_SIZE];
	struct arena arena;
	struct row row;
	int32_t part;
	int sound;

	*good = *bad = 0;
	arena_init(&arena);
	while (next_file(db, &owner, &id)) {
		if (!find(db, vault, &arena, owner, id, &row, key))
			break;
		part = -1;
		while ((sound = check_next_part(db, &arena, key, owner, id, &part)) >= 0) {
			*(sound ? good : bad) += 1;
			arena_reset(&arena);
		}
		bytes_wipe(key, sizeof(key));
	}
	arena_release(&arena);
}
