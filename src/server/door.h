/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door: what a fresh connection goes through until it is known what it speaks, and is handed to
 * HTTP or to a link.
 *
 *	[PROXY header] -> first bytes -> [TLS -> first bytes inside] -> HTTP | MTProto
 *			      \-> fake TLS with a secret -> MTProto | strangers: veil.h
 *
 * All of it within node->door_limits: whoever has not said by then what he wants is gone.
 */
#ifndef SERVER_DOOR_H
#define SERVER_DOOR_H

#include "server/node.h"

/* Of a listener whose owner is the struct net_thread. */
extern const struct conn_ops door_ops;

/* Before the threads: limits, trusted proxies and certificate, as the settings say; the certificate
 * comes through node->tls_fd if that is not below 0. */
MUST_CHECK int door_open(struct node *node, struct err *err);
void door_close(struct node *node);
/* The certificate has changed. Any thread. A broken file is logged and changes nothing. */
void door_reload(struct node *node);

#endif
