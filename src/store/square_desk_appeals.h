/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Appeals, the codes that people appeal with, and the decisions that there are to appeal against.
 * Tables appeals and rulings are projections of the events (src/desk/appeals/appeals.c);
 * appeal_codes holds keyed hashes of codes. Plain rows, no rules; a transaction runs around every
 * call.
 */
#ifndef STORE_SQUARE_DESK_APPEALS_H
#define STORE_SQUARE_DESK_APPEALS_H

#include "store/db.h"

/* Whom a code was given to: the desk knows no more about them than this. */
struct desk_appeal_code {
	int64_t case_id;
	int32_t decision;   /* the event that it is about */
	struct bytes party; /* owner; reader: of the report party_id */
	int64_t party_id;
	int64_t until_at; /* nobody appeals after that */
};

void desk_appeal_code_insert(struct db *db, struct bytes hash, const struct desk_appeal_code *code);
bool desk_appeal_code_find(
	struct db *db, struct arena *arena, struct bytes hash, struct desk_appeal_code *out);
/* Of cases that are closed. */
void desk_appeal_codes_delete(struct db *db, int64_t case_id);

/* The chat with the service bot that waits for the answer; taken: it is there no more. */
void desk_appeal_chat_put(struct db *db, int64_t appeal, int64_t chat, struct bytes language);
bool desk_appeal_chat_take(
	struct db *db, struct arena *arena, int64_t appeal, int64_t *chat, struct bytes *language);

struct desk_appeal {
	int64_t id, case_id;
	int32_t event, decision; /* of the case: the appeal, and what it is against */
	struct bytes party;	 /* owner, reader, sender: who sent a notice and is known */
	int64_t party_id;	 /* of a reader the report, of a sender the grant */
	int64_t created_at, acknowledge_due, due_at;
	int64_t acknowledged_at, claimed_by, claimed_until; /* 0: nobody yet */
	int64_t decided_at, decided_by;			    /* 0: not yet */
	int32_t answer;					    /* the event that answers it */
	struct bytes outcome, reason;			    /* empty: not yet */
};

bool desk_appeal_get(struct db *db, struct arena *arena, int64_t id, struct desk_appeal *out);
/* Inserts or replaces. */
void desk_appeal_put(struct db *db, const struct desk_appeal *row);
void desk_appeal_delete_all(struct db *db);
/* Ids: those that wait, the earliest due first; or, decided, all others, the newest first. */
struct query desk_appeal_list(struct db *db, bool decided, int limit);
/* How many this party made about this decision; *open: one of them that waits, or 0; *last: the
 * newest. */
int64_t desk_appeals_of(
	struct db *db, const struct desk_appeal_code *party, int64_t *open, int64_t *last);
/* Of the case, that wait, without this one. */
int64_t desk_appeals_open(struct db *db, int64_t case_id, int64_t but);

/* A decision or its reversal. */
struct desk_ruling {
	int64_t case_id;
	int32_t seq;
	int64_t at, person;
	struct bytes category, action;
	int64_t order_id;	 /* 0: none */
	int64_t overturned_at;	 /* 0: it stands */
	struct bytes overturned; /* the reason; empty */
};

void desk_ruling_put(struct db *db, const struct desk_ruling *row);
void desk_ruling_delete_all(struct db *db);
bool desk_ruling_get(
	struct db *db, struct arena *arena, int64_t case_id, int32_t seq, struct desk_ruling *out);
/* The newest of the case; of_measures: that is no reversal. */
bool desk_ruling_last(struct db *db, struct arena *arena, int64_t case_id, bool of_measures,
	struct desk_ruling *out);

#endif
