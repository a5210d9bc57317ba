/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of QR logins, one for each key that shows one, kept as hashes (crypto/token.h); and which
 * accounts are bots', with the keyed hash of their token. */
#ifndef STORE_HOME_LOGIN_TOKENS_H
#define STORE_HOME_LOGIN_TOKENS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_EXCEPT_MAX 16 /* accounts that a client has logged in already: it shows some */

struct home_login_token {
	uint64_t key_id;
	int64_t account; /* who accepted it; 0: nobody yet */
	int64_t except[HOME_EXCEPT_MAX];
	size_t except_count;
	int64_t expires_at_s;
};

/* In the place of the key's last one. */
void home_login_token_put(
	struct db *db, const uint8_t *token_hash, const struct home_login_token *token);
/* One that holds at now_s; false: there is none. */
bool home_login_token_find(
	struct db *db, const uint8_t *token_hash, int64_t now_s, struct home_login_token *out);
bool home_login_token_of_key(
	struct db *db, uint64_t key_id, int64_t now_s, struct home_login_token *out);
/* Nobody else accepts it any more, and its key may fetch its login until expires_at_s. */
void home_login_token_accept(struct db *db, uint64_t key_id, int64_t account, int64_t expires_at_s);
void home_login_token_delete(struct db *db, uint64_t key_id);
/* Drops a bounded number of what expired. */
void home_login_tokens_purge(struct db *db, int64_t now_s, int rows);

/* bot, if its token has this hash; else 0. */
int64_t home_bot_by_token(struct db *db, int64_t bot, const uint8_t *token_hash);
/* The account is a bot's from now on, with this token in the place of the last one; NULL: none
 * works. */
void home_bot_put(struct db *db, int64_t bot, const uint8_t *token_hash);
bool home_bot_exists(struct db *db, int64_t bot);

#endif
