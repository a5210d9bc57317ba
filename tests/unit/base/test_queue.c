/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: order per pusher, bound, closing, and nothing lost between threads. Lists by the way. */
#include "../unit.h"

#include <pthread.h>
#include <sched.h>

#include "base/queue.h"

struct item {
	struct list node;
	unsigned pusher, number;
};

#define PUSHERS 4
#define EACH 5000

static struct queue queue;
static struct item items[PUSHERS][EACH];

static void *push_all(void *arg)
{
	unsigned pusher = *(unsigned *)arg;

	for (unsigned i = 0; i < EACH; i++) {
		items[pusher][i] = (struct item){.pusher = pusher, .number = i};
		while (!queue_push(&queue, &items[pusher][i].node))
			sched_yield(); /* full */
	}
	return NULL;
}

static void *take_all(void *arg)
{
	unsigned *next = arg; /* PUSHERS of them */

	for (;;) {
		struct list batch;
		size_t count, seen = 0;

		list_init(&batch);
		count = queue_take_all(&queue, &batch, true);
		if (!count)
			return NULL;
		LIST_EACH_SAFE (it, &batch) {
			struct item *item = LIST_OWNER(it, struct item, node);

			list_remove(it);
			if (item->number != next[item->pusher])
				return (void *)"out of order";
			next[item->pusher]++;
			seen++;
		}
		if (seen != count || !list_empty(&batch))
			return (void *)"wrong count";
	}
}

static void test_nothing_is_lost_between_threads(void **state)
{
	unsigned numbers[PUSHERS], next[PUSHERS] = {0};
	pthread_t pushers[PUSHERS], taker;
	void *complaint;

	queue_init(&queue, 100);
	assert_int_equal(pthread_create(&taker, NULL, take_all, next), 0);
	for (unsigned i = 0; i < PUSHERS; i++) {
		numbers[i] = i;
		assert_int_equal(pthread_create(&pushers[i], NULL, push_all, &numbers[i]), 0);
	}
	for (unsigned i = 0; i < PUSHERS; i++)
		pthread_join(pushers[i], NULL);
	queue_close(&queue);
	pthread_join(taker, &complaint);
	assert_null(complaint);
	for (unsigned i = 0; i < PUSHERS; i++)
		assert_int_equal(next[i], EACH);
	queue_release(&queue);
}

static void test_bound_and_closing(void **state)
{
	struct item a, b, c;
	struct list out;

	list_init(&out);
	queue_init(&queue, 2);
	assert_int_equal(queue_take_all(&queue, &out, false), 0);
	assert_true(queue_push(&queue, &a.node));
	assert_true(queue_push(&queue, &b.node));
	assert_false(queue_push(&queue, &c.node));
	assert_int_equal(queue_size(&queue), 2);
	queue_close(&queue);
	queue_close(&queue);
	assert_int_equal(queue_take_all(&queue, &out, true), 2);
	assert_ptr_equal(out.next, &a.node);
	assert_ptr_equal(out.next->next, &b.node);
	assert_ptr_equal(out.prev, &b.node);
	assert_int_equal(queue_take_all(&queue, &out, true), 0);
	assert_false(queue_push(&queue, &c.node));
	queue_release(&queue);
}

static void test_taking_appends(void **state)
{
	struct item a, b;
	struct list out;
	size_t count = 0;

	list_init(&out);
	queue_init(&queue, 2);
	list_append(&out, &a.node);
	assert_true(queue_push(&queue, &b.node));
	assert_int_equal(queue_take_all(&queue, &out, true), 1);
	LIST_EACH (it, &out) {
		assert_ptr_equal(it, count ? &b.node : &a.node);
		assert_ptr_equal(it->prev->next, it);
		count++;
	}
	assert_int_equal(count, 2);
	list_remove(&a.node);
	list_remove(&a.node); /* in no list: nothing happens */
	assert_ptr_equal(out.next, &b.node);
	queue_release(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost_between_threads),
		cmocka_unit_test(test_bound_and_closing),
		cmocka_unit_test(test_taking_appends),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
