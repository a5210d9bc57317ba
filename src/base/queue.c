/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the lock and the order of a queue between threads. Does not own threads. */
#include "base/queue.h"

#include <assert.h>

void queue_init(struct queue *queue, size_t max)
{
	*queue = (struct queue){.max = max};
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->ready, NULL);
	list_init(&queue->items);
}

void queue_release(struct queue *queue)
{
	assert(list_empty(&queue->items));
	pthread_cond_destroy(&queue->ready);
	pthread_mutex_destroy(&queue->mutex);
}

bool queue_push(struct queue *queue, struct list *node)
{
	bool taken;

	pthread_mutex_lock(&queue->mutex);
	taken = !queue->closed && queue->size < queue->max;
	if (taken) {
		list_append(&queue->items, node);
		/* A taker empties the queue, so only the first of a batch has somebody to wake. */
		if (queue->size++ == 0)
			pthread_cond_signal(&queue->ready);
	}
	pthread_mutex_unlock(&queue->mutex);
	return taken;
}

static void move_all(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

size_t queue_take_all(struct queue *queue, struct list *out, bool wait)
{
	size_t taken;

	pthread_mutex_lock(&queue->mutex);
	while (wait && queue->size == 0 && !queue->closed)
		pthread_cond_wait(&queue->ready, &queue->mutex);
	taken = queue->size;
	move_all(&queue->items, out);
	queue->size = 0;
	pthread_mutex_unlock(&queue->mutex);
	return taken;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->closed = true;
	pthread_cond_broadcast(&queue->ready);
	pthread_mutex_unlock(&queue->mutex);
}

size_t queue_size(struct queue *queue)
{
	size_t size;

	pthread_mutex_lock(&queue->mutex);
	size = queue->size;
	pthread_mutex_unlock(&queue->mutex);
	return size;
}
