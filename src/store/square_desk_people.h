/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People of the desk beside their grants: how they sign in, what they are limited to, their
 * sessions, and the log of what was done about them. Tables people, desk_sessions, desk_tries,
 * desk_log. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_PEOPLE_H
#define STORE_SQUARE_DESK_PEOPLE_H

#include "store/db.h"

struct person {
	int64_t id; /* of the grant, which has role, name, languages and country */
	struct bytes sign_in;
	struct bytes categories, countries; /* "a,b"; empty: no limit */
	struct bytes regions, shifts;	    /* as typed, checked */
	struct bytes secret_hash; /* of the one-time secret of the first sign-in, or absent */
	int64_t secret_until;
	struct bytes password;	     /* crypto/password.h, or absent */
	struct bytes totp, totp_new; /* sealed; the second is not confirmed yet */
	int64_t totp_step;	     /* of the last code that was taken */
	struct bytes recovery;	     /* hashes of codes, one after the other */
	int64_t acts_for;	     /* the authority or flagger whose officer it is; 0: none */
};

void person_insert(struct db *db, const struct person *row);
/* Every column but id. */
void person_update(struct db *db, const struct person *row);
bool person_get(struct db *db, struct arena *arena, int64_t id, struct person *out);
bool person_by_sign_in(
	struct db *db, struct arena *arena, struct bytes sign_in, struct person *out);
/* The role and the limits, as a grant's. */
void person_grant_update(
	struct db *db, int64_t id, struct bytes name, struct bytes langs, struct bytes country);

struct desk_session {
	int64_t person, created_at, seen_at;
	struct bytes address; /* a keyed hash */
	bool moved;	      /* was seen from another address */
};

void desk_session_insert(struct db *db, struct bytes token_hash, const struct desk_session *row);
bool desk_session_get(
	struct db *db, struct arena *arena, struct bytes token_hash, struct desk_session *out);
void desk_session_touch(struct db *db, struct bytes token_hash, int64_t seen_at, bool moved);
void desk_session_end(struct db *db, struct bytes token_hash);
/* Of the person, but for this one (absent: all). Returns how many there were. */
int64_t desk_sessions_end(struct db *db, int64_t person, struct bytes but);
/* Those that were neither seen nor made since. */
void desk_sessions_prune(struct db *db, int64_t seen_since, int64_t created_since);
/* In use since, from another address than this. */
bool desk_session_elsewhere(struct db *db, int64_t person, struct bytes address, int64_t since);

/* Failures since the window began; 0 when that is over. */
int64_t desk_tries_failed(struct db *db, struct bytes about, int64_t since);
void desk_tries_add(struct db *db, struct bytes about, int64_t now_s, int64_t since);
void desk_tries_forget(struct db *db, struct bytes about);
void desk_tries_prune(struct db *db, int64_t since);

struct desk_deed {
	int64_t seq;		   /* 1, 2, … */
	int64_t at, actor, person; /* grants; 0: the operator, nobody */
	struct bytes kind, data, hash;
};

void desk_deed_insert(struct db *db, const struct desk_deed *row);
/* Oldest first: start with after = 0. */
bool desk_deed_next(struct db *db, struct arena *arena, int64_t after, struct desk_deed *out);
/* What was done about somebody, the newest first: start with before = INT64_MAX. */
bool desk_deed_about(
	struct db *db, struct arena *arena, int64_t person, int64_t before, struct desk_deed *out);
/* How many of a kind there are from a moment on, before another. */
int64_t desk_deeds_count(struct db *db, const char *kind, int64_t from_s, int64_t to_s);
bool desk_deed_last(struct db *db, struct arena *arena, struct desk_deed *out);

#endif
