/* SPDX-License-Identifier: Apache-2.0 */
/* Mails on their way through lontar-mail, a process for each, on threads that may wait for it. */
#ifndef DESK_MAIL_READER_H
#define DESK_MAIL_READER_H

#include "mail/client.h"
#include "net/loop.h"

struct mail_reader;

/* On the loop's thread. mail: valid during the call; NULL: it can't be read now, which is not its
 * fault. */
typedef void mail_read_done(void *ctx, const struct mail *mail);

/* The starter's first program is MAIL_PROGRAM. starter, and what server points to, must stay. */
MUST_CHECK struct mail_reader *mail_reader_start(struct starter *starter,
	const struct mail_server *server, struct loop *loop, struct err *err);
/* file must stay until done is called. */
void mail_reader_take(
	struct mail_reader *reader, struct bytes file, mail_read_done *done, void *ctx);
/* On the loop's thread, before the loop is freed. What is not read is done with NULL. NULL is
 * fine. */
void mail_reader_stop(struct mail_reader *reader);

#endif
