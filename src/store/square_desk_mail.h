/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of mails to the desk: which were taken, whose notices came by one, who was
 * told that he is not known. Tables mails_taken, notice_mails, mails_told, mails_counted. Plain
 * rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_MAIL_H
#define STORE_SQUARE_DESK_MAIL_H

#include "store/db.h"

struct desk_notice_mail {
	int64_t notice, at;
	struct bytes address;	   /* sealed: desk/mail/mail_notices.h */
	struct bytes address_hash; /* keyed */
	struct bytes message_id;   /* without brackets; may be empty */
	struct bytes language;
	struct bytes told; /* hash of the last letter's text; absent: none was sent */
};

/* false: it was taken before. */
bool desk_mail_take(struct db *db, struct bytes hash, int64_t now_s);

void desk_notice_mail_insert(struct db *db, const struct desk_notice_mail *mail);
bool desk_notice_mail_get(
	struct db *db, struct arena *arena, int64_t notice, struct desk_notice_mail *out);

/* The next notice of the case after this one that came by mail; 0: none. */
int64_t desk_notice_mail_next(struct db *db, int64_t case_id, int64_t after);
/* false: that is what was told last. */
bool desk_notice_mail_told(struct db *db, int64_t notice, struct bytes told);

/* false: he was told after this time already. */
bool desk_mail_tell(struct db *db, struct bytes address_hash, int64_t after_s, int64_t now_s);

/* One more notice of somebody unknown on that day (since 1970), of the address or, if the hash is
 * empty, of all: how many there are now. */
int64_t desk_mail_count(struct db *db, struct bytes address_hash, int64_t day);

/* Forgets what was taken, how many were, and who was told, before then. */
void desk_mail_drop(struct db *db, int64_t before_s);

#endif
