/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client says of itself with invokeWithLayer and initConnection: the layer counts at once,
 * layer and device are stored with the permanent key. A client may speak before its temporary key
 * is bound to one: then what it said waits here for the bind. Also notes that a login is in use.
 */
#ifndef SERVER_HELLO_H
#define SERVER_HELLO_H

#include "server/thread.h"

struct api_request;
struct hello;

/* On the key's thread, for each call. */
void hello_note(struct net_thread *thread, struct ring_key *key, const struct api_request *request);
/* The key was bound a moment ago. */
void hello_bound(struct net_thread *thread, struct ring_key *key);
void hello_free(struct hello *hello); /* NULL is fine */

#endif
