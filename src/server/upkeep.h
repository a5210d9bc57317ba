/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that nobody asks for, on the write executor: what is due by the clock, what grows by the
 * second and is purged. Each piece is a row of the table in upkeep.c with its own rhythm.
 */
#ifndef SERVER_UPKEEP_H
#define SERVER_UPKEEP_H

#include <stdatomic.h>

#include "base/clock_doubt.h"
#include "net/loop.h"
#include "store/home_calls.h"
#include "store/home_scheduled.h"
#include "store/home_sealed.h"

struct node;

#define UPKEEP_BEAT_S 1
#define UPKEEP_WORKS_MAX 32

struct upkeep {
	struct timer timer; /* of the loop that it was started on */
	struct node *node;
	struct loop *loop;
	int64_t due_us[UPKEEP_WORKS_MAX]; /* of each row, on the monotonic clock */
	struct clock_doubt doubt;

	int64_t accounts_cursor, boxes_cursor; /* the write executor's too */
	/* The write executor\'s: where the look at what waits for somebody goes on. */
	struct home_scheduled scheduled_cursor;
	struct home_call calls_cursor;	 /* the write executor's: where the look at calls goes on */
	struct home_resealing resealing; /* the write executor's */
	_Atomic uint32_t busy; /* bit of each row that has more left than it does at a time */
};

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop);
/* When the loop has ended, and the write executor has not: the last second is written. */
void upkeep_stop(struct upkeep *upkeep);

#endif
