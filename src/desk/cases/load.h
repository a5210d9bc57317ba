/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much one person carries: claims at a time, and cases that are hard to look at. After so many
 * of these within a span of time the SOP gives them a pause; other cases go on.
 */
#ifndef DESK_LOAD_H
#define DESK_LOAD_H

#include "desk/desk.h"

struct load {
	int64_t held;	      /* claims that hold now */
	int64_t disturbing;   /* cases of disturbing categories taken, towards the next pause */
	int64_t paused_until; /* 0: no pause */
};

struct load load_of(
	struct db *db, struct arena *arena, const struct sop *sop, int64_t person, int64_t now_s);

/* Pure: times, ascending, are when disturbing cases were taken. */
struct load_rule {
	int64_t max, span_s, pause_s; /* max 0: no rule */
};
struct load load_fold(
	const struct load_rule *rule, const int64_t *times, size_t count, int64_t now_s);

bool load_is_disturbing(const struct sop *sop, struct arena *arena, struct bytes category);
/* Why a person with this load can't take a case of this category; NULL: they can. */
const char *load_refusal(const struct sop *sop, const struct load *load, bool disturbing);

/* GET /api/me/work */
void desk_me_work(struct ask *ask, struct reply *reply);

#endif
