/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message ids rise over restarts: clients drop a message whose id they saw before. Ids follow the
 * clock, and every network thread's last one outlives the messenger (kept.h). When the whole
 * installation is started again, two rows of the database stand in for that memory: the last second
 * that was written, which ids given out by the clock passed by some seconds at most, and the floor
 * from which a process began that started before those seconds were over.
 */
#ifndef SERVER_ID_FLOOR_H
#define SERVER_ID_FLOOR_H

#include <stdint.h>

#include "core/call.h"

struct node;

/* How often the second is written, beside at the start, while ids are given out; and how far they
 * may be ahead of what was written. */
#define ID_SECOND_EVERY_S 5
#define ID_SECOND_SLACK_S (ID_SECOND_EVERY_S + 1)

/* Pure. Where ids begin in a process that starts at now_s after others that left this second and
 * this floor. 0: the clock is above all that they gave out. */
uint64_t id_floor_after(int64_t second, uint64_t floor, int64_t now_s);
/* Pure. The second to be written. One of a clock that was set back since stays, unless it was
 * far off. */
int64_t id_second_after(int64_t second, int64_t now_s);

/* On the write executor, before any thread runs: *floor is on disk when ids begin there; 0: they
 * begin with the clock, or with what was kept. */
void id_floor_begin(struct call *call, struct node *node, uint64_t *floor);
void id_floor_raise(struct node *node, uint64_t floor);
/* On the write executor, every ID_SECOND_EVERY_S seconds. */
void id_second_write(struct call *call, struct node *node);

#endif
