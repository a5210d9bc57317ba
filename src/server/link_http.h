/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTProto over HTTP: the body of a request is one packet, the body of the answer another one or
 * nothing. https://core.telegram.org/mtproto/transports#http
 */
#ifndef SERVER_LINK_HTTP_H
#define SERVER_LINK_HTTP_H

#include "server/thread.h"

/* POST. On the connection's thread; the exchange is answered on the thread of its key. */
void link_http_take(struct net_thread *here, struct http_exchange *exchange);
/* OPTIONS: what a browser asks before a page from elsewhere may post. */
void link_http_preflight(const struct node *node, struct http_exchange *exchange);
/* "/api", "/apiw1", "/apiw_test1", ...: is it a path that clients post packets to? */
bool link_http_knows_path(struct bytes path);

/* The threads have ended: answers what waits, so that no answer goes to a loop that is gone. */
void link_http_stop(struct net_thread *thread);

#endif
