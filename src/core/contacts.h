/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contacts: the numbers and names that an account keeps. A number without an account is kept too,
 * and linked when its owner signs up. Nobody learns whose contact he is, except by being mutual.
 */
#ifndef CORE_CONTACTS_H
#define CORE_CONTACTS_H

#include "core/call.h"

#define CONTACTS_MAX 5000	/* of one account */
#define CONTACTS_IMPORT_MAX 500 /* in one call */
/* Numbers looked up in a day by one account, in imports and searches: whoever tries numbers to find
 * who is here learns little. */
#define CONTACTS_LOOKUPS_PER_DAY 1000

struct contact_import {
	int64_t client_id;
	struct bytes phone, first_name, last_name;
	/* Answers. */
	int64_t user;	/* 0: the number has no account (yet) */
	bool try_later; /* the day's look-ups are used up */
};

/* contacts.importContacts. */
MUST_CHECK int contacts_import(struct call *call, struct contact_import *items, size_t count);
/* contacts.addContact: by id, with or without a number. */
MUST_CHECK int contacts_add(struct call *call, int64_t user, struct bytes first_name,
	struct bytes last_name, struct bytes phone);
/* Removes those of the ids that are contacts. */
MUST_CHECK int contacts_delete(struct call *call, const int64_t *users, size_t count);
/* contacts.deleteByPhones. */
MUST_CHECK int contacts_delete_phones(struct call *call, const struct bytes *phones, size_t count);
/* Ids of the caller's contacts that have an account, ascending, in call->arena. */
void contacts_list(struct call *call, int64_t **users, size_t *count);
/* Numbers saved in all, with and without account. */
int64_t contacts_saved(struct call *call);
/* contacts.resolvePhone: faults PHONE_NOT_OCCUPIED. */
MUST_CHECK int contacts_resolve_phone(struct call *call, struct bytes phone, int64_t *user);
/* Ids of accounts that the account has saved and that have saved it, ascending; at most
 * CONTACTS_MUTUAL_TOLD. In call->arena. */
#define CONTACTS_MUTUAL_TOLD 1000
void contacts_mutual(struct call *call, int64_t account, int64_t **users, size_t *count);
/* A number has an account from now on: links and tells those who saved it. */
void contacts_link(struct call *call, struct bytes phone, int64_t user);

#endif
