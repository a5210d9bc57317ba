/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends the outbox's mails, one after the other, through lontar-fetch. A mail is settled when the
 * operator's server has taken or refused it. If the desk dies between that and its note of it, the
 * mail goes out again with the same Message-ID: more SMTP does not offer. Bounces come back to an
 * address that names the item (mail_letter.h).
 */
#ifndef DESK_MAIL_OUT_H
#define DESK_MAIL_OUT_H

#include "desk/desk.h"
#include "desk/letters/errands.h"
#include "desk/mail/mail_settings.h"
#include "store/square_desk_outbox.h"

struct mail_out {
	struct desk *desk;
	const struct mail_settings *settings;
	struct errands *errands;
	bool busy, stuck;	  /* stuck: the last one waits; a change is logged once */
	struct desk_outgoing row; /* under way; its texts are gone */
};

/* Sends what is due, if nothing is under way. About every second, and after each one. */
void mail_out_look(struct mail_out *out);

#endif
