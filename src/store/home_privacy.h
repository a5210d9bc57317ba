/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an account lets see what, whom it has blocked, who its close friends are, and its switches
 * for all chats. What they mean is core/accounts/privacy.h and core/accounts/blocks.h. */
#ifndef STORE_HOME_PRIVACY_H
#define STORE_HOME_PRIVACY_H

#include "crypto/seal.h"
#include "store/db.h"

/* The encoded rules of one key; absent when the account has set none. Rules that don't open fail
 * the transaction. */
struct bytes home_privacy_get(
	struct db *db, const struct vault *vault, struct arena *arena, int64_t owner, int32_t key);
void home_privacy_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int32_t key, struct bytes rules);

/* What two accounts are to each other, in one look: what decides how `id` is shown to `viewer`. */
struct home_sight {
	bool saved;	   /* viewer has id among his contacts */
	bool saved_back;   /* id has viewer */
	bool blocked;	   /* id has blocked viewer */
	bool rules;	   /* id has set rules of one of the two keys */
	bool viewer_rules; /* viewer has set rules of the second */
};

void home_sight_get(struct db *db, int64_t viewer, int64_t id, int32_t key, int32_t second_key,
	struct home_sight *out);

struct home_block {
	int64_t other, blocked_at_s;
};

bool home_block_has(struct db *db, int64_t owner, int64_t other);
int64_t home_blocks_count(struct db *db, int64_t owner);
/* False: it was so before. */
bool home_block_put(struct db *db, int64_t owner, int64_t other, int64_t now_s);
bool home_block_delete(struct db *db, int64_t owner, int64_t other);
/* The newest first. Returns how many of limit there are; rows in the arena. */
size_t home_blocks_list(struct db *db, struct arena *arena, int64_t owner, int64_t offset,
	size_t limit, struct home_block **out);

bool home_close_friend_has(struct db *db, int64_t owner, int64_t friend_id);
/* Ascending, at most max. */
size_t home_close_friends(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);
void home_close_friend_put(struct db *db, int64_t owner, int64_t friend_id);
void home_close_friend_delete(struct db *db, int64_t owner, int64_t friend_id);

/* Bits of the caller's choosing; 0: none were set. */
int64_t home_privacy_switches(struct db *db, int64_t owner);
void home_privacy_set_switches(struct db *db, int64_t owner, int64_t switches);

/* When the account was last here, unix seconds; 0: unknown. */
int64_t home_seen_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner);
void home_seen_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t seen_s);

/* Accounts that the owner has a private chat with, ascending, at most max. */
size_t home_chat_partners(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);

#endif
