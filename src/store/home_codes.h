/* SPDX-License-Identifier: Apache-2.0 */
/* Login codes that wait to be typed, and the tokens that move a login to another key. */
#ifndef STORE_HOME_CODES_H
#define STORE_HOME_CODES_H

#include "crypto/seal.h"
#include "store/db.h"

enum home_code_state {
	CODE_WAITING,
	CODE_VERIFIED, /* typed rightly, waits for a name */
	CODE_USED,     /* somebody logged in by it */
};

/* Stored: numbers never change. */
enum home_code_purpose {
	CODE_LOGIN = 0,
	CODE_CHANGE_PHONE = 1,	/* of account, to this number */
	CODE_CONFIRM_PHONE = 2, /* account keeps itself from being deleted */
};

struct home_code {
	enum home_code_purpose purpose;
	int64_t account;   /* who asked; 0: nobody was logged in */
	struct bytes hash; /* phone_code_hash: random text that names the code */
	uint8_t phone_hash[VAULT_LOOKUP_SIZE];
	struct bytes code; /* digits; absent once it is used */
	int tries;	   /* wrong ones */
	enum home_code_state state;
	int64_t created_at_s, expires_at_s;
};

/* How much a number has been tried of late. */
struct home_code_use {
	int64_t codes;		/* made since since_codes_s and not used */
	int64_t oldest_s;	/* when the first of them was made */
	int64_t wrong;		/* tries since since_wrong_s that were wrong */
	int64_t oldest_wrong_s; /* when the first code with a wrong try was made */
};

bool home_code_get(struct db *db, const struct vault *vault, struct arena *arena, struct bytes hash,
	struct home_code *out);
void home_code_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_code *code);
/* Tries, state and expiry. */
void home_code_update(struct db *db, const struct home_code *code);
/* Somebody logged in with the number: its codes are used and gone, its wrong tries
 * forgiven. */
void home_codes_use(struct db *db, const uint8_t *phone_hash);
/* Those of the number that still wait work no longer. */
void home_codes_expire(struct db *db, const uint8_t *phone_hash, int64_t now_s);
struct home_code_use home_codes_used(
	struct db *db, const uint8_t *phone_hash, int64_t since_codes_s, int64_t since_wrong_s);
/* Drops a bounded number of rows made before before_s, of any number. */
void home_codes_purge(struct db *db, int64_t before_s);

/* A code that the operator handed out: one for a number, the newest. */
void home_standing_put(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *phone_hash, struct bytes code, int64_t expires_at_s);
/* False: there is none that still holds. */
bool home_standing_get(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *phone_hash, int64_t now_s, struct bytes *code);
/* Whether it was ever used; also of one that holds no more. */
bool home_standing_waits(struct db *db, const uint8_t *phone_hash);
void home_standing_delete(struct db *db, const uint8_t *phone_hash);

/* Tokens by their hash (crypto/token.h). Purges expired ones. */
void home_export_insert(struct db *db, const uint8_t *token_hash, int64_t user_id, int64_t now_s,
	int64_t expires_at_s);
/* Takes the token away: true once, before it expires, and for that account only. */
bool home_export_take(struct db *db, const uint8_t *token_hash, int64_t user_id, int64_t now_s);

#endif
