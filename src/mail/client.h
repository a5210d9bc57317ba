/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For who wants to know what a mail says: a lontar-mail of its own per call reads it, so that a
 * hostile mail costs one process and nothing else. Blocking, up to half a minute on a machine that
 * is busy; not for a network thread. Any thread.
 */
#ifndef MAIL_CLIENT_H
#define MAIL_CLIENT_H

#include "cage/starter.h"
#include "mail/protocol.h"

#define MAIL_PROGRAM "lontar-mail"

/* which: the place of MAIL_PROGRAM in the starter's list. answer is replaced and *out points into
 * it. 0 with out->result also for mails that broke the reader or took too much of it; -1 when
 * lontar-mail itself can't be used now, whatever the mail. */
MUST_CHECK int mail_ask(struct starter *starter, uint8_t which, const struct mail_server *server,
	struct bytes file, struct buf *answer, struct mail *out, struct err *err);

#endif
