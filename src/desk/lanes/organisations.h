/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorities and flaggers, as the operator keeps them: a grant with what it is competent for, its
 * officers, the addresses it mails from, its keys, and the code that makes a group its liaison
 * chat. One way for all of it: `lontar authority` and `lontar flagger`. Each change is in the
 * desk's log.
 */
#ifndef DESK_ORGANISATIONS_H
#define DESK_ORGANISATIONS_H

#include "desk/lanes/grants.h"
#include "store/square_desk_contacts.h"

#define ORGANISATION_WORDS_MAX 16
#define ORGANISATION_CODE_HOURS 48

struct word_list {
	struct bytes items[ORGANISATION_WORDS_MAX];
	int count;
};

/* As typed. Absent, and no items: as it is (when adding: empty). */
struct organisation_words {
	struct bytes name, country, langs;
	struct bytes competence;	      /* "terrorism,fraud", or "any" */
	struct word_list officers, addresses; /* "Siti Rahayu=@siti", "Budi=123456" */
	struct word_list keys;		      /* their text: public_key.h */
	struct word_list end_officers, end_addresses, end_keys, end_chats;
};

/* All inside a writing transaction; after a failure it is to be rolled back. role: ROLE_AUTHORITY
 * or ROLE_FLAGGER. key_ids (ORGANISATION_WORDS_MAX): numbers of the keys that were added. */
MUST_CHECK int organisation_add(struct db *db, struct arena *arena, const struct sop *sop,
	enum role role, const struct organisation_words *words, int64_t now_s,
	char token[TOKEN_TEXT_SIZE], int64_t *id, int64_t *key_ids, struct err *err);
MUST_CHECK int organisation_edit(struct db *db, struct arena *arena, const struct sop *sop,
	enum role role, int64_t id, const struct organisation_words *words, int64_t now_s,
	int64_t *key_ids, struct err *err);
/* Token, keys, addresses and chats are refused from now on. */
MUST_CHECK int organisation_end(struct db *db, struct arena *arena, enum role role, int64_t id,
	int64_t now_s, struct err *err);
/* A token instead of the one before. */
MUST_CHECK int organisation_token(struct db *db, struct arena *arena, enum role role, int64_t id,
	int64_t now_s, char token[TOKEN_TEXT_SIZE], struct err *err);
/* A new one-time code for a liaison chat; shown once. */
MUST_CHECK int organisation_code(struct db *db, struct arena *arena, enum role role, int64_t id,
	int64_t now_s, char **code, struct err *err);

/* The organisation in force of this number and role, which nobody signs in as. */
bool organisation_get(
	struct db *db, struct arena *arena, enum role role, int64_t id, struct desk_grant *out);

/* An e-mail address that an envelope can carry without quotes. Pure. */
bool organisation_address_ok(struct bytes text);

/* What somebody wrote after /bind in a group (any case, '-' and blanks left out): the group is the
 * grant's liaison chat from now on. false: the code is wrong, used or too old. */
bool organisation_bind(struct db *db, struct arena *arena, struct bytes code, int64_t chat,
	int64_t now_s, struct desk_grant *out);

#endif
