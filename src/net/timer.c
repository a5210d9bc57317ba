/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timer wheel. Time is read as a number in base 64. A timer waits at the level of the highest
 *digit in which its due time differs from the wheel's time, in the slot of its own digit there:
 *
 *	now = 0 2 17 05     due = 0 2 40 11  ->  level 1, slot 40
 *	                    due = 0 2 17 09  ->  level 0, slot 9
 *
 * When time reaches the beginning of a slot of a higher level, its timers move down; those of level
 *0 fire. Slots of one level are thus all ahead of now's digit, and lower levels are due before
 *higher ones.
 */
#include "net/timer.h"

#include <assert.h>

#define DIGIT_BITS 6

void timer_init(struct timer *timer, void (*fire)(struct timer *timer))
{
	list_init(&timer->node);
	timer->due_ms = 0;
	timer->fire = fire;
}

void timer_stop(struct timer *timer)
{
	/* The slot's bit may stay behind: it costs one early wake-up, and spares the timer its
	 * place. */
	list_remove(&timer->node);
}

void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms)
{
	wheel->now_ms = now_ms;
	for (int level = 0; level < TIMER_LEVELS; level++) {
		wheel->used[level] = 0;
		for (int slot = 0; slot < TIMER_SLOTS; slot++)
			list_init(&wheel->slots[level][slot]);
	}
}

/* due_ms is after now_ms. */
static void place(struct timer_wheel *wheel, struct timer *timer)
{
	uint64_t differ = (uint64_t)timer->due_ms ^ (uint64_t)wheel->now_ms;
	int level = (63 - __builtin_clzll(differ)) / DIGIT_BITS;
	int slot;

	/* A carry out of the highest digit: look again when that digit wraps. */
	if (level >= TIMER_LEVELS)
		level = TIMER_LEVELS - 1;
	slot = (timer->due_ms >> (level * DIGIT_BITS)) & (TIMER_SLOTS - 1);
	list_append(&wheel->slots[level][slot], &timer->node);
	wheel->used[level] |= (uint64_t)1 << slot;
}

void timer_wheel_start(struct timer_wheel *wheel, struct timer *timer, int64_t delay_ms)
{
	assert(timer->fire);
	timer_stop(timer);
	if (delay_ms < 1)
		delay_ms = 1;
	if (delay_ms > TIMER_DELAY_MAX_MS)
		delay_ms = TIMER_DELAY_MAX_MS;
	timer->due_ms = wheel->now_ms + delay_ms;
	place(wheel, timer);
}

/* When the first used slot of a level begins, or -1. */
static int64_t level_next(const struct timer_wheel *wheel, int level)
{
	int shift = level * DIGIT_BITS;
	int digit = (wheel->now_ms >> shift) & (TIMER_SLOTS - 1);
	int64_t turn = wheel->now_ms >> (shift + DIGIT_BITS) << (shift + DIGIT_BITS);
	uint64_t ahead;

	if (!wheel->used[level])
		return -1;
	ahead = digit == TIMER_SLOTS - 1 ? 0 : wheel->used[level] >> (digit + 1) << (digit + 1);
	if (ahead)
		return turn + ((int64_t)__builtin_ctzll(ahead) << shift);
	/* Only the highest level wraps; the slot lies in the next turn. */
	turn += (int64_t)1 << (shift + DIGIT_BITS);
	return turn + ((int64_t)__builtin_ctzll(wheel->used[level]) << shift);
}

int64_t timer_wheel_next(const struct timer_wheel *wheel)
{
	for (int level = 0; level < TIMER_LEVELS; level++) {
		int64_t next = level_next(wheel, level);
		if (next >= 0)
			return next;
	}
	return -1;
}

/* The slot of a level begins now: fire what is due, move the rest down. */
static void open_slot(struct timer_wheel *wheel, int level)
{
	int shift = level * DIGIT_BITS;
	int slot = (wheel->now_ms >> shift) & (TIMER_SLOTS - 1);
	struct list *head = &wheel->slots[level][slot];
	struct list waiting;

	if (wheel->now_ms & (((int64_t)1 << shift) - 1)) /* in its middle, not at its beginning */
		return;
	if (!(wheel->used[level] & ((uint64_t)1 << slot)))
		return;
	wheel->used[level] &= ~((uint64_t)1 << slot);

	/* Aside first: fire may start timers that fall into this very slot, a turn later. */
	list_init(&waiting);
	while (!list_empty(head)) {
		struct list *node = head->next;
		list_remove(node);
		list_append(&waiting, node);
	}
	while (!list_empty(&waiting)) {
		struct timer *timer = LIST_OWNER(waiting.next, struct timer, node);
		list_remove(&timer->node);
		if (timer->due_ms <= wheel->now_ms)
			timer->fire(timer);
		else
			place(wheel, timer);
	}
}

void timer_wheel_advance(struct timer_wheel *wheel, int64_t now_ms)
{
	for (;;) {
		int64_t next = timer_wheel_next(wheel);
		if (next < 0 || next > now_ms)
			break;
		wheel->now_ms = next;
		for (int level = TIMER_LEVELS - 1; level >= 0; level--)
			open_slot(wheel, level);
	}
	if (now_ms > wheel->now_ms)
		wheel->now_ms = now_ms;
}
