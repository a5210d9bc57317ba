/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the desk keeps of chats with the service bot: notices that came from one, dialogues that are
 * begun, and events of cases that nobody was told yet. Tables notice_chats, desk_dialogues,
 * desk_untold. Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_LIAISON_H
#define STORE_SQUARE_DESK_LIAISON_H

#include "store/square_desk_cases.h"

void desk_notice_chat_insert(struct db *db, int64_t notice, int64_t chat, struct bytes language);
/* false: the notice came in another way. */
bool desk_notice_chat_get(
	struct db *db, struct arena *arena, int64_t notice, int64_t *chat, struct bytes *language);
/* The chat has become another one. */
void desk_liaison_move(struct db *db, int64_t chat, int64_t to);

/* What somebody has begun in a chat; one at a time. */
struct desk_dialogue {
	int64_t chat, person;
	struct bytes step, data; /* data: JSON */
	int64_t at;
};

void desk_dialogue_put(struct db *db, const struct desk_dialogue *row);
bool desk_dialogue_get(struct db *db, struct arena *arena, int64_t chat, int64_t person,
	struct desk_dialogue *out);
/* false: there was none. */
bool desk_dialogue_delete(struct db *db, int64_t chat, int64_t person);
void desk_dialogues_drop(struct db *db, int64_t before_s);

/* Events that are to be told, in the order in which they were written. */
void desk_untold_add(struct db *db, int64_t case_id, int32_t seq);
bool desk_untold_next(struct db *db, int64_t *id, int64_t *case_id, int32_t *seq);
void desk_untold_delete(struct db *db, int64_t id);

/* The case that a message in this chat was about, of those that the outbox still knows; 0: none. */
int64_t desk_case_of_message(struct db *db, int64_t chat, int64_t message);
/* Cases at work that this grant sent a notice about, by their due time: their ids, at most max. */
int desk_cases_of_reporter(struct db *db, int64_t reporter, int64_t *ids, int max);
/* The newest notice of this grant in the case; 0: none. */
int64_t desk_notice_of_reporter(struct db *db, int64_t case_id, int64_t reporter);

#endif
