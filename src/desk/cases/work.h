/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases as work: which queue each is in, in which language and from which country, who holds it and
 * what it needs; and what each person did. A projection of the events (tables case_work and
 * work_deeds); who reads it: queues.c, next.c, claims.c, two_people.c, my_work.c.
 */
#ifndef DESK_WORK_H
#define DESK_WORK_H

#include "desk/cases/projections.h"
#include "store/square_desk_work.h"

extern const struct projection work_projection;

/* The row of a case; all zero and empty if it has none. */
struct desk_work work_of(struct db *db, struct arena *arena, int64_t case_id);

#endif
