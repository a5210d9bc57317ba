/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a loop, for what lives on it: loop.c, connections, listeners. Nobody else includes
 * it.
 */
#ifndef NET_LOOP_PRIVATE_H
#define NET_LOOP_PRIVATE_H

#include <stdatomic.h>

#include "net/crowd.h"
#include "net/loop.h"

/* Events asked of the kernel per round: enough that those who work are among them when strangers
 * come in a rush. */
#define LOOP_EVENTS_MAX 1024
/* One read of a connection. All connections of a loop share the scratch space. */
#define LOOP_SCRATCH_SIZE ((size_t)64 << 10)

struct loop {
	int epoll_fd;
	struct loop_source wake; /* eventfd */
	atomic_bool stopping;
	_Atomic(struct loop_task *) posted; /* newest first */
	int64_t now_ms;			    /* beginning of the round */
	struct timer_wheel wheel;
	struct list deferred[DEFER_STAGES];
	struct epoll_event events[LOOP_EVENTS_MAX];
	int event_count; /* of the round that is running */
	unsigned turn;	 /* of patient sources: where the last round stopped */

	/* conn.c */
	struct list conns;
	size_t conn_count;
	struct crowd crowd;
	uint8_t *scratch;
	bool freeing; /* by loop_free(): nothing new may come in */
};

/* conn.c: ends every connection of a loop that is being freed. */
void conn_close_all(struct loop *loop);

#endif
