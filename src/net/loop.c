/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: rounds over epoll, tasks from other threads, timers, deferred work. It knows
 * descriptors and callbacks; what a connection is stands in conn.c.
 */
#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/loop_private.h"

/* How often the stages of a round's end are gone through before new input gets its turn again. */
#define DEFER_PASSES_MAX 8

/* What sources that are patient get of a round in which they are many. Whoever works waits for it
 * once or twice with each message: it is short of what a message takes anyway. */
#define PATIENT_US 500
/* And so many at most: closing one costs more, and comes at the round's end. */
#define PATIENT_EVENTS 48

/* Bounds how long a round keeps answers, timers and posts waiting. The kernel tells again of the
 * rest. */
#define EVENTS_PER_ROUND 256

/* Beyond so many loops at once each is woken by itself. */
#define HELD_WAKES_MAX 64

static _Thread_local struct loop *current;

static int64_t monotonic_ms(void)
{
	return clock_monotonic_us(&clock_system) / 1000;
}

static void wake_ready(struct loop_source *source, uint32_t epoll_events)
{
	/* Edge-triggered, so the counter needs no reading: a system call less per wake-up. */
	(void)source;
	(void)epoll_events;
}

struct loop *loop_new(struct err *err)
{
	struct loop *loop = MEM_NEW(struct loop);

	loop->scratch = mem_alloc(LOOP_SCRATCH_SIZE);
	list_init(&loop->conns);
	for (int i = 0; i < DEFER_STAGES; i++)
		list_init(&loop->deferred[i]);
	loop->now_ms = monotonic_ms();
	timer_wheel_init(&loop->wheel, loop->now_ms);
	crowd_init(&loop->crowd, loop);

	loop->wake.fd = -1;
	loop->wake.ready = wake_ready;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		err_errno(err, "epoll_create1");
		goto fail;
	}
	loop->wake.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (loop->wake.fd < 0) {
		err_errno(err, "eventfd");
		goto fail;
	}
	if (loop_add(loop, &loop->wake, EPOLLIN | EPOLLET, err) < 0)
		goto fail;
	return loop;
fail:
	if (loop->wake.fd >= 0)
		close(loop->wake.fd);
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	free(loop->scratch);
	free(loop);
	return NULL;
}

static void wake(struct loop *loop)
{
	uint64_t one = 1;
	/* EAGAIN: the counter is full, so the loop was woken often enough already. */
	ssize_t n = write(loop->wake.fd, &one, sizeof(one));
	(void)n;
}

/* Loops to wake when the thread lets go. */
static _Thread_local struct {
	bool on;
	size_t count;
	struct loop *loops[HELD_WAKES_MAX];
} held;

static void wake_or_hold(struct loop *loop)
{
	if (held.on && held.count < HELD_WAKES_MAX)
		held.loops[held.count++] = loop;
	else
		wake(loop);
}

void loop_hold_wakes(void)
{
	held.on = true;
}

void loop_release_wakes(void)
{
	held.on = false;
	while (held.count > 0)
		wake(held.loops[--held.count]);
}

void loop_post(struct loop *loop, struct loop_task *task)
{
	struct loop_task *head = atomic_load_explicit(&loop->posted, memory_order_relaxed);

	do {
		task->next = head;
	} while (!atomic_compare_exchange_weak_explicit(
		&loop->posted, &head, task, memory_order_release, memory_order_relaxed));
	/* Whoever finds the stack empty wakes; the loop itself looks before it sleeps. */
	if (!head && current != loop)
		wake_or_hold(loop);
}

