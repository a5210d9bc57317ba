/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The costly steps of key creation, on threads of their own at lower priority: who has a key is
 * served before who makes one. Addresses take turns, so that a flood from one makes nobody else
 * wait, and the queue is bounded, in all and for each address.
 */
#ifndef SERVER_KEY_WORK_H
#define SERVER_KEY_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct key_work;
struct mtproto_conn;
struct handshake_job;

struct key_work_limits {
	int threads;
	size_t waiting_max;	    /* a core does some 250 keys a second, so that the last waits
				       for seconds */
	size_t address_waiting_max; /* of one address, but this machine's own: a proxy */
};

MUST_CHECK struct key_work *key_work_new(const struct key_work_limits *limits, struct err *err);
/* When the network threads have ended, but not their loops: what waits is handed back to them. */
void key_work_stop(struct key_work *work);
/* After the loops. NULL is fine for both. */
void key_work_free(struct key_work *work);
size_t key_work_waiting(struct key_work *work);

/* For struct mtproto_host; ctx is the struct net_thread. */
bool key_work_begin(void *ctx, struct mtproto_conn *conn, struct handshake_job *job);
void key_work_drop(void *ctx, struct mtproto_conn *conn);

#endif
