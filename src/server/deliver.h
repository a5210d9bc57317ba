/* SPDX-License-Identifier: Apache-2.0 */
/* Effects, on a network thread: updates to the sessions that listen, and what the thread itself
 * must know. */
#ifndef SERVER_DELIVER_H
#define SERVER_DELIVER_H

#include "server/thread.h"

void deliver_init(struct net_thread *thread);
/* What is under way reaches nobody any more. Before the audience is released. */
void deliver_drop(struct net_thread *thread);

/* For bus_subscribe: ctx is the struct net_thread, item a struct effects. Posts a reference to the
 * thread. */
void deliver_post(void *ctx, void *item);

/* Begins to read the account's channels and country, if nobody did. */
void deliver_load_account(struct net_thread *thread, struct audience_account *account);

#endif
