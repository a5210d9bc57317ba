/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contacts of an account. A row's key is the number as the owner knows it, or the account where he
 * doesn't know the number: the same hash column, made by the caller for other purposes. The account
 * that has the number is filled in once there is one.
 */
#ifndef STORE_HOME_CONTACTS_H
#define STORE_HOME_CONTACTS_H

#include "crypto/seal.h"
#include "store/db.h"

struct home_contact {
	int64_t owner;
	int64_t contact;		     /* 0: nobody has the number */
	uint8_t key_hash[VAULT_LOOKUP_SIZE]; /* column phone_hash */
	struct bytes first_name, last_name;
	struct bytes phone; /* digits; absent: the owner doesn't know the number */
	struct bytes note;  /* what the owner noted about him, in the caller's form; absent: none */
	int64_t created_at_s;
};

/* False: not a contact. One that doesn't open fails the transaction. */
bool home_contact_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t contact, struct home_contact *out);
bool home_contact_by_key(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const uint8_t *key_hash, struct home_contact *out);
bool home_contact_exists(struct db *db, int64_t owner, int64_t contact);
/* Inserts or replaces (owner, key_hash). */
void home_contact_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_contact *contact);
bool home_contact_delete(struct db *db, int64_t owner, int64_t contact);
bool home_contact_delete_key(struct db *db, int64_t owner, const uint8_t *key_hash);
/* Those whose number nobody has. Returns how many there were. */
int64_t home_contacts_delete_unknown(struct db *db, int64_t owner);
int64_t home_contacts_count(struct db *db, int64_t owner);
/* All that the owner saved, opened, by account; at most max. */
size_t home_contacts_saved(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, size_t max, struct home_contact **out);
/* Accounts among the contacts of owner, ascending; at most max. */
size_t home_contacts_accounts(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);
/* Those of them that have owner as a contact too. */
size_t home_contacts_mutual(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);

/* ---- Over all owners: who saved a number ---- */

/* Owners of rows with this key, ascending, at most max. */
size_t home_contacts_owners(
	struct db *db, struct arena *arena, const uint8_t *key_hash, size_t max, int64_t **out);
/* The account behind a key in one owner's row; 0: nobody. */
void home_contact_link(struct db *db, int64_t owner, const uint8_t *key_hash, int64_t account);
/* The same in all rows that have it. */
void home_contacts_unlink(struct db *db, const uint8_t *key_hash);
/* Everything that the owner saved. */
void home_contacts_delete_all(struct db *db, int64_t owner);

#endif
