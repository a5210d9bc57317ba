/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "faults/rows.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static sqlite3 *look_at(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return db;
}

static uint64_t hash_add(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *at = data;
	uint64_t word;

	for (; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 29;
	}
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 0x100000001b3;
	return hash;
}

static uint64_t hash_table(sqlite3 *db, const char *table, uint64_t hash)
{
	sqlite3_stmt *s;
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	hash = hash_add(hash, table, strlen(table));
	while (sqlite3_step(s) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const int type = sqlite3_column_type(s, i);
			const void *data = sqlite3_column_blob(s, i);
			const int size = sqlite3_column_bytes(s, i);

			hash = hash_add(hash, &type, sizeof(type));
			hash = hash_add(hash, &size, sizeof(size));
			hash = hash_add(hash, data, (size_t)size);
		}
	}
	sqlite3_finalize(s);
	return hash;
}

static uint64_t hash_all(sqlite3 *db)
{
	uint64_t hash = 0xcbf29ce484222325;
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT name FROM sqlite_master WHERE type = 'table' AND sql"
				 " NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
				 -1, &s, NULL),
		SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		hash = hash_table(db, (const char *)sqlite3_column_text(s, 0), hash);
	sqlite3_finalize(s);
	return hash;
}

static bool is_whole(sqlite3 *db)
{
	sqlite3_stmt *s;
	bool whole;

	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL), SQLITE_OK);
	whole = sqlite3_step(s) == SQLITE_ROW &&
		strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	return whole;
}

static bool boxes_hold(sqlite3 *db)
{
	sqlite3_int64 owner = 0, at = 0;
	sqlite3_stmt *s;
	bool hold = true;

	assert_int_equal(
		sqlite3_prepare_v2(
			db, "SELECT owner, pts, pts_count FROM events ORDER BY 1, 2", -1, &s, NULL),
		SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const sqlite3_int64 pts = sqlite3_column_int64(s, 1);

		if (sqlite3_column_int64(s, 0) == owner)
			hold &= pts - sqlite3_column_int64(s, 2) == at;
		owner = sqlite3_column_int64(s, 0);
		at = pts;
	}
	sqlite3_finalize(s);
	return hold;
}

/* Each database is opened once: to read its schema takes longer than to read its rows. */
static struct rows look(struct fixture *f, bool check)
{
	struct rows rows = {0};
	sqlite3 *home = look_at(f->home), *square = look_at(f->square);

	if (check && (!is_whole(home) || !is_whole(square)))
		rows.wrong = "a database is damaged";
	else if (check && !boxes_hold(home))
		rows.wrong = "a box has a hole";
	rows.home = hash_all(home);
	rows.square = hash_all(square);
	sqlite3_close(home);
	sqlite3_close(square);
	return rows;
}

struct rows rows_now(struct fixture *f)
{
	return look(f, false);
}

struct rows rows_checked(struct fixture *f)
{
	return look(f, true);
}
