/* SPDX-License-Identifier: Apache-2.0 */
/* Private to conn*.c. */
#ifndef MTPROTO_CONN_PRIVATE_H
#define MTPROTO_CONN_PRIVATE_H

#include "mtproto/conn.h"

/* conn.c */
/* Bytes were put into conn->out. */
void conn_wrote(struct mtproto_conn *conn);
/* Takes the packets that are there, until one has to wait. Inside server_enter. */
void conn_run(struct mtproto_conn *conn);

/* conn_plain.c */
void plain_take(struct mtproto_conn *conn, const struct transport_packet *packet);
/* Forgets what it waits for. */
void plain_drop(struct mtproto_conn *conn);

#endif
