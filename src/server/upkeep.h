/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that nobody asks for, on the write executor: every few seconds what grows by the second is
 * purged and the last second of message ids is written; once a minute the rest.
 */
#ifndef SERVER_UPKEEP_H
#define SERVER_UPKEEP_H

#include <stdatomic.h>

#include "net/loop.h"
#include "store/home_calls.h"

struct node;

#define UPKEEP_BEAT_S 5
/* After a crash of the machine the ids given out may be so much ahead of what was written. */
#define UPKEEP_ID_SLACK_S (UPKEEP_BEAT_S + 1)

struct upkeep {
	struct timer timer; /* of the loop that it was started on */
	struct node *node;
	struct loop *loop;
	int64_t id_second; /* written last */
	int64_t sweep_at_us;

	struct home_call calls_cursor; /* the write executor's: where the look at calls goes on */
	atomic_bool busy;	       /* more is left than one job does */
};

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop);
/* When the loop has ended, and the write executor has not: the last second is written. */
void upkeep_stop(struct upkeep *upkeep);

/* Before any thread runs: ids of this process rise above what was written, if the clock does not
 * say so by itself. */
void upkeep_raise_ids(struct node *node, int64_t written_second);

#endif
