/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to one database, SQLite today, PostgreSQL by the same calls. Used by one thread at
 * a time.
 *
 * SQL is the common dialect (docs/decisions.md, "One SQL text"): placeholders ?1, ?2 …; text,
 * bigint, integer and DB_BLOB columns; every key begins with its owner. The sql argument is always
 * a string literal: prepared statements are cached by its address.
 *
 * Errors are sticky, like those of the TL reader: after the first failure every query yields no
 * rows and every getter zero, until the transaction is rolled back. So handlers read straight
 * through, and the executor looks once, at the end: it rolls back, drops what the call wanted to
 * say, and answers INTERNAL.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct db;

enum db_mode {
	DB_READ,  /* sees the last commit at the start of each transaction */
	DB_WRITE, /* takes the write lock at begin */
};

/* path: of the SQLite file; it is created in DB_WRITE mode. */
MUST_CHECK int db_open(const char *path, enum db_mode mode, struct db **out, struct err *err);
void db_close(struct db *db); /* NULL is fine */

enum db_kind { DB_KIND_NULL, DB_KIND_INT, DB_KIND_TEXT, DB_KIND_BYTES };

struct db_value {
	enum db_kind kind;
	int64_t integer;
	struct bytes bytes;
};

#define DB_INT(v) ((struct db_value){.kind = DB_KIND_INT, .integer = (int64_t)(v)})
/* struct bytes; absent becomes NULL. TEXT for text columns, BYTES for blobs. */
#define DB_TEXT(v) ((struct db_value){.kind = DB_KIND_TEXT, .bytes = (v)})
#define DB_STR(v) ((struct db_value){.kind = DB_KIND_TEXT, .bytes = bytes_from_str(v)})
#define DB_BYTES(v) ((struct db_value){.kind = DB_KIND_BYTES, .bytes = (v)})

struct query {
	struct db *db;
	void *statement; /* NULL once ended or failed */
};

/*
 * Starts a query with its values, e.g.
 *   struct query q = db_query(db, "SELECT id FROM messages WHERE owner = ?1 AND id < ?2",
 * DB_INT(owner), DB_INT(max)); while (query_next(&q)) use(query_int(&q, 0)); query_next ends the
 * query at the last row; who leaves earlier calls query_end.
 */
#define db_query(db, sql, ...)                                                                     \
	db_query_values((db), ("" sql),                                                            \
		(struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__},                        \
		sizeof((struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__}) /               \
				sizeof(struct db_value) -                                          \
			1)
/* values[0] is unused: values[n] binds ?n. */
struct query db_query_values(
	struct db *db, const char *sql, const struct db_value *values, size_t count);
bool query_next(struct query *q);
void query_end(struct query *q);
bool query_is_null(const struct query *q, int column);
int64_t query_int(const struct query *q, int column);
/* A copy in the arena; absent when NULL. */
struct bytes query_bytes(const struct query *q, struct arena *arena, int column);

/* Runs to the end. Returns the number of rows changed (0 when failed). */
#define db_run(db, sql, ...)                                                                       \
	db_run_values((db), ("" sql), (struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__},  \
		sizeof((struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__}) /               \
				sizeof(struct db_value) -                                          \
			1)
int64_t db_run_values(struct db *db, const char *sql, const struct db_value *values, size_t count);

/* First column of the first row; fallback when there is none. */
#define db_get_int(db, fallback, sql, ...)                                                         \
	db_get_int_values((db), (fallback), ("" sql),                                              \
		(struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__},                        \
		sizeof((struct db_value[]){{.kind = DB_KIND_NULL}, ##__VA_ARGS__}) /               \
				sizeof(struct db_value) -                                          \
			1)
int64_t db_get_int_values(struct db *db, int64_t fallback, const char *sql,
	const struct db_value *values, size_t count);

/* Calls see(ctx, sql, steps) for every statement that has run from now on, without its values;
 * steps: of the engine's machine, which rise with the rows that it looks at. Tests count what a
 * call costs. NULL: no longer. */
typedef void db_see_fn(void *ctx, const char *sql, int steps);
void db_watch(struct db *db, db_see_fn *see, void *ctx);

/* Transactions. Commit returns -1 and leaves nothing behind when anything in it failed; an I/O
 * error at the commit itself ends the process with DB_EXIT_DISK. */
#define DB_EXIT_DISK 74 /* EX_IOERR */
void db_begin(struct db *db);
MUST_CHECK int db_commit(struct db *db);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
/* The running transaction changed rows (also if a savepoint undid that again). */
bool db_has_written(const struct db *db);
/* A savepoint per call inside a batch; end with keep = false undoes the call and clears its
 * failure. */
void db_savepoint(struct db *db);
void db_savepoint_end(struct db *db, bool keep);

/* Moves the write-ahead log into the database and leaves it empty: what was deleted or overwritten
 * is then in neither. Outside a transaction. -1: somebody reads from it; try again later. */
MUST_CHECK int db_empty_log(struct db *db);

/* Copies the database into a new file, as the running transaction sees it; on disk when it returns.
 * told (or NULL) hears from time to time how many pages are left. */
typedef void db_copy_told_fn(void *ctx, int64_t left, int64_t all);
MUST_CHECK int db_copy(
	struct db *db, const char *path, db_copy_told_fn *told, void *ctx, struct err *err);
/* Whether trees, pages and indexes of the file are whole; reads all of it. -1 with what is wrong
 * first; inside a transaction. */
MUST_CHECK int db_check(struct db *db, struct err *err);

bool db_failed(const struct db *db);
/* Says what failed, without values: safe to log. */
const char *db_failure(const struct db *db);
/* Marks the transaction as failed for a reason of the caller's (a sealed row that doesn't open). */
void db_fail(struct db *db, const char *reason);

/* Numbered schema steps. Each that the database has not had runs, in order, one statement at a
 * time; rows end with sql == NULL. */
struct db_step {
	int number;
	const char *sql;
};

MUST_CHECK int db_migrate(struct db *db, const struct db_step *steps, struct err *err);
int db_schema_version(struct db *db); /* the highest of them */

/* Counters hand out numbers without holes within their owner: adds delta to (owner, name) of table
 * counters and returns the new value. */
int64_t db_counter_add(struct db *db, int64_t owner, const char *name, int64_t delta);

#endif
