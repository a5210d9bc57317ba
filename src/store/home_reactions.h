/* SPDX-License-Identifier: Apache-2.0 */
/* What an account likes to react with, and what a basic group allows: a sealed value each.
 * core/messages/reactions.h has the rules. */
#ifndef STORE_HOME_REACTIONS_H
#define STORE_HOME_REACTIONS_H

#include "crypto/seal.h"
#include "store/db.h"

/* In clear, in the arena; absent: nothing was set. salt: the account's, or the group's. */
struct bytes home_reaction_settings_get(struct db *db, const struct vault *vault,
	struct arena *arena, int64_t owner, const uint8_t *salt);
void home_reaction_settings_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const uint8_t *salt, struct bytes settings);
struct bytes home_chat_reactions_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t chat, const uint8_t *salt);
void home_chat_reactions_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t chat, const uint8_t *salt, struct bytes rules);

#endif
