/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messenger while its vault is sealed: it accepts connections and keeps them, answers nothing
 * that it can't answer, tells whoever asks what it waits for, and passes custodians' shares on. The
 * home stays closed. When the vault opens the process ends, and the supervisor starts the messenger
 * that serves: clients connect again and send again what was not acknowledged, which is everything.
 */
#ifndef SERVER_SEALED_H
#define SERVER_SEALED_H

#include <signal.h>

#include "server/node.h"

#define SEALED_EXIT_OPENED 75 /* the vault is open, or has a new root: start it again, at once */

/* The routes of a sealed messenger; owner: struct node. */
void sealed_on_request(struct http_exchange *exchange, void *owner);
void sealed_on_metrics_request(struct http_exchange *exchange, void *owner);

/* Waits, with the network threads running, until the vault is open or a signal of the mask comes:
 * true, or false. */
bool sealed_wait(struct node *node, const sigset_t *mask);

#endif
