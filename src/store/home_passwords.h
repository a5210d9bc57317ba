/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords of two-step verification: the verifier and what goes with it, the codes that were sent
 * to e-mail addresses, the challenges that wait for an answer, and the tokens by which a device
 * that logged out is known again. Sealed under the account's salt. Verifiers and secrets of
 * challenges are left in no arena; the caller wipes its structs.
 */
#ifndef STORE_HOME_PASSWORDS_H
#define STORE_HOME_PASSWORDS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_PASSWORD_NUMBER 256 /* bytes of a verifier, and of each number of a challenge */

struct home_password {
	bool is_set;
	struct bytes salt1, salt2, hint; /* hint absent: none */
	uint8_t verifier[HOME_PASSWORD_NUMBER];
	struct bytes email;	  /* confirmed; absent: none */
	int64_t version;	  /* rises with every change; 0: there never was one */
	int64_t changed_at_s;	  /* when it was set, 0 while there is none */
	int64_t reset_at_s;	  /* a reset without any proof is due then; 0: not asked for */
	int64_t reset_retry_at_s; /* no other reset before: one was declined */
};

/* False: there never was one, *out is all zero. One that doesn't open fails the transaction. */
bool home_password_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_password *out);
bool home_password_is_set(struct db *db, int64_t owner);
void home_password_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	const struct home_password *password);
void home_password_wipe(struct home_password *password);
/* Everything of this file that belongs to owner. */
void home_passwords_forget(struct db *db, int64_t owner);

enum home_password_code_kind { PASSWORD_CODE_CONFIRM = 1, PASSWORD_CODE_RECOVER = 2 };

/* One of each kind per account. What is confirmed takes effect with the code. */
struct home_password_code {
	struct bytes code, email; /* email: where it was sent */
	bool sets_password;	  /* CONFIRM: and is_set, salts, verifier and hint of next */
	struct home_password next;
	int tries; /* wrong ones */
	int64_t expires_at_s;
};

bool home_password_code_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_password_code_kind kind, struct home_password_code *out);
void home_password_code_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_password_code_kind kind, const struct home_password_code *code);
void home_password_code_count_wrong(
	struct db *db, int64_t owner, enum home_password_code_kind kind);
void home_password_code_delete(struct db *db, int64_t owner, enum home_password_code_kind kind);

struct home_challenge {
	int64_t id;
	uint64_t key_id; /* only there may it be answered */
	uint8_t secret[HOME_PASSWORD_NUMBER], public[HOME_PASSWORD_NUMBER];
	int64_t version; /* of the password */
	int uses;
	int64_t expires_at_s;
};

/* Of one key the newest few are kept, and of an account nothing that has expired. */
void home_challenge_insert(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const struct home_challenge *challenge, int64_t now_s);
bool home_challenge_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int64_t id, struct home_challenge *out);
/* False: this use (a hash of what the client sent) was made before. */
bool home_challenge_use(struct db *db, int64_t owner, int64_t id, struct bytes use);
void home_challenge_delete(struct db *db, int64_t owner, int64_t id);
void home_challenge_wipe(struct home_challenge *challenge);

/* By their hash (crypto/token.h). Keeps the newest of an account. */
void home_logout_token_insert(struct db *db, int64_t owner, const uint8_t *token_hash,
	int64_t now_s, int64_t expires_at_s);
bool home_logout_token_holds(
	struct db *db, int64_t owner, const uint8_t *token_hash, int64_t now_s);
void home_logout_tokens_revoke(struct db *db, int64_t owner);

#endif
