/* SPDX-License-Identifier: Apache-2.0 */
/* The SOPs that were in force, word for word: table sops. Rows only come. A transaction runs around
 * every call. */
#ifndef STORE_SQUARE_SOPS_H
#define STORE_SQUARE_SOPS_H

#include "store/db.h"

struct square_sop {
	int64_t version;	     /* 1, 2, … */
	struct bytes hash;	     /* hex, of both texts */
	struct bytes text, defaults; /* the operator's file; what was shipped with the program */
	int64_t since_s;	     /* when a desk first started with it */
};

/* The version with this hash; a new row if there is none. Returns its number. */
int64_t square_sop_keep(struct db *db, const struct square_sop *row);
bool square_sop_get(struct db *db, struct arena *arena, int64_t version, struct square_sop *out);

#endif
