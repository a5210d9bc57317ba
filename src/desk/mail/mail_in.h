/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a mail that was read: a notice by the same gate as every other lane, an answer to
 * a question, a bounce of a letter of ours, or a refusal. Nobody is written to whom the operator's
 * mail server does not vouch for: what can't be taken is refused while the mail is handed over.
 */
#ifndef DESK_MAIL_IN_H
#define DESK_MAIL_IN_H

#include "desk/desk.h"
#include "desk/mail/mail_settings.h"
#include "mail/client.h"

/* For LMTP: a status and its words, of static memory. */
struct mail_verdict {
	int status;
	const char *words;
};

/* plus: what stands after '+' in the address that it came to, or absent. With status 250 all of it
 * is on disk. On the desk's thread; a transaction of its own. */
struct mail_verdict mail_in_take(struct desk *desk, const struct mail_settings *settings,
	struct bytes plus, const struct mail *mail);
/* A mail of the null sender, unread. */
struct mail_verdict mail_in_bounced(struct desk *desk, struct bytes plus);

/* A line in the log, by kind only: whose mail it is, and what is in it, nobody reads there. */
void mail_in_note(struct mail_verdict verdict);

/* Pure: did the operator's server find that the mail is by who From says? DKIM or SPF for that very
 * domain, or DMARC, which knows which domains belong together. */
bool mail_is_vouched_for(const struct mail *mail);

#endif
