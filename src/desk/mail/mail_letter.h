/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A letter of the desk as RFC 5322 text, and the marks in it by which an answer or a bounce finds
 * its way back:
 *
 *   Subject      ... [N-7]                notice 7
 *   Message-ID   <n7.REQUEST@domain>      REQUEST: of the outbox, the same at each try
 *   Reply-To     local+n7@domain
 *   the envelope local+b12.MAC@domain     item 12 of the outbox
 *
 * Pure.
 */
#ifndef DESK_MAIL_LETTER_H
#define DESK_MAIL_LETTER_H

#include "base/buf.h"
#include "crypto/keybox.h"
#include "desk/mail/mail_settings.h"
#include "store/square_desk_outbox.h"

/* "[N-7]" of the notice, for the end of a subject. */
#define MAIL_TOKEN "[N-%lld]"

/* The notice that a subject, a "n7" before the '@' (or absent) or an In-Reply-To without brackets
 * speaks of; 0: none. Whose notice it is, the caller looks at. */
int64_t mail_notice_of(const struct mail_settings *settings, struct bytes subject,
	struct bytes plus, struct bytes in_reply_to);

void mail_letter_append(
	struct buf *out, const struct mail_settings *settings, const struct desk_outgoing *row);

/* Where bounces of this item come to. */
char *mail_bounce_address(struct arena *arena, const struct mail_settings *settings,
	const struct keybox *box, int64_t item);
/* The item whose bounces come to local+plus@domain; 0: none. */
int64_t mail_bounce_item(const struct keybox *box, struct bytes plus);

#endif
