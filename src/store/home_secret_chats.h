/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret chats as each side has them: a row for its own account, bound to the one device (permanent
 * key) that has the chat's key. The server never has that key: what it keeps for a while are the
 * two public halves, sealed, for the device that has not received them yet. Rules:
 * core/secret/secret_chats.h.
 */
#ifndef STORE_HOME_SECRET_CHATS_H
#define STORE_HOME_SECRET_CHATS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_SECRET_CHATS_MAX 1000 /* of one account that have not ended */

/* Stored: numbers never change. */
enum home_secret_state {
	SECRET_WAITING = 1,   /* the owner has asked, nobody has accepted */
	SECRET_REQUESTED = 2, /* the owner was asked; key_id is 0 */
	SECRET_ACTIVE = 3,
	SECRET_ENDED = 4,
};

struct home_secret_chat {
	int64_t owner;
	int32_t id; /* the owner's number for it; peer_chat is the other side's */
	int64_t peer;
	int32_t peer_chat;
	enum home_secret_state state;
	bool begun;	 /* by the owner */
	uint64_t key_id; /* of the owner's device; 0: none yet */
	/* The public halves and the fingerprint of the key as the accepting device told it; absent
	 * once the owner's device is known to have them. */
	struct bytes theirs, own;
	int64_t fingerprint;
	int64_t created_at_s, ended_at_s;
	bool history_deleted;
	int64_t read_at_s; /* when the other side read; 0: never */
	int32_t read_to;   /* up to this date */
};

/* False: the owner has no such chat. Keys that don't open fail the transaction. */
bool home_secret_chat_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int32_t id, struct home_secret_chat *out);
bool home_secret_chat_exists(struct db *db, int64_t owner, int32_t id);
void home_secret_chat_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_secret_chat *chat);
/* WAITING or REQUESTED becomes ACTIVE with the chat's key_id, public halves and fingerprint. False,
 * and nothing written, when it was neither: of several devices one comes first. */
MUST_CHECK bool home_secret_chat_accept(struct db *db, const struct vault *vault,
	struct arena *arena, const struct home_secret_chat *chat);
void home_secret_chat_forget_keys(struct db *db, int64_t owner, int32_t id);
void home_secret_chat_read(
	struct db *db, int64_t owner, int32_t id, int32_t read_to, int64_t now_s);
/* The row stays, for devices that are away: without keys. */
void home_secret_chat_end(
	struct db *db, int64_t owner, int32_t id, bool history_deleted, int64_t now_s);
/* With the random ids of what was sent in it. */
void home_secret_chat_delete(struct db *db, int64_t owner, int32_t id);
/* All of one device, ended or not. */
void home_secret_chats_drop(struct db *db, int64_t owner, uint64_t key_id);
/* Those of one device that have not ended; key_id 0: that no device has accepted. In the arena,
 * without keys. */
size_t home_secret_chats_of(struct db *db, struct arena *arena, int64_t owner, uint64_t key_id,
	struct home_secret_chat **out);
/* Not ended, of all devices. */
int64_t home_secret_chats_count(struct db *db, int64_t owner);
/* Those with one account. */
int64_t home_secret_chats_with(struct db *db, int64_t owner, int64_t peer);
/* At most `rows` that ended before before_s. True: there may be more. */
bool home_secret_chats_purge(struct db *db, int64_t before_s, int64_t rows);

/* When this was sent in the chat, and with which file (0: none). False: it was not, or long ago. */
bool home_secret_sent(struct db *db, int64_t owner, int32_t id, int64_t random_id, int64_t *date_s,
	int64_t *file);
void home_secret_sent_add(
	struct db *db, int64_t owner, int32_t id, int64_t random_id, int64_t now_s, int64_t file);
bool home_secret_sent_purge(struct db *db, int64_t before_s, int64_t rows);

#endif
