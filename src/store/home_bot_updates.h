/* SPDX-License-Identifier: Apache-2.0 */
/* What a bot has not heard yet, in the order in which it happened; and the presses of buttons that
 * wait for its answer. Of a message only the place is kept: it is read when the bot asks. What a
 * button says is sealed under the bot's salt. core/bots/bot_updates.h and core/bots/callbacks.h
 * have the rules. */
#ifndef STORE_HOME_BOT_UPDATES_H
#define STORE_HOME_BOT_UPDATES_H

#include "crypto/seal.h"
#include "store/db.h"

struct home_bot_update {
	int64_t id;	   /* rises with each of a bot's, and with the clock */
	int32_t kind;	   /* enum bot_update_kind of core/bots/bot_updates.h */
	int32_t peer_kind; /* enum peer_kind; as the bot sees the chat */
	int64_t peer;
	int32_t message;
	int64_t actor; /* who did it */
	int64_t query;
	struct bytes data; /* in clear, in the arena; absent: none */
	int64_t created_at_s;
};

/* Fills id. */
void home_bot_update_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t bot,
	struct home_bot_update *update);
/* The highest id that was given, also when it is gone; 0: none. */
int64_t home_bot_updates_last(struct db *db, int64_t bot);
/* From id on, of the kinds whose bits are set, not older than since_s; at most limit. */
size_t home_bot_updates_list(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t bot, int64_t id, uint32_t kinds, int64_t since_s, size_t limit,
	struct home_bot_update **out);
/* The id of the n-th from the end (1: the last); the first when there are fewer; 0: none. */
int64_t home_bot_updates_from_end(struct db *db, int64_t bot, int64_t n);
/* All below id. */
void home_bot_updates_drop(struct db *db, int64_t bot, int64_t id);
void home_bot_update_delete(struct db *db, int64_t bot, int64_t id);
/* Of all bots, what is older: some rows. True: there may be more. */
bool home_bot_updates_purge(struct db *db, int64_t before_s, int rows);

void home_bot_query_put(struct db *db, int64_t bot, int64_t id, int64_t now_s);
/* False: there is none, or an older one. It is gone afterwards. */
bool home_bot_query_take(struct db *db, int64_t bot, int64_t id, int64_t since_s);
void home_bot_queries_purge(struct db *db, int64_t before_s, int rows);

#endif
