/* SPDX-License-Identifier: Apache-2.0 */
/* Work that nobody asks for: once a minute, on the write executor. */
#ifndef SERVER_UPKEEP_H
#define SERVER_UPKEEP_H

#include "net/loop.h"
struct node;

struct upkeep {
	struct timer timer; /* of the loop that it was started on */
	struct node *node;
	struct loop *loop;
	int64_t keys_cursor; /* of the write executor's thread: where the look at keys goes on */
};

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop);
/* After the loop has ended. */
void upkeep_stop(struct upkeep *upkeep);

#endif
