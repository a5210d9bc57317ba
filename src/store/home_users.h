/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts: the owner's salt, under which everything personal of the owner is sealed, and the
 * profile. Owner 0 is the installation: its salt seals keys and codes of nobody yet.
 */
#ifndef STORE_HOME_USERS_H
#define STORE_HOME_USERS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_INSTALLATION 0

struct home_user {
	int64_t id;
	struct bytes first_name, last_name, about, phone; /* phone: digits */
	struct bytes username;				  /* as typed; absent or empty: none */
	struct bytes birthday; /* in the caller's form; absent or empty: not told */
	int64_t created_at_s;
	int64_t deleted_at_s; /* 0: in being */
	bool is_bot;	      /* only read: store/home_login_tokens.h makes it one */
	int32_t bot_version;  /* only read: rises when store/home_bot_commands.h has new ones */
};

/* The salt that seals what belongs to owner. False: no such owner, or it was shredded. */
bool home_salt(struct db *db, int64_t owner, uint8_t out[VAULT_SALT_SIZE]);
/* The installation's salt, drawn at the first use: needs a write transaction. */
void home_salt_installation(struct db *db, uint8_t out[VAULT_SALT_SIZE]);

/* False: no such account. A profile that doesn't open fails the transaction. */
bool home_user_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct home_user *out);
bool home_user_exists(struct db *db, int64_t id); /* and is not deleted */
/* 0: nobody has it. phone_hash: VAULT_LOOKUP_SIZE bytes. */
int64_t home_user_by_phone(struct db *db, const uint8_t *phone_hash);
/* Draws the salt. phone_hash NULL: it has no number. */
void home_user_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_user *user, const uint8_t *phone_hash);
/* Writes names and about; the number stays. */
void home_user_set_profile(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_user *user);

void home_user_set_phone(struct db *db, int64_t id, const uint8_t *phone_hash);
/* Shreds the account: salt, profile and number are gone, and nothing sealed for it opens. */
void home_user_delete(struct db *db, int64_t id, int64_t now_s);

#endif
