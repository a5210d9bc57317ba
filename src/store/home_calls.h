/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been done must not be done twice, over restarts and nodes: calls by the key, session and
 * message id that brought them, with their answers; and the random ids of messages that were
 * deleted soon after they were sent, for which no message speaks any more.
 *
 *   claim (one row, in the transaction of the call) -> the call runs -> settle: its answer
 *         \-> the row was there: home_call_answer, and the call does not run
 *
 * A message id begins with the second in which it was made, so rows need no time of their own.
 */
#ifndef STORE_HOME_CALLS_H
#define STORE_HOME_CALLS_H

#include "crypto/seal.h"
#include "store/db.h"

/* Older ids are refused as too old to verify (MTPROTO_CALL_MEMORY_S), and ten minutes more, for a
 * clock that is set back. */
#define HOME_CALLS_KEEP_S (3600 + 600)
/* A larger answer is not kept: that it was given is. */
#define HOME_CALL_ANSWER_MAX 16384

/* As they were on the wire: key_id may be a temporary key's. */
struct home_call {
	uint64_t key_id, session_id, msg_id;
};

struct home_call_answer {
	int32_t code;	   /* 0: answered; else refused with this code */
	struct bytes body; /* the answer or the refusal's text; absent: not kept */
	int64_t account;   /* whose call it was; 0: nobody's. Written, not read */
	bool tells;	   /* there may be messages in the answer; likewise */
};

/* False: it is there already, and nothing is written. */
bool home_call_claim(struct db *db, const struct home_call *call);
/* What a claimed call was answered. Needs a write transaction. */
void home_call_settle(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_call *call, const struct home_call_answer *answer);
/* A message of the account was deleted: that calls which tell of messages were answered is kept,
 * but not what. */
void home_calls_forget_told(struct db *db, int64_t account);
/* The account ends: likewise of all its calls. */
void home_calls_forget(struct db *db, int64_t account);
/* Of a call that is there. One that doesn't open fails the transaction. */
void home_call_answer(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_call *call, struct home_call_answer *out);

/* Deletes what was made before before_s: looks at `sessions` sessions behind *cursor (its msg_id is
 * unused), and deletes `rows` rows at most. True: went through to the end, and begins anew. */
bool home_calls_purge(
	struct db *db, int64_t before_s, struct home_call *cursor, int sessions, int64_t rows);
#define HOME_CALLS_FIRST ((struct home_call){(uint64_t)INT64_MIN, (uint64_t)INT64_MIN, 0})

/* A message of owner with this random id was sent at sent_s, and is deleted. */
void home_spent_add(struct db *db, int64_t owner, int64_t random_id, int64_t sent_s);
bool home_spent_has(struct db *db, int64_t owner, int64_t random_id);
/* Drops a bounded number of rows sent before before_s. */
void home_spent_purge(struct db *db, int64_t before_s, int rows);

/* For message ids of the next process (server/id_floor.h). 0: never written. */
void home_id_second_set(struct db *db, int64_t second);
int64_t home_id_second(struct db *db);
void home_id_floor_set(struct db *db, uint64_t floor);
uint64_t home_id_floor(struct db *db);

#endif
