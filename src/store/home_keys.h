/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Permanent authorization keys: what the protocol needs of each, who is logged in on it, and what
 * the device called itself. Key and device are sealed under the installation's salt, because a key
 * exists before anybody logs in on it.
 */
#ifndef STORE_HOME_KEYS_H
#define STORE_HOME_KEYS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_KEY_SECRET 128 /* nothing beyond these bytes of a key is ever used */

struct home_key {
	uint64_t id, aux_hash;
	uint8_t secret[HOME_KEY_SECRET]; /* the caller wipes it: home_key_wipe */
	int64_t user_id;		 /* 0: nobody */
	bool is_bot;			 /* user_id is a bot's; only read */
	int layer;			 /* 0: none named yet */
	int dc;
	int64_t created_at_s, active_at_s;
};

/* What initConnection says of a device. */
struct home_device {
	int32_t api_id;
	struct bytes model, system_version, app_version, language;
};

/* One line of a list of logins. */
struct home_login {
	uint64_t key_id;
	struct home_device device; /* model absent: it never said */
	int64_t login_at_s, active_at_s;
	unsigned refuses;     /* enum home_login_refuses */
	int64_t confirm_at_s; /* not confirmed before; 0: confirmed */
};

enum home_login_refuses { REFUSES_SECRET_CHATS = 1, REFUSES_CALLS = 2 };

#define HOME_LOGIN_TTL_DAYS 180 /* until an account says otherwise */

struct home_unused {
	uint64_t key_id;
	int64_t user_id;
};

/* False: no such key. One that doesn't open fails the transaction: look at db_failed before telling
 * a client that its key is unknown. */
bool home_keys_find(struct db *db, const struct vault *vault, uint64_t id, struct home_key *out);
/* False, and nothing written, when another key has the id. user_id, layer may be 0. */
bool home_keys_insert(struct db *db, const struct vault *vault, const struct home_key *key);
void home_keys_set_layer(struct db *db, uint64_t id, int layer);
/* Who is logged in on it; 0: nobody, or no such key. */
int64_t home_keys_user(struct db *db, uint64_t id);
/* 0: nobody. Either way the key was used now, nothing is pending, and what its owner had set for it
 * is gone; it has the TTL of the account's other keys. */
void home_keys_set_user(struct db *db, uint64_t id, int64_t user_id, int64_t now_s);
void home_keys_set_device(struct db *db, const struct vault *vault, struct arena *arena,
	uint64_t id, const struct home_device *device);
void home_keys_set_active(struct db *db, uint64_t id, int64_t now_s);
bool home_keys_delete(struct db *db, uint64_t id); /* false: there was none */
/* Deletes keys on which nobody is logged in: those last used before before_s, and the longest
 * unused of what is more than keep_max. At most `max`, the longest unused first; their ids go to
 * out. Returns how many. */
size_t home_keys_purge(
	struct db *db, int64_t before_s, int64_t keep_max, uint64_t *out, size_t max);
void home_key_wipe(struct home_key *key);

/* A key whose login waits for the password of user_id; 0: no longer. Nobody's keys only. */
void home_keys_set_pending(struct db *db, uint64_t id, int64_t user_id, int64_t now_s);
/* Whose password it waits for, if it has since since_s; 0: nobody's. */
int64_t home_keys_pending(struct db *db, uint64_t id, int64_t since_s);
void home_keys_end_pending(struct db *db, int64_t user_id); /* of all keys */
void home_keys_set_refuses(struct db *db, uint64_t id, unsigned refuses);
void home_keys_set_confirm_at(struct db *db, uint64_t id, int64_t confirm_at_s);

/* Days without use after which a login ends: the same for all logins of the account. */
int home_keys_ttl(struct db *db, int64_t user_id);
void home_keys_set_ttl(struct db *db, int64_t user_id, int days);
/* All logins of the account that there are now are due to end. */
void home_keys_end_soon(struct db *db, int64_t user_id);
/* Logins that are due to end, for one or the other. At most max. */
size_t home_keys_unused(struct db *db, int64_t now_s, struct home_unused *out, size_t max);

/* Logins of an account, the oldest first, in the arena. */
size_t home_keys_of_user(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user_id, struct home_login **out);
/* Those that have waited for its password since since_s, the newest first. */
size_t home_keys_pending_of(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user_id, int64_t since_s, struct home_login **out);
/* What the device of one key said. False: no such key. */
bool home_keys_login(struct db *db, const struct vault *vault, struct arena *arena, uint64_t id,
	struct home_login *out);
int64_t home_keys_count(struct db *db, int64_t user_id);

#endif
