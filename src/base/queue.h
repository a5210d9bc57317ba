/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded queue from many threads to one or more takers. Nodes are intrusive (list.h) and owned
 * by the queue between push and take. A taker gets everything that waits at once, in the order of
 * pushing: handing over batches is what makes threads cheap. All functions but init and release are
 * thread-safe.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <pthread.h>

#include "base/attr.h"
#include "base/list.h"

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t ready; /* something was pushed, or the queue was closed */
	struct list items;
	size_t size, max;
	bool closed;
};

/* max: nodes that may wait; the pusher is refused beyond. */
void queue_init(struct queue *queue, size_t max);
/* The queue is empty and nobody uses it any more. */
void queue_release(struct queue *queue);

/* false: full or closed; the node is still the caller's, who must answer for it. The node need not
 * be initialised and is in no list. */
MUST_CHECK bool queue_push(struct queue *queue, struct list *node);
/* Moves all nodes to the end of *out (an initialised list) and says how many. With wait, sleeps
 * until there is one; then 0 means: closed and empty, stop. Without wait, 0 means: nothing now. */
size_t queue_take_all(struct queue *queue, struct list *out, bool wait);
/* No more pushes; takers get what is left and then 0. Idempotent. */
void queue_close(struct queue *queue);
/* Nodes waiting now: for metrics. */
size_t queue_size(struct queue *queue);

#endif
