/* SPDX-License-Identifier: Apache-2.0 */
/* Whose notice came by mail: the address, so that what becomes of it is told there. It is sealed
 * with the key of DIR/desk/people.key: who copies the database has no list of who complained. */
#ifndef DESK_MAIL_NOTICES_H
#define DESK_MAIL_NOTICES_H

#include "desk/desk.h"

#define MAIL_LANGUAGE_EN "en"
#define MAIL_LANGUAGE_ID "id"

struct notice_mail {
	struct bytes address;
	struct bytes message_id; /* of the mail, without brackets; may be empty */
	struct bytes language;	 /* en, id */
};

/* All inside a transaction. */
void notice_mail_keep(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	const struct notice_mail *mail, int64_t now_s);
/* false: the notice did not come by mail (or its address can't be opened any more). */
bool notice_mail_get(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	struct notice_mail *out);
/* By which addresses are compared. */
void notice_mail_hash(const struct desk *desk, struct arena *arena, struct bytes address,
	uint8_t out[KEYBOX_HASH_SIZE]);

/* The desk's answer to the notice as of now (desk/lanes/notice_answers.h), unless that is what was
 * told last: a receipt, a question, what was done, or why nothing was. more: goes below it; may be
 * empty. Nothing if the notice did not come by mail. */
void notice_mail_answer(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	const char *more, int64_t now_s);
/* The same to all whose notices about the case came by mail. Whenever something happened to it. */
void notice_mail_answer_all(
	struct desk *desk, struct db *db, struct arena *arena, int64_t case_id, int64_t now_s);

/* Writes to who sent the notice, in reply to the mail: the subject gets the notice's token. */
void notice_mail_tell(struct db *db, struct arena *arena, int64_t notice, int64_t case_id,
	const struct notice_mail *mail, const char *subject, const char *text, int64_t now_s);

#endif
