/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts of an account: by number, with the account that has the number once there is one. */
#ifndef STORE_HOME_CONTACTS_H
#define STORE_HOME_CONTACTS_H

#include "crypto/seal.h"
#include "store/db.h"

struct home_contact {
	int64_t owner;
	int64_t contact; /* 0: nobody has the number */
	uint8_t phone_hash[VAULT_LOOKUP_SIZE];
	struct bytes first_name, last_name;
	struct bytes phone; /* digits; absent: the owner doesn't know the number */
	int64_t created_at_s;
};

/* False: not a contact. One that doesn't open fails the transaction. */
bool home_contact_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t contact, struct home_contact *out);
bool home_contact_exists(struct db *db, int64_t owner, int64_t contact);
/* Inserts or replaces (owner, phone_hash). */
void home_contact_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_contact *contact);
bool home_contact_delete(struct db *db, int64_t owner, int64_t contact);
bool home_contact_delete_phone(struct db *db, int64_t owner, const uint8_t *phone_hash);
int64_t home_contacts_count(struct db *db, int64_t owner);
/* Accounts among the contacts of owner, ascending; at most max. */
size_t home_contacts_accounts(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);
/* Those of them that have owner as a contact too. */
size_t home_contacts_mutual(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out);
/* Sets the account of a number for all who saved it; lists (at most max of) them. */
size_t home_contacts_link(struct db *db, struct arena *arena, const uint8_t *phone_hash,
	int64_t account, size_t max, int64_t **owners);

#endif
