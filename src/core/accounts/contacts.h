/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contacts: the numbers, names and notes that an account keeps. A number without an account is kept
 * too, and linked when its owner signs up. Who is added without a number that his privacy lets the
 * caller know is kept by his id alone, so that nothing can be learnt of a hidden number by trying.
 * Nobody is told whose contact he is, except by being mutual.
 * https://core.telegram.org/api/contacts
 *
 * Finding people is core/accounts/contacts_find.h; the bar above a chat
 * core/accounts/peer_settings.h.
 */
#ifndef CORE_CONTACTS_H
#define CORE_CONTACTS_H

#include "core/call.h"

#define CONTACTS_MAX 5000	/* of one account */
#define CONTACTS_IMPORT_MAX 500 /* in one call */
/* New numbers looked up in a day by one account, in imports and searches: whoever tries numbers to
 * find who is here learns little. */
#define CONTACTS_LOOKUPS_PER_DAY 1000
#define CONTACTS_ADDED_PER_DAY 200 /* by id */
#define CONTACT_NOTE_UNITS_MAX 128 /* UTF-16; appConfig contact_note_length_limit */

/* What the owner calls him. */
struct contact_card {
	struct bytes first_name, last_name;
	struct bytes phone;	    /* as written */
	const struct message *note; /* text, entities; NULL: as it was */
};

struct contact_import {
	int64_t client_id;
	struct contact_card card;
	/* Answers. */
	int64_t user;	/* 0: the number has no account (yet), or hides it */
	bool try_later; /* the day's look-ups are used up */
};

/* contacts.importContacts. Faults LIMIT_INVALID, CONTACTS_TOO_MUCH, those of a note. */
MUST_CHECK int contacts_import(struct call *call, struct contact_import *items, size_t count);
/* contacts.addContact: by id, with or without a number. share_phone: he may see the caller's number
 * from now on. Faults CONTACT_ID_INVALID, CONTACT_NAME_EMPTY, CONTACTS_TOO_MUCH, FLOOD_WAIT_X,
 * PRIVACY_TOO_LONG, those of a note. */
MUST_CHECK int contacts_add(
	struct call *call, int64_t user, const struct contact_card *card, bool share_phone);
/* contacts.acceptContact: a contact may see the caller's number from now on. Faults
 * CONTACT_ID_INVALID, CONTACT_REQ_MISSING. */
MUST_CHECK int contacts_share_phone(struct call *call, int64_t user);
/* contacts.updateContactNote; an empty note takes it away. Faults CONTACT_MISSING, and those of a
 * note: MESSAGE_TOO_LONG and what entities_accept refuses. */
MUST_CHECK int contacts_set_note(struct call *call, int64_t user, const struct message *note);
/* Removes those of the ids that are contacts. */
MUST_CHECK int contacts_delete(struct call *call, const int64_t *users, size_t count);
/* contacts.deleteByPhones: those that were saved by one of the numbers. */
MUST_CHECK int contacts_delete_phones(struct call *call, const struct bytes *phones, size_t count);
/* contacts.resetSaved: numbers without an account. */
void contacts_delete_unknown(struct call *call);

/* Ids of the caller's contacts that have an account, ascending, in call->arena. */
void contacts_list(struct call *call, int64_t **users, size_t *count);
/* Rows saved in all, with and without account or number. */
int64_t contacts_saved(struct call *call);

struct contact_saved {
	struct bytes phone, first_name, last_name;
	int64_t date_s;
};

/* contacts.getSaved: what the caller saved by a number. In call->arena. */
void contacts_saved_list(struct call *call, struct contact_saved **out, size_t *count);

/* What the caller noted about a contact. False: nothing. */
bool contact_note(struct call *call, int64_t user, struct message *out);
/* Ids of accounts that the account has saved and that have saved it, ascending; at most so many. In
 * call->arena. */
#define CONTACTS_MUTUAL_MAX 1000
void contacts_mutual(struct call *call, int64_t account, int64_t **users, size_t *count);

/* contacts.editCloseFriends: these and no others. Ids that are no contacts are passed over. */
#define CLOSE_FRIENDS_MAX 1000
MUST_CHECK int contacts_set_close_friends(struct call *call, const int64_t *users, size_t count);

/* ---- When accounts come, go and change their number ---- */

#define CONTACTS_LINKED_MAX 5000      /* accounts that saved one number and hear of it */
#define CONTACTS_JOINED_TOLD_MAX 1000 /* of them that get a message about it: a write each */

/* A new account has this number: links it for those who saved it, and tells them. quietly: without
 * the message "joined" in their boxes. */
void contacts_joined(struct call *call, struct bytes phone, int64_t user, bool quietly);
/* call->user has another number: who knew the old one knows the new one, if he lets himself be
 * found by it; who had saved the new one is linked. */
void contacts_renumber(struct call *call, struct bytes before, struct bytes after);
/* The account is being deleted: what it saved is thrown away, and nobody's contact it is. */
void contacts_shred(struct call *call, int64_t user, struct bytes phone);

/* ---- For the rules of contacts alone ---- */

/* The contacts of owner changed. about: who looks different to him now; 0: ask for all. */
void contacts_tell(struct call *call, int64_t owner, uint64_t except_session, int64_t about);
/* What a row is known by: the number, or the account where it is not known. */
void contact_key_of_phone(struct call *call, struct bytes digits, uint8_t out[VAULT_LOOKUP_SIZE]);
void contact_key_of_user(struct call *call, int64_t user, uint8_t out[VAULT_LOOKUP_SIZE]);
/* The account that lets the caller find it by this number, else 0. */
int64_t contact_account(struct call *call, const uint8_t *key_hash);

#endif
