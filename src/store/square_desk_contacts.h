/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How authorities and flaggers reach the desk beside tokens and keys: their officers, the addresses
 * they mail from, the liaison chats they write in. Tables desk_officers, desk_addresses,
 * desk_chats, desk_chat_codes. Plain rows, no rules: who may be added is
 * src/desk/lanes/organisations.c's matter. A transaction runs around every call. What belongs to a
 * revoked grant is never found.
 */
#ifndef STORE_SQUARE_DESK_CONTACTS_H
#define STORE_SQUARE_DESK_CONTACTS_H

#include "store/square_desk_grants.h"

/* Either user_id or username is known from the beginning. */
struct desk_officer {
	int64_t id, grant_id;
	struct bytes name;     /* as the organisation gives it */
	struct bytes username; /* lower case, without '@'; may be empty */
	int64_t user_id;       /* 0: not known yet */
	int64_t created_at, ended_at;
};

/* Returns the new id. officer->id and ended_at are ignored. */
int64_t desk_officer_insert(struct db *db, const struct desk_officer *officer);
/* Those in force, oldest first: start with after = 0. */
bool desk_officer_next(struct db *db, struct arena *arena, int64_t grant_id, int64_t after,
	struct desk_officer *out);
/* false: the grant has no such officer in force. */
bool desk_officer_end(struct db *db, int64_t grant_id, int64_t id, int64_t now_s);
/* Who writes to the desk. By number; by the public name (any case, may be empty) only while the
 * officer's number is not known, and it is known from then on: a name may come to somebody else. A
 * writing transaction. false: no officer in force of a grant in force. */
bool desk_officer_find(struct db *db, struct arena *arena, int64_t user_id, struct bytes username,
	struct desk_officer *out);

/* Addresses are in lower case. false: somebody has this one already. */
bool desk_address_add(struct db *db, int64_t grant_id, struct bytes address);
bool desk_address_end(struct db *db, int64_t grant_id, struct bytes address);
/* In alphabetical order: start with an empty one. */
bool desk_address_next(struct db *db, struct arena *arena, int64_t grant_id, struct bytes after,
	struct bytes *out);
/* Whose address (any case) it is; a grant in force. */
bool desk_address_grant(
	struct db *db, struct arena *arena, struct bytes address, struct desk_grant *out);

/* Whose liaison chat it is; a grant in force. */
bool desk_chat_grant(struct db *db, struct arena *arena, int64_t chat, struct desk_grant *out);
/* It is this grant's from now on, and nobody else's. */
void desk_chat_bind(struct db *db, int64_t chat, int64_t grant_id, int64_t now_s);
bool desk_chat_end(struct db *db, int64_t grant_id, int64_t chat);
/* The chat has become another one (a group that became a supergroup). */
void desk_chat_move(struct db *db, int64_t chat, int64_t to);
/* In the order of their numbers: start with INT64_MIN. */
bool desk_chat_next(struct db *db, int64_t grant_id, int64_t after, int64_t *chat);

/* One code at a time: an earlier one of the grant counts no more. */
void desk_chat_code_put(struct db *db, int64_t grant_id, struct bytes code_hash, int64_t ends_at);
/* Uses the code up. Returns the grant, 0: no such code, or too late. */
int64_t desk_chat_code_take(struct db *db, struct bytes code_hash, int64_t now_s);

#endif
