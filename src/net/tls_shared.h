/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate and its key on their way to other processes of ours: as PEM text in a file in
 * memory, for those that can't open the files, or must go on with the last good ones. The writer
 * tells the readers when it has changed (SIGHUP). Who reads half of it keeps what he had.
 */
#ifndef NET_TLS_SHARED_H
#define NET_TLS_SHARED_H

#include "net/tls.h"

/* -1 and *err; else the descriptor, closed on exec. */
MUST_CHECK int tls_shared_make(struct err *err);
MUST_CHECK int tls_shared_write(int fd, struct bytes pem, struct err *err);
/* Into *tls: made if it is NULL, else given what the file holds. */
MUST_CHECK int tls_shared_load(int fd, struct tls **tls, struct err *err);

/* The same from text; pem holds both. */
MUST_CHECK int tls_load(struct bytes pem, struct tls **tls, struct err *err);
/* Logs until when the certificate is good: an error if it has ended, a warning if it soon does. */
void tls_log_validity(struct tls *tls);

#endif
