/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding people, and channels and groups beside them: by number, public name, link of limited
 * life, or a part of what they are called. Who hides from a way of finding him is as absent there.
 */
#ifndef CORE_CONTACTS_FIND_H
#define CORE_CONTACTS_FIND_H

#include "core/accounts/users.h"

/* contacts.resolvePhone: fault PHONE_NOT_OCCUPIED. */
MUST_CHECK int contacts_resolve_phone(struct call *call, struct bytes phone, int64_t *user);
/* contacts.resolveUsername: faults USERNAME_INVALID, USERNAME_NOT_OCCUPIED. */
MUST_CHECK int contacts_resolve_name(struct call *call, struct bytes name, struct peer *out);

/* ---- Birthdays ---- */

struct contact_birthday {
	int64_t user;
	struct birthday birthday;
};

/* contacts.getBirthdays: those of the caller's contacts that are yesterday, today or tomorrow (UTC)
 * and that he may know. In call->arena. */
void contacts_birthdays(struct call *call, struct contact_birthday **out, size_t *count);

/* ---- Links to oneself ---- */

#define CONTACT_TOKEN_LIFE_S 86400

/* A token that names call->user until *expires_s, in call->arena. Nothing is stored: it is signed.
 */
struct bytes contact_token_make(struct call *call, int64_t *expires_s);
/* Fault IMPORT_TOKEN_INVALID, also when it is too old. */
MUST_CHECK int contact_token_open(struct call *call, struct bytes token, int64_t *user);

/* ---- Search ---- */

#define CONTACTS_FOUND_MAX 50	  /* of each kind, in one answer */
#define CONTACTS_SEARCH_CHATS 200 /* newest private chats looked through for names */
#define CONTACTS_QUERY_MAX 256	  /* bytes that are looked for */
/* Bytes: shorter beginnings of public names fit everybody and help nobody. */
#define CONTACTS_PUBLIC_LEAST 3

struct contacts_found {
	struct peer *mine;   /* contacts, and chats that the caller has: the best first */
	struct peer *others; /* by public name */
	size_t mine_count, other_count;
};

enum contacts_search_kind { SEARCH_ALL, SEARCH_BROADCASTS, SEARCH_BOTS };

/* contacts.search: every word of the query begins a word of the name, in any letter case of any
 * script, with or without accents. Fault SEARCH_QUERY_EMPTY. */
MUST_CHECK int contacts_search(struct call *call, struct bytes query,
	enum contacts_search_kind kind, int32_t limit, struct contacts_found *out);

#endif
