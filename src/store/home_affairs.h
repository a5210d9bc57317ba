/* SPDX-License-Identifier: Apache-2.0 */
/* How an account is kept: for how long unseen, when it ends, which terms it accepted, by which
 * e-mail address it logs in; and codes on their way to such addresses. */
#ifndef STORE_HOME_AFFAIRS_H
#define STORE_HOME_AFFAIRS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_TTL_DAYS 548 /* eighteen months, as on Telegram */

struct home_affairs {
	int64_t owner;
	int ttl_days;
	int64_t seen_at_s;	  /* by upkeep, within a day; 0: never looked */
	int64_t delete_at_s;	  /* 0: it stays */
	int64_t email_reset_at_s; /* when codes go to the phone again; 0: nobody asked */
	struct bytes terms_hash;  /* of the text accepted; absent: none yet */
	/* Sealed under the owner's salt. */
	struct bytes email;	  /* absent: codes do not go by e-mail */
	struct bytes delete_word; /* stops the deletion under way; absent: none */
};

/* Of an account in being. The defaults when nothing was written yet. */
void home_affairs_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_affairs *out);
void home_affairs_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_affairs *affairs);
void home_affairs_delete(struct db *db, int64_t owner);
/* Accounts that are to be deleted by now_s, the longest due first. */
size_t home_affairs_due(struct db *db, int64_t now_s, int64_t *out, size_t max);
/* Without reading the rest: for the operator, who has no business in it. */
void home_affairs_set_delete_at(struct db *db, int64_t owner, int64_t at_s);

/* Accounts in being above `after`, ascending, with when one of their keys was used last (0: no key)
 * and what was noted before. */
struct home_unseen {
	int64_t owner, created_at_s, key_active_at_s, seen_at_s;
	int ttl_days;
};
size_t home_unseen_after(struct db *db, int64_t after, struct home_unseen *out, size_t max);
void home_affairs_set_seen(struct db *db, int64_t owner, int64_t at_s);

/* A code for an e-mail address. subject: VAULT_LOOKUP_SIZE bytes, a keyed hash of who it is for. */
struct home_email_code {
	struct bytes email, code;
	int tries, sent; /* wrong ones; letters in the running hour */
	int64_t expires_at_s;
};
/* False: there is none (an expired one is there, with its count of letters). */
bool home_email_code_get(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *subject, struct home_email_code *out);
void home_email_code_put(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *subject, const struct home_email_code *code);
void home_email_code_delete(struct db *db, const uint8_t *subject);
/* Drops a bounded number of what expired before before_s. */
void home_email_codes_purge(struct db *db, int64_t before_s, int rows);

#endif
