/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/db.h over SQLite: the only file that includes sqlite3.h. WAL, synchronous=FULL: a commit
 * that returned is on disk. Knows no table but schema_version and counters.
 */
#include "store/db.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"

#define DB_BUSY_TIMEOUT_MS 5000 /* for another process's lock: longer means that it hangs */
/* A batch never checkpoints twice, and a restart replays quickly. Tests take less. */
#ifndef DB_CHECKPOINT_PAGES
#define DB_CHECKPOINT_PAGES 4000
#endif
#define DB_EMPTY_LOG_TIMEOUT_MS 200
#define DB_CACHE_KIB 32768

struct db {
	sqlite3 *handle;
	struct map statements; /* address of the SQL text -> struct statement */
	enum db_mode mode;
	bool in_transaction;
	int savepoints; /* open ones, one inside the other */
	bool failed;
	int64_t changes_before; /* the connection's count when the transaction began */
	char failure[200];
	db_see_fn *see;
	void *see_ctx;
};

struct statement {
	sqlite3_stmt *handle;	/* prepared */
	struct statement *next; /* for queries of the same text, one inside the other */
	bool busy;
};

/* SQLite's own sleeps longer each time, up to 100 ms: an order waited when its way was free. */
static int db_on_busy(void *ctx, int tries)
{
	sqlite3_sleep(1);
	return tries < DB_BUSY_TIMEOUT_MS;
}

static void db_note_failure(struct db *db, const char *what)
{
	if ((sqlite3_errcode(db->handle) & 0xff) == SQLITE_NOMEM)
		mem_exhausted("SQLite");
	if (db->failed)
		return;
	db->failed = true;
	snprintf(db->failure, sizeof(db->failure), "%.80s: %.110s", what,
		sqlite3_errmsg(db->handle));
	log_error("db_failed", "%s", db->failure);
}

static int db_exec(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	db_note_failure(db, sql);
	return -1;
}

/* Before the first use in the process: without counting memory, SQLite allocates without a lock. */
static void db_configure_library(void)
{
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		log_warn("db_memstatus", "SQLite was in use before it was configured");
}

/* After a failed write or sync nobody knows what is on the disk: the kernel may have dropped the
 * pages and call a second attempt a success. The start reads what is really there. */
static _Noreturn void db_disk_failed(const char *what)
{
	log_error("disk_failed", "an I/O error ends this process: %s", what);
	_exit(DB_EXIT_DISK);
}

/* In the place of SQLite's own hook, which passes over what fails and tries again later. */
static void db_checkpoint(sqlite3 *handle, const char *name)
{
	const int rc =
		sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if ((rc & 0xff) == SQLITE_IOERR)
		db_disk_failed("checkpoint");
}

static int db_wal_grew(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	(void)ctx;
	if (pages >= DB_CHECKPOINT_PAGES)
		db_checkpoint(handle, name);
	return SQLITE_OK;
}

static int db_configure(struct db *db)
{
	char cache[64];

	sqlite3_busy_handler(db->handle, db_on_busy, NULL);
	snprintf(cache, sizeof(cache), "PRAGMA cache_size=-%d", DB_CACHE_KIB);
	if (db_exec(db, cache) < 0 || db_exec(db, "PRAGMA temp_store=MEMORY") < 0 ||
		db_exec(db, "PRAGMA trusted_schema=OFF") < 0)
		return -1;
	if (db->mode == DB_READ)
		return db_exec(db, "PRAGMA query_only=ON");
	if (db_exec(db, "PRAGMA journal_mode=WAL") < 0)
		return -1;
	sqlite3_wal_hook(db->handle, db_wal_grew, NULL);
	/* What is deleted is overwritten: a post that went private must not lie on in a free page.
	 */
	if (db_exec(db, "PRAGMA secure_delete=ON") < 0)
		return -1;
	return db_exec(db, "PRAGMA synchronous=FULL");
}

int db_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
	/* A reader of a WAL file needs write access to its shared-memory index, hence READWRITE for
	 * both. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *db = MEM_NEW(struct db);

	pthread_once(&once, db_configure_library);
	if (mode == DB_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	db->mode = mode;
	map_init(&db->statements);
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK || db_configure(db) < 0) {
		err_set(err, 0, "can't open the database %s: %s", path,
			db->handle ? sqlite3_errmsg(db->handle) : "out of memory");
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}

void db_close(struct db *db)
{
	size_t at = 0;
	uint64_t key;
	void *value;

	if (!db)
		return;
	if (db->in_transaction)
		db_rollback(db);
	while (map_next(&db->statements, &at, &key, &value)) {
		for (struct statement *s = value, *next; s; s = next) {
			next = s->next;
			sqlite3_finalize(s->handle);
			free(s);
		}
	}
	map_release(&db->statements);
	/* Closing would do it without a word when it fails. */
	if (db->handle && db->mode == DB_WRITE)
		db_checkpoint(db->handle, NULL);
	sqlite3_close(db->handle);
	free(db);
}

