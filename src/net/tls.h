/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS 1.2 and 1.3 in the server role, as a connection's filter. One struct tls holds a certificate
 * for all threads; it may be given another one at any time: handshakes that begin later use that,
 * connections keep theirs.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "net/conn.h"

struct tls;

/* PEM texts: the certificate with its chain, and its private key (not encrypted); one text may
 * serve as both. NULL and *err if they can't be read or don't belong together. Must outlive its
 * filters. */
MUST_CHECK struct tls *tls_new(struct bytes certificate, struct bytes key, struct err *err);
void tls_free(struct tls *tls); /* takes NULL */
/* -1 and *err: the old certificate stays. Any thread. */
MUST_CHECK int tls_replace(
	struct tls *tls, struct bytes certificate, struct bytes key, struct err *err);
/* Seconds until the certificate ends; below 0: it has. Any thread. */
int64_t tls_valid_for_s(struct tls *tls);
/* Whether the certificate is for that name. Any thread. */
bool tls_has_name(struct tls *tls, struct bytes name);

/* For conn_set_filter(), with the ClientHello still unread. Any thread. */
struct conn_filter *tls_filter_new(struct tls *tls);

#endif
