/* SPDX-License-Identifier: Apache-2.0 */
/* Between tls.c (connections) and tls_context.c (certificate, policy, ticket keys). */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "net/tls.h"

/* The next connection with the certificate of now. Never NULL. */
SSL *tls_connection_new(struct tls *tls);
/* The first reason in libssl's queue of this thread, which is emptied. */
int tls_error(struct err *err, const char *what);

#endif
