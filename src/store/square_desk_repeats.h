/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of the desk to requests that may come twice. Table desk_repeats. Plain rows, no rules; a
 * transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_REPEATS_H
#define STORE_SQUARE_DESK_REPEATS_H

#include "store/db.h"

struct desk_repeat {
	int64_t id, grant_id;
	struct bytes key_hash, request_hash;
	int status;
	int64_t order_id; /* 0: none */
	int64_t created_at;
};

/* Returns the row's number; the answer is stored after it, as it is sealed for it. */
int64_t desk_repeat_insert(struct db *db, const struct desk_repeat *repeat);
void desk_repeat_answer(struct db *db, int64_t id, struct bytes sealed);
bool desk_repeat_find(struct db *db, struct arena *arena, int64_t grant_id, struct bytes key_hash,
	struct desk_repeat *out, struct bytes *sealed);
void desk_repeats_drop(struct db *db, int64_t before_s);

#endif
