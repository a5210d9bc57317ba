/* SPDX-License-Identifier: Apache-2.0 */
/* A device asked for what it does not have of its secret chats yet: what it has is deleted, behind
 * the answer, on the write executor. */
#ifndef SERVER_SECRET_HEARD_H
#define SERVER_SECRET_HEARD_H

#include "server/node.h"

/* effect: EFFECT_SECRET_HEARD. Any thread. */
void secret_heard_submit(struct node *node, const struct effect *effect);

#endif
