/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail at the desk, put together: DIR/desk/mail.ini, what has to be there before the wall (the
 * socket, the starter of lontar-mail), and what runs behind it.
 *
 *   IMAP --> mailbox (lontar-fetch) --> mail_reader, and on as below
 *   LMTP --> lmtp_server --> mail_reader (lontar-mail) --> mail_in --> the gate, the outbox
 *   the outbox --> mail_out (lontar-fetch) --> SMTP
 */
#ifndef DESK_MAIL_H
#define DESK_MAIL_H

#include "desk/desk.h"
#include "desk/letters/errands.h"
#include "net/loop.h"

struct mail_desk;

/* Before the wall and before any thread. Off unless the settings say otherwise. starter_fd: what
 * starts lontar-mail, if somebody else made it; taken over. */
MUST_CHECK int mail_prepare(
	const char *data_dir, int starter_fd, struct mail_desk **out, struct err *err);
/* After the wall. errands: NULL: nothing goes out. */
MUST_CHECK int mail_start(struct mail_desk *mail, struct desk *desk, struct errands *errands,
	struct loop *loop, struct err *err);
/* Sends what waits. About every second. */
void mail_tick(struct mail_desk *mail);
/* Before errands and loop are freed. NULL is fine. */
void mail_stop(struct mail_desk *mail);

#endif
