/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is sealed in the home, as a table: which column, under whose salt, at which
 * place. For what goes over all of it: sealing anew when the root has changed, and checking. A
 * column that is sealed and not in the table fails tests/unit/store/test_sealed.c.
 */
#ifndef STORE_HOME_SEALED_H
#define STORE_HOME_SEALED_H

#include <stddef.h>

#include "crypto/seal.h"
#include "store/db.h"

#define SEALED_KEYS_MAX 4

struct sealed_column {
	const char *table, *column;
	const char *place;	   /* the table's name in seal_place */
	const char *keys;	   /* a letter for each column of the key: int, bytes, text */
	const char *next, *update; /* SQL; see home_sealed.c */
	int64_t (*id)(const struct query *q, struct arena *arena);
};

extern const struct sealed_column home_sealed[];
extern const size_t home_sealed_count;

/* How far one walk over all columns is. Begins all zero; lives in an arena of the caller's that is
 * not reset before it ends. */
struct sealed_walk {
	size_t column; /* of home_sealed */
	bool begun;    /* `at` holds the key of the last row seen, or one before all */
	struct db_value at[SEALED_KEYS_MAX + 1];
	uint8_t held[SEALED_KEYS_MAX][64]; /* what values of `at` point at */
};

struct sealed_value {
	const struct sealed_column *column;
	struct bytes sealed;
	bool has_salt;		 /* or its owner is gone, and nothing opens it */
	struct seal_place place; /* points into the value */
	uint8_t salt[VAULT_SALT_SIZE];
	struct db_value key[SEALED_KEYS_MAX + 1];
};

/* Called with every value that is not empty. */
typedef void sealed_see_fn(void *ctx, struct db *db, const struct sealed_value *value);
/* Looks at up to `rows` rows. True: more is left. A failure of the database ends it. */
bool home_sealed_walk(
	struct sealed_walk *walk, struct db *db, size_t rows, sealed_see_fn *see, void *ctx);

/* Seals everything anew that is of an older root. Begins all zero. */
struct home_resealing {
	struct sealed_walk walk;
	int64_t seen, resealed, damaged; /* in this round; damaged: does not open */
	int64_t resealed_before;	 /* in earlier rounds */
	bool done; /* a whole round found nothing of an older root, and nothing damaged */
};

/* A slice. True: more is left. When it is done, the links to older roots are gone with the same
 * commit. Damaged values leave them there: nothing that might still open is given up. */
bool home_reseal(
	struct home_resealing *work, struct db *db, const struct vault *vault, size_t rows);

#endif