static struct statement *db_statement(struct db *db, const char *sql)
{
	struct statement *first = map_get(&db->statements, (uint64_t)(uintptr_t)sql), *s = first;

	while (s && s->busy)
		s = s->next;
	if (s)
		return s;
	s = MEM_NEW(struct statement);
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL) !=
		SQLITE_OK) {
		free(s);
		db_note_failure(db, sql);
		return NULL;
	}
	s->next = first;
	map_put(&db->statements, (uint64_t)(uintptr_t)sql, s);
	return s;
}

/* life: SQLITE_STATIC when the bytes outlive the query, else SQLITE_TRANSIENT: a copy. */
static int db_bind(
	sqlite3_stmt *handle, int at, const struct db_value *value, sqlite3_destructor_type life)
{
	switch (value->kind) {
	case DB_KIND_INT:
		return sqlite3_bind_int64(handle, at, value->integer);
	case DB_KIND_TEXT:
		if (!value->bytes.data)
			return sqlite3_bind_null(handle, at);
		return sqlite3_bind_text64(handle, at, (const char *)value->bytes.data,
			value->bytes.size, life, SQLITE_UTF8);
	case DB_KIND_BYTES:
		if (!value->bytes.data)
			return sqlite3_bind_null(handle, at);
		return sqlite3_bind_blob64(handle, at, value->bytes.data, value->bytes.size, life);
	case DB_KIND_NULL:
		break;
	}
	return sqlite3_bind_null(handle, at);
}

static struct query db_query_bound(struct db *db, const char *sql, const struct db_value *values,
	size_t count, sqlite3_destructor_type life)
{
	struct query q = {.db = db};
	struct statement *s;

	assert(db->in_transaction);
	if (db->failed)
		return q;
	s = db_statement(db, sql);
	if (!s)
		return q;
	assert((size_t)sqlite3_bind_parameter_count(s->handle) == count);
	s->busy = true;
	q.statement = s;
	for (size_t i = 1; i <= count; i++) {
		if (db_bind(s->handle, (int)i, &values[i], life) != SQLITE_OK) {
			db_note_failure(db, sql);
			query_end(&q);
			break;
		}
	}
	return q;
}

struct query db_query_values(
	struct db *db, const char *sql, const struct db_value *values, size_t count)
{
	return db_query_bound(db, sql, values, count, SQLITE_TRANSIENT);
}

bool query_next(struct query *q)
{
	struct statement *s = q->statement;
	int rc;

	if (!s)
		return false;
	if (q->db->failed) {
		query_end(q);
		return false;
	}
	rc = sqlite3_step(s->handle);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		db_note_failure(q->db, sqlite3_sql(s->handle));
	query_end(q);
	return false;
}

static void statement_seen(struct db *db, const struct statement *s)
{
	const int steps = sqlite3_stmt_status(s->handle, SQLITE_STMTSTATUS_VM_STEP, 1);

	if (db->see)
		db->see(db->see_ctx, sqlite3_sql(s->handle), steps);
}

void query_end(struct query *q)
{
	struct statement *s = q->statement;

	if (!s)
		return;
	statement_seen(q->db, s);
	sqlite3_reset(s->handle);
	/* Values may be private: they don't stay in a statement that waits for its next use. */
	sqlite3_clear_bindings(s->handle);
	s->busy = false;
	q->statement = NULL;
}

static sqlite3_stmt *query_handle(const struct query *q)
{
	return q->statement ? ((struct statement *)q->statement)->handle : NULL;
}

bool query_is_null(const struct query *q, int column)
{
	sqlite3_stmt *handle = query_handle(q);

	return !handle || sqlite3_column_type(handle, column) == SQLITE_NULL;
}

int64_t query_int(const struct query *q, int column)
{
	sqlite3_stmt *handle = query_handle(q);

	return handle ? sqlite3_column_int64(handle, column) : 0;
}

struct bytes query_bytes(const struct query *q, struct arena *arena, int column)
{
	sqlite3_stmt *handle = query_handle(q);
	const void *data;
	size_t size;

