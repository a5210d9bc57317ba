/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two databases of an installation as one executor thread sees them: `home` (private) and
 * `square` (public), and the vault that seals what is personal in the home. Two files are two
 * commits: the square commits first, the home second. What spans both is written so that the square
 * wins after a crash between the two: docs/decisions.md, "Two databases, one call".
 *
 * The desk never includes this file: it opens the square by db.h alone.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "crypto/seal.h"
#include "store/db.h"

struct store_paths {
	const char *home, *square; /* SQLite files; the strings outlive the store */
};

struct store {
	struct db *home_db,
		*square_db;  /* use store_home and store_square, which begin the transaction */
	struct vault *vault; /* shared, thread-safe, not owned */
	int savepoints;	     /* open ones; a database that joins now starts as many */
};

MUST_CHECK int store_open(struct store *store, const struct store_paths *paths, struct vault *vault,
	enum db_mode mode, struct err *err);
void store_close(struct store *store);
/* Creates or migrates both databases; idempotent. */
MUST_CHECK int store_migrate(const struct store_paths *paths, struct err *err);

/* The database, inside the running transaction: the first use in a batch begins it. */
struct db *store_home(struct store *store);
struct db *store_square(struct store *store);

bool store_failed(const struct store *store);
MUST_CHECK int store_commit(struct store *store); /* square, then home */
/* Empties both write-ahead logs; outside a transaction. False: somebody reads, try again later. */
bool store_empty_logs(struct store *store);
void store_rollback(struct store *store);
/* May lie inside one another: what one call of a batch does, and a part of it that may fail alone.
 */
void store_savepoint(struct store *store);
void store_savepoint_end(struct store *store, bool keep);

#endif
