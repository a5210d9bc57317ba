/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table secret_files. */
#include "store/home_secret_files.h"

#include "store/home_files.h"

#define COLUMNS "owner, id, chat, holder, file, fingerprint, sent_at"
#define ROWS_PER_DROP 64

static struct home_secret_file row_of(const struct query *q)
{
	return (struct home_secret_file){
		.owner = query_int(q, 0),
		.id = query_int(q, 1),
		.chat = (int32_t)query_int(q, 2),
		.holder = query_int(q, 3),
		.file = query_int(q, 4),
		.fingerprint = (int32_t)query_int(q, 5),
		.sent_at_s = query_int(q, 6),
	};
}

bool home_secret_file_get(struct db *db, int64_t owner, int64_t id, struct home_secret_file *out)
{
	struct query q =
		db_query(db, "SELECT " COLUMNS " FROM secret_files WHERE owner = ?1 AND id = ?2",
			DB_INT(owner), DB_INT(id));
	const bool found = query_next(&q);

	*out = found ? row_of(&q) : (struct home_secret_file){0};
	query_end(&q);
	return found;
}

void home_secret_file_add(struct db *db, const struct home_secret_file *file)
{
	db_run(db, "INSERT INTO secret_files (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(file->owner), DB_INT(file->id), DB_INT(file->chat), DB_INT(file->holder),
		DB_INT(file->file), DB_INT(file->fingerprint), DB_INT(file->sent_at_s));
	home_file_hold(db, file->holder, file->file);
}

/* ---- Going ---- */

/* Ends the query. Returns how many rows it had, which are deleted. */
static size_t drop_rows(struct db *db, struct query *q)
{
	struct home_secret_file rows[ROWS_PER_DROP];
	size_t count = 0;

	while (count < ROWS_PER_DROP && query_next(q))
		rows[count++] = row_of(q);
	query_end(q);
	for (size_t i = 0; i < count; i++) {
		db_run(db, "DELETE FROM secret_files WHERE owner = ?1 AND id = ?2",
			DB_INT(rows[i].owner), DB_INT(rows[i].id));
		home_file_let_go(db, rows[i].holder, rows[i].file);
	}
	return count;
}

void home_secret_files_drop_chat(struct db *db, int64_t owner, int32_t chat)
{
	struct query q;

	do {
		q = db_query(db,
			"SELECT " COLUMNS " FROM secret_files WHERE owner = ?1 AND chat = ?2"
			" LIMIT ?3",
			DB_INT(owner), DB_INT(chat), DB_INT(ROWS_PER_DROP));
	} while (drop_rows(db, &q) == ROWS_PER_DROP);
}

void home_secret_files_drop_device(struct db *db, int64_t owner, uint64_t key_id)
{
	struct query q;

	do {
		q = db_query(db,
			"SELECT " COLUMNS " FROM secret_files WHERE owner = ?1 AND chat IN"
			" (SELECT id FROM secret_chats WHERE owner = ?1 AND key_id = ?2) LIMIT ?3",
			DB_INT(owner), DB_INT(key_id), DB_INT(ROWS_PER_DROP));
	} while (drop_rows(db, &q) == ROWS_PER_DROP);
}

void home_secret_files_drop(struct db *db, int64_t owner)
{
	struct query q;

	do {
		q = db_query(db, "SELECT " COLUMNS " FROM secret_files WHERE owner = ?1 LIMIT ?2",
			DB_INT(owner), DB_INT(ROWS_PER_DROP));
	} while (drop_rows(db, &q) == ROWS_PER_DROP);
}

bool home_secret_files_purge(struct db *db, int64_t before_s, size_t rows)
{
	struct query q;
	size_t dropped, all = 0;

	do {
		q = db_query(db,
			"SELECT " COLUMNS " FROM secret_files WHERE sent_at < ?1 ORDER BY sent_at"
			" LIMIT ?2",
			DB_INT(before_s), DB_INT(ROWS_PER_DROP));
		dropped = drop_rows(db, &q);
		all += dropped;
	} while (dropped == ROWS_PER_DROP && all < rows);
	return dropped == ROWS_PER_DROP;
}