	if (!handle || sqlite3_column_type(handle, column) == SQLITE_NULL)
		return bytes_of(NULL, 0);
	data = sqlite3_column_blob(handle, column);
	size = (size_t)sqlite3_column_bytes(handle, column);
	/* SQLite gives NULL for a value of no bytes; present and empty is not absent. */
	return arena_bytes(arena, bytes_of(data ? data : "", size));
}

int64_t db_run_values(struct db *db, const char *sql, const struct db_value *values, size_t count)
{
	struct query q = db_query_bound(db, sql, values, count, SQLITE_STATIC);

	if (!q.statement)
		return 0;
	while (query_next(&q))
		;
	return db->failed ? 0 : sqlite3_changes64(db->handle);
}

int64_t db_get_int_values(struct db *db, int64_t fallback, const char *sql,
	const struct db_value *values, size_t count)
{
	struct query q = db_query_bound(db, sql, values, count, SQLITE_STATIC);
	int64_t result = fallback;

	if (query_next(&q)) {
		if (!query_is_null(&q, 0))
			result = query_int(&q, 0);
		query_end(&q);
	}
	return result;
}

void db_watch(struct db *db, db_see_fn *see, void *ctx)
{
	db->see = see;
	db->see_ctx = ctx;
}

void db_begin(struct db *db)
{
	assert(!db->in_transaction);
	db->failed = false;
	db->in_transaction = true;
	db->changes_before = sqlite3_total_changes64(db->handle);
	/* IMMEDIATE: who reads first and writes later could find that it must not. */
	db_exec(db, db->mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN");
}

/* A full disk is no such case: SQLite noticed before it wrote the commit. */
static bool db_disk_is_unsure(const struct db *db)
{
	return (sqlite3_errcode(db->handle) & 0xff) == SQLITE_IOERR;
}

int db_commit(struct db *db)
{
	assert(db->in_transaction);
	if (!db->failed && db_exec(db, "COMMIT") == 0) {
		db->in_transaction = false;
		db->savepoints = 0;
		return 0;
	}
	if (db->mode == DB_WRITE && db_disk_is_unsure(db))
		db_disk_failed(db->failure);
	db_rollback(db);
	return -1;
}

void db_rollback(struct db *db)
{
	assert(db->in_transaction);
	/* Else the next transaction would be a part of this one. */
	if (!sqlite3_get_autocommit(db->handle) && db_exec(db, "ROLLBACK") < 0)
		db_disk_failed("ROLLBACK");
	db->in_transaction = false;
	db->savepoints = 0;
	db->failed = false;
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

/* As db_exec, for what every call does: prepared once. */
static void db_exec_prepared(struct db *db, const char *sql)
{
	struct statement *s = db_statement(db, sql);

	if (!s)
		return;
	if (sqlite3_step(s->handle) != SQLITE_DONE)
		db_note_failure(db, sql);
	sqlite3_reset(s->handle);
}

bool db_has_written(const struct db *db)
{
	return db->in_transaction && sqlite3_total_changes64(db->handle) != db->changes_before;
}

void db_savepoint(struct db *db)
{
	assert(db->in_transaction);
	db->savepoints++;
	if (!db->failed)
		db_exec_prepared(db, "SAVEPOINT call");
}

void db_savepoint_end(struct db *db, bool keep)
{
	assert(db->savepoints > 0);
	db->savepoints--;
	if (keep && !db->failed) {
		db_exec_prepared(db, "RELEASE call");
		return;
	}
	/* A failure that ended the whole transaction (disk full, I/O error) can't be undone by
	 * call. */
	if (sqlite3_get_autocommit(db->handle)) {
		db_note_failure(db, "the transaction was lost");
		db->failed = true;
		return;
	}
	db->failed = false;
	db_exec(db, "ROLLBACK TO call");
	db_exec(db, "RELEASE call");
}

int db_empty_log(struct db *db)
{
	int rc;

	assert(!db->in_transaction);
	/* It holds the write lock while it waits for readers, so it doesn't wait for long. */
	sqlite3_busy_timeout(db->handle, DB_EMPTY_LOG_TIMEOUT_MS);
	rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_handler(db->handle, db_on_busy, NULL);
	if ((rc & 0xff) == SQLITE_IOERR) {
		log_error(
			"disk_failed", "an I/O error while the log was emptied ends this process");
		_exit(DB_EXIT_DISK);
	}
	return rc == SQLITE_OK ? 0 : -1;
}

/* Pages of a step: some ten milliseconds. */
#define DB_COPY_PAGES 2000

static int db_copy_pages(
	struct db *db, sqlite3 *to, db_copy_told_fn *told, void *ctx, struct err *err)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", db->handle, "main");
	int rc = copy ? SQLITE_OK : sqlite3_errcode(to);

	while (rc == SQLITE_OK) {
		rc = sqlite3_backup_step(copy, DB_COPY_PAGES);
		if (told)
			told(ctx, sqlite3_backup_remaining(copy), sqlite3_backup_pagecount(copy));
	}
	sqlite3_backup_finish(copy);
	return rc == SQLITE_DONE ? 0 : err_set(err, 0, "the copy failed: %s", sqlite3_errstr(rc));
}

int db_copy(struct db *db, const char *path, db_copy_told_fn *told, void *ctx, struct err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	sqlite3 *to = NULL;
	int result = -1;

	assert(db->in_transaction);
	if (sqlite3_open_v2(path, &to, flags, NULL) != SQLITE_OK)
		err_set(err, 0, "can't make %s", path);
	else
		result = db_copy_pages(db, to, told, ctx, err);
	sqlite3_close(to);
	return result;
}

int db_check(struct db *db, struct err *err)
{
	struct query q = db_query(db, "PRAGMA integrity_check(1)");
	const char *told = query_next(&q) ? (const char *)sqlite3_column_text(query_handle(&q), 0)
					  : db->failure;
	const bool whole = told && strcmp(told, "ok") == 0;

	if (!whole)
		err_set(err, 0, "%.200s", told ? told : "out of memory");
	query_end(&q);
	return whole ? 0 : -1;
}

bool db_failed(const struct db *db)
{
	return db->failed;
}

const char *db_failure(const struct db *db)
{
	return db->failed ? db->failure : "";
}

void db_fail(struct db *db, const char *reason)
{
	if (db->failed)
		return;
	db->failed = true;
	snprintf(db->failure, sizeof(db->failure), "%s", reason);
	log_error("db_failed", "%s", db->failure);
}

/* Words of a step in this engine's dialect. A key of one number is the row's place in the table,
 * which saves an index, only under the type "integer". */
static const struct {
	const char *ours, *engine;
} dialect[] = {
	{"DB_BLOB", "blob"},
	{"bigint NOT NULL PRIMARY KEY", "integer NOT NULL PRIMARY KEY"},
};

/* Appends one word or, where none begins, one character; returns how much of the step it was. */
static size_t translate(const char *at, char *out, size_t *size)
{
	for (size_t i = 0; i < ARRAY_LEN(dialect); i++) {
		size_t ours = strlen(dialect[i].ours), engine = strlen(dialect[i].engine);

		if (strncmp(at, dialect[i].ours, ours) != 0)
			continue;
		memcpy(out + *size, dialect[i].engine, engine);
		*size += engine;
		return ours;
	}
	out[(*size)++] = *at;
	return 1;
}

static int db_run_step(struct db *db, const struct db_step *step)
{
	char text[4096];
	const char *at = step->sql;
	size_t size = 0;

	while (*at && size + 40 < sizeof(text)) /* room for the longest word */
		at += translate(at, text, &size);
	assert(!*at);
	text[size] = 0;
	return db_exec(db, text);
}

int db_schema_version(struct db *db)
{
	return (int)db_get_int(db, 0, "SELECT max(number) FROM schema_version");
}

static bool step_is_done(struct db *db, const struct db_step *step)
{
	return db_get_int(db, 0, "SELECT count(*) FROM schema_version WHERE number = ?1",
		       DB_INT(step->number)) > 0;
}

int db_migrate(struct db *db, const struct db_step *steps, struct err *err)
{
	db_begin(db);
	db_exec(db,
		"CREATE TABLE IF NOT EXISTS schema_version (number integer NOT NULL PRIMARY KEY)");
	for (; steps->sql && !db->failed; steps++) {
		if (step_is_done(db, steps))
			continue;
		db_run_step(db, steps);
		db_run(db, "INSERT INTO schema_version (number) VALUES (?1)",
			DB_INT(steps->number));
	}
	if (db->failed)
		err_set(err, 0, "can't bring the schema up to date: %s", db->failure);
	return db_commit(db);
}

int64_t db_counter_add(struct db *db, int64_t owner, const char *name, int64_t delta)
{
	return db_get_int(db, 0,
		"INSERT INTO counters (owner, name, value) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (owner, name) DO UPDATE SET value = counters.value + excluded.value"
		" RETURNING value",
		DB_INT(owner), DB_STR(name), DB_INT(delta));
}
