/* SPDX-License-Identifier: Apache-2.0 */
/* A client's connection: between net's bytes and mtproto's, over TCP or inside a WebSocket. */
#ifndef SERVER_LINK_H
#define SERVER_LINK_H

#include "server/thread.h"

struct link;

/* Of a fresh connection whose protocol is not known yet; the listener's owner is the struct
 * net_thread. */
extern const struct conn_ops link_sniff_ops;
extern const struct conn_limits link_sniff_limits;
/* Takes over an upgraded connection. */
void link_open_websocket(struct net_thread *thread, struct http_exchange *exchange);

/* For struct mtproto_host; ctx is the struct net_thread. */
enum mtproto_route link_key_id_seen(void *ctx, struct mtproto_conn *conn, uint64_t auth_key_id);
void link_key_new(void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key);
void link_output(void *ctx, struct mtproto_conn *conn);
void link_close(void *ctx, struct mtproto_conn *conn);
/* The peer's address, for rate limits. */
const struct address *link_peer(const struct mtproto_conn *conn);

#endif
