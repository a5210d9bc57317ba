/* SPDX-License-Identifier: Apache-2.0 */
/* The two databases as one unit of work: opening, migrating, and the order of commits. */
#include "store/store.h"

#include <assert.h>

#include <unistd.h>

#include "base/log.h"
#include "store/home_steps.h"
#include "store/square_steps.h"

int store_open(struct store *store, const struct store_paths *paths, struct vault *vault,
	enum db_mode mode, struct err *err)
{
	*store = (struct store){.vault = vault};
	if (db_open(paths->home, mode, &store->home_db, err) < 0)
		return -1;
	if (db_open(paths->square, mode, &store->square_db, err) < 0) {
		store_close(store);
		return -1;
	}
	return 0;
}

void store_close(struct store *store)
{
	db_close(store->home_db);
	db_close(store->square_db);
	*store = (struct store){0};
}

static int store_migrate_one(const char *path, const struct db_step *steps, struct err *err)
{
	struct db *db;
	int result;

	if (db_open(path, DB_WRITE, &db, err) < 0)
		return -1;
	result = db_migrate(db, steps, err);
	db_close(db);
	return result;
}

int store_migrate(const struct store_paths *paths, struct err *err)
{
	if (store_migrate_one(paths->home, home_steps, err) < 0)
		return -1;
	return store_migrate_one(paths->square, square_steps, err);
}

static struct db *store_use(struct store *store, struct db *db)
{
	if (!db_in_transaction(db)) {
		db_begin(db);
		for (int i = 0; i < store->savepoints; i++)
			db_savepoint(db);
	}
	return db;
}

struct db *store_home(struct store *store)
{
	return store_use(store, store->home_db);
}

struct db *store_square(struct store *store)
{
	return store_use(store, store->square_db);
}

bool store_failed(const struct store *store)
{
	return db_failed(store->home_db) || db_failed(store->square_db);
}

int store_commit(struct store *store)
{
	bool square_kept = db_has_written(store->square_db);

	/* Nothing may commit when the other half can't. */
	if (store_failed(store)) {
		store_rollback(store);
		return -1;
	}
	if (db_in_transaction(store->square_db) && db_commit(store->square_db) < 0) {
		store_rollback(store);
		return -1;
	}
	if (db_in_transaction(store->home_db) && db_commit(store->home_db) < 0) {
		if (!square_kept)
			return -1;
		/* The square has what the home lacks; what puts that right runs at the start. */
		log_error("half_committed", "the square committed, the home did not: ending");
		_exit(DB_EXIT_DISK);
	}
	return 0;
}

bool store_empty_logs(struct store *store)
{
	const bool square = db_empty_log(store->square_db) == 0;

	return db_empty_log(store->home_db) == 0 && square;
}

void store_rollback(struct store *store)
{
	store->savepoints = 0;
	if (db_in_transaction(store->home_db))
		db_rollback(store->home_db);
	if (db_in_transaction(store->square_db))
		db_rollback(store->square_db);
}

void store_savepoint(struct store *store)
{
	store->savepoints++;
	if (db_in_transaction(store->home_db))
		db_savepoint(store->home_db);
	if (db_in_transaction(store->square_db))
		db_savepoint(store->square_db);
}

void store_savepoint_end(struct store *store, bool keep)
{
	assert(store->savepoints > 0);
	store->savepoints--;
	if (db_in_transaction(store->home_db))
		db_savepoint_end(store->home_db, keep);
	if (db_in_transaction(store->square_db))
		db_savepoint_end(store->square_db, keep);
}
