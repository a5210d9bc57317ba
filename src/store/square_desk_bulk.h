/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions about many cases at once: tables bulks, what was selected and decided, and bulk_cases,
 * how far it is with each. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_BULK_H
#define STORE_SQUARE_DESK_BULK_H

#include "store/db.h"

/* Stored. */
enum bulk_state { BULK_SHOWN, BULK_DECIDING, BULK_DECIDED, BULK_UNDOING, BULK_UNDONE };
enum bulk_step { STEP_SELECTED, STEP_DECIDED, STEP_SKIPPED, STEP_UNDONE, STEP_KEPT, STEP_COUNT };

struct desk_bulk {
	int64_t id, person, created_at;
	enum bulk_state state;
	struct bytes token_hash;
	struct bytes decision; /* JSON, as the body had it */
	int64_t started_at;    /* 0: not yet */
	int64_t undo_by;       /* 0: nobody */
	struct bytes undo;     /* JSON: ground and facts; empty */
};

struct bulk_case {
	int64_t bulk_id, case_id;
	int32_t head_seq; /* of the case as it was shown, then as it was decided */
	enum bulk_step step;
	int64_t order_id; /* 0: none was needed */
	struct bytes why; /* it was skipped, or kept; else empty */
};

/* row->id is the new number. */
void desk_bulk_insert(struct db *db, struct desk_bulk *row);
void desk_bulk_put(struct db *db, const struct desk_bulk *row);
bool desk_bulk_get(struct db *db, struct arena *arena, int64_t id, struct desk_bulk *out);
/* One that is under way; false: none is. */
bool desk_bulk_working(struct db *db, struct arena *arena, struct desk_bulk *out);

void bulk_case_insert(struct db *db, const struct bulk_case *row);
void bulk_case_put(struct db *db, const struct bulk_case *row);
/* Of this step the next by number of the case, behind `after`. */
bool bulk_case_next(struct db *db, struct arena *arena, int64_t bulk_id, enum bulk_step step,
	int64_t after, struct bulk_case *out);
/* All of one, by number of the case: rows of (case_id, step, why). */
struct query bulk_cases_list(struct db *db, int64_t bulk_id);

#endif
