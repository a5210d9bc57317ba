/* SPDX-License-Identifier: Apache-2.0 */
/* What who mails the desk is answered, in English or Indonesian. Each goes to the outbox, inside
 * the caller's transaction. */
#ifndef DESK_MAIL_REPLIES_H
#define DESK_MAIL_REPLIES_H

#include "desk/mail/mail_notices.h"
#include "mail/client.h"

struct mail_reply {
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	int64_t now_s;
	struct notice_mail to;
	const struct mail *mail; /* what is answered */
	bool stranger;		 /* not known to the desk */
};

/* The notice was taken, and is kept as one that came by mail. */
void mail_reply_receipt(const struct mail_reply *reply, int64_t notice);
/* gate: of 422, or {"error"}. form: name of the form that was used, or NULL. */
void mail_reply_refused(const struct mail_reply *reply, const json_t *gate, const char *form);
/* There is no form in it. */
void mail_reply_no_form(const struct mail_reply *reply);
/* More notices of strangers came on this day than are taken. */
void mail_reply_enough(const struct mail_reply *reply);
void mail_reply_unknown(const struct mail_reply *reply);
/* error: NULL: the answer was taken. */
void mail_reply_answered(const struct mail_reply *reply, int64_t notice, const char *error);

#endif
