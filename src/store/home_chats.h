/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Basic groups: the group itself, who is in it, and which groups an account is or was in. Title and
 * description are sealed under the group's own salt; what an account that is out still knows of a
 * group (its title on that day) under the account's. core/chats/chats.h has the rules.
 *
 *   chats          one row a group; deleting it takes its salt, and with it the group
 *   chat_members   group -> who is in it
 *   user_chats     account -> groups it is in, and those it left or was removed from
 */
#ifndef STORE_HOME_CHATS_H
#define STORE_HOME_CHATS_H

#include "crypto/seal.h"
#include "store/db.h"

struct home_chat {
	int64_t id;
	uint8_t salt[VAULT_SALT_SIZE];
	struct bytes title, about;
	int64_t creator;
	int64_t date_s;
	int32_t version; /* of members, admins and rights: every change is one more */
	int32_t members;
	uint32_t banned_rights; /* of all members: enum chat_right of core */
	bool noforwards;
	bool deactivated;
	int64_t migrated_to; /* channel; 0: none */
};

struct home_chat_member {
	int64_t user;
	int role; /* enum chat_role of core */
	int64_t inviter, joined_at_s;
};

/* Stored: numbers never change. */
enum user_chat_state { USER_CHAT_NONE, USER_CHAT_IN, USER_CHAT_LEFT, USER_CHAT_KICKED };

struct home_user_chat {
	int64_t chat;
	enum user_chat_state state;
	struct bytes title; /* as the account last saw it; only of groups it is out of */
	int64_t since_s;
};

bool home_chat_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct home_chat *out);
/* Draws the salt into chat->salt. */
void home_chat_insert(
	struct db *db, const struct vault *vault, struct arena *arena, struct home_chat *chat);
/* Everything but salt, id and date; locks the row. Before any box is advanced. */
void home_chat_update(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_chat *chat);
/* With its salt and its members: what was sealed under it is gone for good. */
void home_chat_delete(struct db *db, int64_t id);

/* False: not in it. */
bool home_chat_member_get(struct db *db, int64_t chat, int64_t user, struct home_chat_member *out);
/* By account, ascending; at most limit, in the arena. */
size_t home_chat_members(struct db *db, struct arena *arena, int64_t chat, size_t limit,
	struct home_chat_member **out);
/* Into both directions; the count of members is the caller's. */
void home_chat_member_insert(struct db *db, int64_t chat, const struct home_chat_member *member);
void home_chat_member_set_role(struct db *db, int64_t chat, int64_t user, int role);
/* Out of chat_members; the account keeps a row with state (LEFT, KICKED) and title. */
void home_chat_member_delete(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user, const struct home_user_chat *kept);

/* False: the account was never in it. The title is opened only when it is out. */
bool home_user_chat_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t user,
	int64_t chat, struct home_user_chat *out);
enum user_chat_state home_user_chat_state(struct db *db, int64_t user, int64_t chat);
int64_t home_user_chats_count(struct db *db, int64_t user); /* those it is in */
/* Groups that it is in, the newest first, below before (0: all); at most limit, in the arena. */
size_t home_user_chats(struct db *db, struct arena *arena, int64_t user, int64_t before,
	size_t limit, int64_t **out);
/* Groups that both are in, in the same way. */
size_t home_user_chats_common(struct db *db, struct arena *arena, const int64_t users[2],
	int64_t before, size_t limit, int64_t **out);
int64_t home_user_chats_common_count(struct db *db, int64_t user, int64_t other);

#endif
