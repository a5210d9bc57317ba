/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers with a resolution of a millisecond on a hierarchical wheel: starting and stopping cost the
 * same with ten timers or a million. The timer sits in its owner's struct. A timer belongs to the
 * loop that it was started on and is touched by that loop's thread only.
 */
#ifndef NET_TIMER_H
#define NET_TIMER_H

#include <stdint.h>

#include "base/list.h"

struct timer {
	struct list node;
	int64_t due_ms; /* on the wheel's clock */
	void (*fire)(struct timer *timer);
};

#define TIMER_LEVELS 6
#define TIMER_SLOTS 64
/* Longer delays are cut to this (two years). */
#define TIMER_DELAY_MAX_MS (((int64_t)1 << (6 * TIMER_LEVELS)) - 1)

/* A timer is kept at the level of the highest base-64 digit in which its due time differs from now.
 */
struct timer_wheel {
	int64_t now_ms;
	uint64_t used[TIMER_LEVELS]; /* a bit per slot that may hold timers */
	struct list slots[TIMER_LEVELS][TIMER_SLOTS];
};

void timer_init(struct timer *timer, void (*fire)(struct timer *timer));
/* Of an initialised timer; stopping one that does not run is fine. fire may stop and start any
 * timer, and may free the memory of its own. */
void timer_stop(struct timer *timer);

static inline bool timer_is_running(const struct timer *timer)
{
	return timer->node.next != &timer->node;
}

/* For loop.c and tests; everybody else uses loop_timer_start(). */
void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms);
void timer_wheel_start(struct timer_wheel *wheel, struct timer *timer, int64_t delay_ms);
/* Fires all that is due by now_ms, in order of due time. */
void timer_wheel_advance(struct timer_wheel *wheel, int64_t now_ms);
/* A time before which nothing fires (it may be early, never late), or -1 if no timer runs. */
int64_t timer_wheel_next(const struct timer_wheel *wheel);

#endif
