/* SPDX-License-Identifier: Apache-2.0 */
/* A client's connection: between net's bytes and mtproto's, over TCP or inside a WebSocket; over
 * HTTP (link_http.h) one of its requests. */
#ifndef SERVER_LINK_H
#define SERVER_LINK_H

#include "server/thread.h"

struct link;

/* Takes over a connection that speaks MTProto, with its first bytes unread. secrets: that it may or
 * must be obfuscated with; NULL: none. */
void link_open_tcp(
	struct net_thread *thread, struct conn *conn, const struct transport_secrets *secrets);
/* Takes over an upgraded connection. */
void link_open_websocket(struct net_thread *thread, struct http_exchange *exchange);

/* For struct mtproto_host; ctx is the struct net_thread. */
enum mtproto_route link_key_id_seen(void *ctx, struct mtproto_conn *conn, uint64_t auth_key_id);
void link_key_new(void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key);
void link_output(void *ctx, struct mtproto_conn *conn);
void link_close(void *ctx, struct mtproto_conn *conn);
uint64_t link_place(void *ctx, const struct mtproto_conn *conn);
/* It took what had waited: see to the rest. */
void link_went_on(struct mtproto_conn *conn);
/* link_http.c */
void link_wake_after(void *ctx, struct mtproto_conn *conn, int64_t delay_us);
/* The peer's address, for rate limits. */
const struct address *link_peer(const struct mtproto_conn *conn);

#endif
