/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public keys of grants, whose holders sign their requests, and the nonces that were seen. Tables
 * desk_keys, desk_nonces. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_KEYS_H
#define STORE_SQUARE_DESK_KEYS_H

#include "store/db.h"

struct desk_key {
	int64_t id, grant_id;
	struct bytes public_key; /* Ed25519, 32 bytes */
	int64_t created_at;
	int64_t ends_at; /* 0: no end is set */
};

/* Returns the new id. key->id and ends_at are ignored. */
int64_t desk_key_insert(struct db *db, const struct desk_key *key);
bool desk_key_get(struct db *db, struct arena *arena, int64_t id, struct desk_key *out);
/* All, oldest first: start with after = 0. */
bool desk_key_next(struct db *db, struct arena *arena, int64_t after, struct desk_key *out);
/* false: there is no such key, or it has an end. */
bool desk_key_end(struct db *db, int64_t id, int64_t now_s);

/* Notes the nonce until ends_at and drops those that nobody can repeat any more. false: the key has
 * used it before. */
bool desk_nonce_use(
	struct db *db, int64_t key_id, struct bytes nonce, int64_t now_s, int64_t ends_at);

#endif
