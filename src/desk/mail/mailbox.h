/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mailbox instead of a mail server that hands over: mails are taken out of a folder by IMAP,
 * through lontar-fetch, one after the other. What is in the folder is still to be taken; there is
 * no second bookkeeping. A mail is removed when what it says is on disk, so a crash in between
 * makes it come again, and it is known then. What LMTP would refuse goes to another folder, for the
 * operator to look at: nobody is written to.
 */
#ifndef DESK_MAILBOX_H
#define DESK_MAILBOX_H

#include "desk/desk.h"
#include "desk/letters/errands.h"
#include "desk/mail/mail_out.h"
#include "desk/mail/mail_reader.h"
#include "desk/mail/mail_settings.h"

struct mailbox {
	struct desk *desk;
	const struct mail_settings *settings;
	struct errands *errands;
	struct mail_reader *reader;
	struct mail_out *out;
	struct loop *loop;
	struct timer timer; /* until the next look; off while one of its steps is under way */
	uint32_t uids[FETCH_UIDS_MAX]; /* of one look */
	size_t count, at;
	bool settled; /* one of this round has left the folder */
	bool away;    /* the last look failed; a change is logged once */
	bool ended;
	struct buf file; /* the mail that is being read */
};

/* Once the fields up to loop are set; the first look is the next thing the loop does. */
void mailbox_begin(struct mailbox *mailbox);
/* Nothing is begun any more. Before the reader is stopped. */
void mailbox_end(struct mailbox *mailbox);
/* After it. */
void mailbox_release(struct mailbox *mailbox);

#endif
