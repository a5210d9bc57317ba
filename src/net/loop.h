/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An event loop: one per thread, on epoll. A round is: wait, run what became ready, run what other
 * threads posted, fire timers, then run what was deferred to the end of the round. Only loop_post()
 * and loop_stop() may be called from other threads; all else belongs to the thread that runs the
 * loop (before loop_run() and after it: to the thread that made it).
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/err.h"
#include "base/list.h"
#include "net/timer.h"

struct loop;

MUST_CHECK struct loop *loop_new(
	struct err *err); /* NULL and *err if the kernel gives no descriptors */
/* Not while it runs. Runs what is still posted (so that a task can free what it carries) and closes
 * the connections that are left, with CONN_SHUTDOWN. Takes NULL. */
void loop_free(struct loop *loop);

/* Until loop_stop(). What was posted before the stop still runs. */
void loop_run(struct loop *loop);
/* One round; waits at most max_wait_ms (-1: no bound). For tests and single-thread programs. */
void loop_step(struct loop *loop, int max_wait_ms);
void loop_stop(struct loop *loop); /* thread-safe, also from a signal handler */

/* Monotonic, as of the beginning of the round. */
int64_t loop_now_ms(const struct loop *loop);
/* The loop that the calling thread is in, or NULL. */
struct loop *loop_current(void);

/* ---- Work from other threads ---- */

/* Sits in a struct of the poster, who gives it away until run is called. run may free or post it
 * again. */
struct loop_task {
	struct loop_task *next;
	void (*run)(struct loop_task *task);
};

/* Thread-safe. Tasks of one poster run in the order of posting, each once; many posts cost one
 * wake-up. */
void loop_post(struct loop *loop, struct loop_task *task);
/* Between these, what the calling thread (no loop's) posts wakes nobody: all of it is found in one
 * round, and can leave together. Short stretches only. */
void loop_hold_wakes(void);
void loop_release_wakes(void);

/* ---- End of round ---- */

/* When a round's events are done, deferred work runs, each piece once: first all of DEFER_PACK
 * (owners put what waits into their connections' buffers), then DEFER_SEND (connections write: one
 * system call for all that was packed), then DEFER_CLEAN (what was closed is freed). */
enum defer_stage { DEFER_PACK, DEFER_SEND, DEFER_CLEAN, DEFER_STAGES };

struct deferred {
	struct list node;
	void (*run)(struct deferred *deferred);
};

void deferred_init(struct deferred *deferred, void (*run)(struct deferred *deferred));
/* Does nothing if it is deferred already. */
void loop_defer(struct loop *loop, struct deferred *deferred, enum defer_stage stage);
void deferred_cancel(
	struct deferred *deferred); /* of an initialised one; fine if it is not deferred */

/* ---- Timers ---- */

/* Starts or restarts; fires once, delay_ms (0: in the next round) after the beginning of this
 * round. */
void loop_timer_start(struct loop *loop, struct timer *timer, int64_t delay_ms);

/* ---- Room for connections (conn.h says who is a stranger, and what is unfinished) ---- */

struct loop_room {
	size_t strangers_max; /* accepted ones at once: beyond it the longest here goes. 0: no bound
			       */
	size_t address_max;   /* that are counted for one address; 0: no bound */
	size_t stranger_bytes; /* unfinished input of strangers that is held, */
	size_t known_bytes;    /* and of the others */
};

extern const struct loop_room loop_room_default; /* no bound, 8 MiB, 16 MiB */
void loop_set_room(struct loop *loop, const struct loop_room *room);

/* ---- Descriptors ---- */

struct loop_source {
	int fd;
	void (*ready)(struct loop_source *source, uint32_t epoll_events);
	/* Comes behind the others of its round, and when such are many, in a later one. */
	bool patient;
};

/* Level-triggered. The source stays where it is until loop_remove(). */
MUST_CHECK int loop_add(
	struct loop *loop, struct loop_source *source, uint32_t epoll_events, struct err *err);
void loop_modify(struct loop *loop, struct loop_source *source, uint32_t epoll_events);
/* After it ready is not called any more, also not for events of this round. Does not close the fd.
 */
void loop_remove(struct loop *loop, struct loop_source *source);

#endif