static bool run_posted(struct loop *loop)
{
	struct loop_task *newest =
		atomic_exchange_explicit(&loop->posted, NULL, memory_order_acquire);
	struct loop_task *oldest = NULL;

	while (newest) {
		struct loop_task *next = newest->next;
		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	if (!oldest)
		return false;
	while (oldest) {
		struct loop_task *next = oldest->next; /* run may free it */
		oldest->next = NULL;
		oldest->run(oldest);
		oldest = next;
	}
	return true;
}

void deferred_init(struct deferred *deferred, void (*run)(struct deferred *deferred))
{
	list_init(&deferred->node);
	deferred->run = run;
}

void loop_defer(struct loop *loop, struct deferred *deferred, enum defer_stage stage)
{
	if (list_empty(&deferred->node))
		list_append(&loop->deferred[stage], &deferred->node);
}

void deferred_cancel(struct deferred *deferred)
{
	list_remove(&deferred->node);
}

/* Once each for those that are here now; what they defer anew waits for the next pass. */
static void run_stage(struct list *stage)
{
	struct list batch;

	if (list_empty(stage))
		return;
	batch = *stage;
	batch.prev->next = batch.next->prev = &batch;
	list_init(stage);
	while (!list_empty(&batch)) {
		struct deferred *deferred = LIST_OWNER(batch.next, struct deferred, node);
		list_remove(&deferred->node);
		deferred->run(deferred);
	}
}

static bool has_deferred(const struct loop *loop)
{
	for (int i = 0; i < DEFER_STAGES; i++)
		if (!list_empty(&loop->deferred[i]))
			return true;
	return false;
}

static void end_round(struct loop *loop)
{
	/* What a stage defers to itself (a sender whose on_drain packs more) gets some passes in
	 * this round, then yields to new input: nobody may keep the loop to himself. */
	for (int pass = 0; pass < DEFER_PASSES_MAX && has_deferred(loop); pass++)
		for (int i = 0; i < DEFER_STAGES; i++)
			run_stage(&loop->deferred[i]);
}

static int wait_ms(const struct loop *loop, int max_wait_ms)
{
	int64_t next = timer_wheel_next(&loop->wheel);
	int64_t wait = max_wait_ms < 0 ? INT_MAX : max_wait_ms;

	if (has_deferred(loop) || atomic_load(&loop->posted) || atomic_load(&loop->stopping))
		return 0;
	if (next >= 0) {
		int64_t until = next - monotonic_ms();
		if (until < wait)
			wait = until > 0 ? until : 0;
	}
	return wait == INT_MAX ? -1 : (int)wait;
}

static void run_event(struct epoll_event *event)
{
	struct loop_source *source = event->data.ptr;

	event->data.ptr = NULL;
	if (source)
		source->ready(source, event->events);
}

/* Each in its turn, from where the last round stopped: the kernel tells those first that it told
 * first before, so that some could keep the others from ever being heard. */
static void run_patient(struct loop *loop)
{
	int64_t until_us = clock_monotonic_us(&clock_system) + PATIENT_US;
	int count = loop->event_count, done = 0, run = 0;

	for (; done < count; done++) {
		struct epoll_event *event =
			&loop->events[(loop->turn + (unsigned)done) % (unsigned)count];
		struct loop_source *source = event->data.ptr;

		if (!source || !source->patient)
			continue;
		run_event(event);
		if (++run == PATIENT_EVENTS || clock_monotonic_us(&clock_system) >= until_us)
			break;
	}
	loop->turn = (loop->turn + (unsigned)done + 1) % (unsigned)count;
}

static void run_events(struct loop *loop)
{
	int run = 0;

	for (int i = 0; i < loop->event_count && run < EVENTS_PER_ROUND; i++) {
		struct loop_source *source = loop->events[i].data.ptr;

		if (!source || source->patient)
			continue;
		run_event(&loop->events[i]);
		run++;
	}
	if (loop->event_count > run)
		run_patient(loop);
	loop->event_count = 0;
}

void loop_step(struct loop *loop, int max_wait_ms)
{
	struct loop *outer = current;

	assert(!outer || outer == loop);
	current = loop;
	loop->event_count = epoll_wait(
		loop->epoll_fd, loop->events, LOOP_EVENTS_MAX, wait_ms(loop, max_wait_ms));
	if (loop->event_count < 0) {
		assert(errno == EINTR);
		loop->event_count = 0;
	}
	/* What the events start counts from here. The wheel follows after the events: a byte that
	 * came in time beats its deadline, however long the process was held up. */
	loop->now_ms = monotonic_ms();
	run_events(loop);
	run_posted(loop);
	timer_wheel_advance(&loop->wheel, loop->now_ms);
	end_round(loop);
	current = outer;
}

void loop_run(struct loop *loop)
{
	while (!atomic_load(&loop->stopping))
		loop_step(loop, -1);
	loop_step(loop, 0); /* what was posted before the stop */
	atomic_store(&loop->stopping, false);
}

void loop_stop(struct loop *loop)
{
	atomic_store(&loop->stopping, true);
	wake(loop);
}

void loop_free(struct loop *loop)
{
	struct loop *outer;

	if (!loop)
		return;
	outer = current;
	current = loop; /* what runs now runs as if in the loop */
	loop->freeing = true;
	do {
		conn_close_all(loop);
		end_round(loop);
	} while (run_posted(loop) || has_deferred(loop) || !list_empty(&loop->conns));
	current = outer;
	crowd_release(&loop->crowd);
	close(loop->wake.fd);
	close(loop->epoll_fd);
	free(loop->scratch);
	free(loop);
}

int64_t loop_now_ms(const struct loop *loop)
{
	return loop->now_ms;
}

struct loop *loop_current(void)
{
	return current;
}

void loop_timer_start(struct loop *loop, struct timer *timer, int64_t delay_ms)
{
	/* The wheel is behind while events run; at least 1, so that a timer of 0 can't starve the
	 * loop. */
	if (delay_ms < 1)
		delay_ms = 1;
	timer_wheel_start(&loop->wheel, timer, loop->now_ms - loop->wheel.now_ms + delay_ms);
}

int loop_add(struct loop *loop, struct loop_source *source, uint32_t epoll_events, struct err *err)
{
	struct epoll_event event = {.events = epoll_events, .data.ptr = source};

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, source->fd, &event) < 0)
		return err_errno(err, "epoll_ctl add");
	return 0;
}

void loop_modify(struct loop *loop, struct loop_source *source, uint32_t epoll_events)
{
	struct epoll_event event = {.events = epoll_events, .data.ptr = source};
	int status = epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, source->fd, &event);

	assert(status == 0);
	(void)status;
}

void loop_remove(struct loop *loop, struct loop_source *source)
{
	int status = epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);

	assert(status == 0);
	(void)status;
	for (int i = 0; i < loop->event_count; i++)
		if (loop->events[i].data.ptr == source)
			loop->events[i].data.ptr = NULL;
}
