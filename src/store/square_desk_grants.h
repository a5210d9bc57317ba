/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grants: who may do what at the desk, and the refusals counted per day. Tables desk_grants,
 * desk_refusals, desk_marks. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_GRANTS_H
#define STORE_SQUARE_DESK_GRANTS_H

#include "store/db.h"

struct desk_grant {
	int64_t id;
	struct bytes role, name, langs, country; /* langs: "id,en"; country: "ID" or empty */
	int64_t created_at;
	int64_t revoked_at; /* 0: in force */
};

/* Returns the new id. grant->id and revoked_at are ignored. */
int64_t desk_grant_insert(struct db *db, struct bytes token_hash, const struct desk_grant *grant);
/* A grant in force with this hash of its token. */
bool desk_grant_find(
	struct db *db, struct arena *arena, struct bytes token_hash, struct desk_grant *out);
bool desk_grant_get(struct db *db, struct arena *arena, int64_t id, struct desk_grant *out);
/* All, oldest first: start with after = 0. */
bool desk_grant_next(struct db *db, struct arena *arena, int64_t after, struct desk_grant *out);
/* Another token lets its holder in from now on, and the one before does not. */
void desk_grant_token_set(struct db *db, int64_t id, struct bytes token_hash);
/* false: no such grant in force. */
bool desk_grant_revoke(struct db *db, int64_t id, int64_t now_s);

/* day: "2026-11-22". */
void desk_refusal_count(struct db *db, const char *day, const char *lane, const char *reason);

int64_t desk_mark_get(struct db *db, const char *name); /* 0: never set */
void desk_mark_set(struct db *db, const char *name, int64_t value);

#endif
